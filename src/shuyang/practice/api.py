"""The door of `practice`."""

from shuyang.practice.browsing import (
    BUCKETS,
    MEASURES,
    OPERATORS,
    Filter,
    Look,
    columns_sql,
    is_date,
    look_sql,
    pivoted,
    read_look,
)
from shuyang.practice.charting import FILTERS as CHART_FILTERS
from shuyang.practice.charting import PLACES as CHART_PLACES
from shuyang.practice.charting import SERIES as CHART_SERIES
from shuyang.practice.charting import chart_look, number
from shuyang.practice.contracts import (
    ChartSpace,
    CheckpointView,
    Failure,
    Given,
    GivenColumn,
    Grading,
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
from shuyang.practice.places import Changed
from shuyang.practice.queries import checkpoints, given_tables, look, run, runs, scenario_view, scenarios, source_rows
from shuyang.practice.sandbox.statements import LONGEST as LONGEST_QUERY
from shuyang.practice.services.running import ask_again, begin, leave, submit
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
from shuyang.practice.work import artifact as checked_artifact

__all__ = [
    "BUCKETS", "CHART_FILTERS", "CHART_PLACES", "CHART_SERIES", "LONGEST_QUERY", "MEASURES", "OPERATORS", "Changed",
    "ChartSpace", "CheckpointView", "Failure", "Filter", "Given", "GivenColumn", "Grading", "Look", "Mode", "NamedQuery",
    "Outcome", "RunLine", "RunState", "RunView", "ScenarioView", "TaskGrade", "Work", "ask_again", "begin", "chart_look",
    "checked_artifact", "checkpoints", "columns_sql", "given_tables", "go_back", "is_date", "leave", "look", "look_sql",
    "number", "pivoted", "read_look", "redo", "rules_from_text", "rules_to_text", "run", "runs", "save_artifact",
    "save_queries", "scenario_view", "scenarios", "set_checkpoint", "source_rows", "submit", "take_hint", "undo",
    "write_notes",
]  # fmt: skip
