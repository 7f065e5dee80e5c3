"""The door of `practice`."""

from shuyang.practice.browsing import MEASURES, OPERATORS, Filter, Look, look_sql, pivoted, read_look
from shuyang.practice.contracts import (
    CheckpointView,
    Failure,
    Given,
    GivenColumn,
    Mode,
    NamedQuery,
    Outcome,
    RunLine,
    RunState,
    RunView,
    ScenarioView,
    TaskGrade,
    Work,
)
from shuyang.practice.decision_table import from_text as rules_from_text
from shuyang.practice.decision_table import to_text as rules_to_text
from shuyang.practice.queries import checkpoints, given_tables, look, run, runs, scenario_view, scenarios, source_rows
from shuyang.practice.sandbox.statements import LONGEST as LONGEST_QUERY
from shuyang.practice.services.running import begin, leave, submit
from shuyang.practice.services.working import (
    go_back,
    redo,
    save_artifact,
    save_queries,
    set_checkpoint,
    take_hint,
    undo,
    write_notes,
)

__all__ = [
    "LONGEST_QUERY", "MEASURES", "OPERATORS", "CheckpointView", "Failure", "Filter", "Given", "GivenColumn", "Look", "Mode",
    "NamedQuery", "Outcome", "RunLine", "RunState", "RunView", "ScenarioView", "TaskGrade", "Work", "begin", "checkpoints",
    "given_tables", "go_back", "leave", "look", "look_sql", "pivoted", "read_look", "redo", "rules_from_text",
    "rules_to_text", "run", "runs", "save_artifact", "save_queries", "scenario_view", "scenarios", "set_checkpoint",
    "source_rows", "submit", "take_hint", "undo", "write_notes",
]  # fmt: skip
