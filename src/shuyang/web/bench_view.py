"""What the templates of the workbench need."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuyang.frameworks.api import current
from shuyang.kernel.errors import Invalid
from shuyang.practice import api as practice
from shuyang.practice.contracts import ChartSpace, FlowSpace, LogSpace, RulesSpace, TableSpace
from shuyang.trust.api import Actor
from shuyang.web.bench_chart import chart_context, preview_context
from shuyang.web.bench_editor import editor_context
from shuyang.web.bench_forms import CONDITIONS
from shuyang.web.bench_words import failure, measures, operators, parts
from shuyang.web.errors import words
from shuyang.web.markdown import markdown

PAGE = 100  # rows of a table workspace or log that are shown at a time
BUILT = (
    "table",
    "rules",
    "log",
    "flow",
    "chart",
)  # workspaces that need a desk; forms and documents are filled in anywhere
SHOWN = 200  # rows of an outcome


_BROKEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef*])\n[ ]*(?=[\u4e00-\u9fff\uff00-\uffef*“（])")


def prose(text: str) -> SafeString:
    """A scenario's text as HTML. Authors break lines within a paragraph; between Chinese characters that is no space."""
    return markdown(_BROKEN.sub("", text))


def scenario_rows(actor: Actor) -> dict[str, Any]:
    """The catalogue with, for each scenario, the open runs and the best finished one."""
    runs = practice.runs(actor=actor) if actor.person_id else []
    rows: list[dict[str, Any]] = []
    for view in practice.scenarios():
        own = [run for run in runs if run.scenario == view.name]
        rows.append(
            {
                "view": view,
                "facets": sorted({task.facet for task in view.spec.tasks}),
                "open": {run.mode.value: run for run in own if run.state is practice.RunState.OPEN},
                "done": [run for run in own if run.credit is not None],
            }
        )
    titles = {view.name: view.spec.title for view in practice.scenarios()}
    return {"rows": rows, "runs": runs, "titles": titles, "framework": current()}


def bench_context(run: practice.RunView, here: str) -> dict[str, Any]:
    """What every page of the workbench shows around its workspace."""
    return {
        "run": run,
        "spec": run.scenario.spec,
        "here": here,
        "memo": prose(run.scenario.spec.memo),
        "tasks": [{"task": task, "made": _made(run, task.id)} for task in run.scenario.spec.tasks],
        "checkpoints": practice.checkpoints(run=run),
        "tables": practice.given_tables(run=run),
    }


def _made(run: practice.RunView, task_id: str) -> bool:
    found = run.work.artifact(task_id) or {}
    return any(value not in (None, "", [], {}) for value in found.values())


# --- data ------------------------------------------------------------------------------------------------------------


def browse_context(run: practice.RunView, name: str, given: QueryDict) -> dict[str, Any]:
    """A table with its filters and pivot, and the rows that this gives."""
    context = bench_context(run, "data")
    tables = {table.name: table for table in context["tables"]}
    table = tables.get(name) or context["tables"][0]
    types = table.kinds
    look = practice.read_look(table.name, types, given.dict())  # type: ignore[arg-type]
    sql = practice.look_sql(look, types)
    found = practice.look(run=run, sql=sql)
    shown = outcome_context(found)
    if look.rows and look.columns and found.ok:
        crossed = practice.pivoted(found.columns, [[_readable(cell) for cell in row] for row in found.rows])
        if crossed is not None:
            shown |= _crossed(*crossed)
    shown["titles"] = {c.name: c.title for c in table.columns}
    return context | {
        "table": table,
        "look": look,
        "slots": [_slot(n, look.filters) for n in (1, 2, 3)],
        "operators": operators(),
        "measures": measures(),
        "parts": parts(),
        "sql": sql,
        "outcome": shown,
    }


def _crossed(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    return {
        "columns": columns,
        "rows": rows[:SHOWN],
        "numbers": [False] + [True] * (len(columns) - 1),
        "total": len(rows),
        "shown": min(SHOWN, len(rows)),
    }


def _slot(number: int, filters: Sequence[practice.Filter]) -> dict[str, Any]:
    return {"n": number, "filter": filters[number - 1] if number <= len(filters) else None}


def outcome_context(found: practice.Outcome) -> dict[str, Any]:
    """A query's outcome as a table, or its failure in words."""
    if not found.ok:
        return {"failure": failure(found)}
    return {
        "columns": found.columns,
        "rows": [[_readable(cell) for cell in row] for row in found.rows[:SHOWN]],
        "numbers": [_is_number(kind) for kind in found.types],
        "total": len(found.rows),
        "truncated": found.truncated,
        "shown": min(SHOWN, len(found.rows)),
        "cpu_ms": found.cpu_ms,
    }


def _readable(cell: Any) -> Any:
    """A number with as many places as one reads; the query itself keeps them all."""
    return f"{cell:.4f}".rstrip("0").rstrip(".") if isinstance(cell, float) and abs(cell) < 1e6 else cell


def _is_number(kind: str) -> bool:
    return kind.upper().startswith(
        ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "HUGEINT", "SMALLINT", "TINYINT", "FLOAT", "U")
    )


# --- queries and tasks -----------------------------------------------------------------------------------------------


def queries_context(
    run: practice.RunView, nonce: str, given: Sequence[Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """The queries as kept, or as typed when they could not be kept, with an empty one at the end. `nonce`: for the editor."""
    kept = given if given is not None else [{"name": q.name, "sql": q.sql} for q in run.work.queries]
    context = bench_context(run, "queries")
    editor = editor_context(context["tables"], nonce)
    return context | {"queries": [*kept, {"name": "", "sql": ""}], "editor": editor, "desk": True}


def task_context(
    run: practice.RunView,
    task_id: str,
    *,
    raw: Mapping[str, Any] | None = None,
    problems: Invalid | None = None,
    text: str | None = None,
) -> dict[str, Any]:
    """A task: its brief, its workspace with what was made, hints taken and how many there are."""
    task = run.scenario.spec.task(task_id)
    space = task.workspace
    kind = str(type(space).__struct_config__.tag)
    work = raw if raw is not None else run.work.artifact(task_id) or {}
    taken = run.hints_taken(task)
    context = bench_context(run, f"task:{task_id}") | {
        "task": task,
        "brief": prose(task.brief),
        "kind": kind,
        "desk": kind in BUILT,
        "space": space,
        "work": work,
        "hints": taken,
        "next_hint": task.hints[len(taken)]
        if len(taken) < len(task.hints) and run.mode is practice.Mode.PRACTICE
        else None,
        "said": [words(p) for p in problems.problems] if problems else None,
        "facet": next((f for f in current().facets if f.id == task.facet), None),
    }
    return context | _workspace(run, space, work, text)


def _workspace(run: practice.RunView, space: Any, work: Mapping[str, Any], text: str | None) -> dict[str, Any]:
    match space:
        case TableSpace() | LogSpace():
            columns = (space.key, *[c for c in space.show if c != space.key])
            rows = practice.source_rows(run=run, table=space.source, columns=columns)
            made = work.get("rows", {}) if isinstance(space, TableSpace) else work.get("marked", {})
            return {
                "columns": columns,
                "lines": [{"key": str(r[0]), "cells": r, "made": made.get(str(r[0]), {})} for r in rows],
            }
        case RulesSpace():
            return _rules_workspace(space, work, text)
        case FlowSpace():
            steps = [*work.get("steps", []), *[{}] * max(1, len(space.steps) - len(work.get("steps", [])))]
            return {"steps": list(enumerate(steps))}
        case ChartSpace():
            return chart_context(run, space, work) | preview_context(run, work)
        case _:
            return {"names": [q.name for q in run.work.queries]}


def _rules_workspace(space: RulesSpace, work: Mapping[str, Any], text: str | None) -> dict[str, Any]:
    rules = [*work.get("rules", []), {"when": [], "then": ""}]
    lines = [
        {"n": n, "then": rule["then"], "conditions": [_condition(space, rule, place) for place in range(CONDITIONS)]}
        for n, rule in enumerate(rules)
    ]
    try:
        written = practice.rules_to_text(space, work)
    except (KeyError, TypeError, ValueError):  # what was typed could not be kept: the table shows it, the text can't
        written = ""
    shown = [(op, label) for op, label in operators() if op != "contains"]
    return {
        "rules": lines,
        "rule_operators": shown,
        "rules_text": text if text is not None else written,
        "as_text": text is not None,
    }


def _condition(space: RulesSpace, rule: Mapping[str, Any], place: int) -> dict[str, Any]:
    found = rule["when"][place] if place < len(rule["when"]) else {}
    return {"place": place, "field": found.get("field", ""), "op": found.get("op", "="), "value": _shown(space, found)}


def _shown(space: RulesSpace, condition: Mapping[str, Any]) -> str:
    value = condition.get("value", "")
    field = next((f for f in space.fields if f.id == condition.get("field")), None)
    if isinstance(value, float):
        return f"{value:g}"
    labels = {c.id: c.label for c in field.choices} if field else {}
    if field is not None and field.kind == "yesno":
        labels = {"yes": "是", "no": "否"}
    return labels.get(str(value), str(value))


# --- the debrief -----------------------------------------------------------------------------------------------------


def result_context(run: practice.RunView) -> dict[str, Any]:
    """The grades with their reasons in words, what they rest on, what an expert did, what others miss."""
    citations = {one.id: one for one in current().citations}
    lines = [
        {
            "grade": grade,
            "meaning": grade.task.categories[grade.category],
            "reason": _reason(grade),
            "citation": citations.get(grade.clause.partition("#")[0]),
            "article": grade.clause.partition("#")[2],
            "expert": prose(grade.task.expert),
            "missed": prose(grade.task.missed),
            "hints": run.hints.get(grade.task.id, 0),
        }
        for grade in run.grades
    ]
    credits = [grade.credit for grade in run.grades]
    return {
        "run": run,
        "spec": run.scenario.spec,
        "lines": lines,
        "overall": sum(credits) / len(credits) if credits else None,
        "debrief": prose(run.scenario.spec.debrief),
        "framework": current(),
    }


def _reason(grade: practice.TaskGrade) -> str:
    template = grade.task.reasons.get(grade.reason)
    if template is None:
        return _("Nothing was made for this task.")
    return template.format_map(_Figures(grade.evidence))


class _Figures(dict[str, Any]):
    """Figures for a reason; one that is missing leaves a gap instead of an error in place of the reason."""

    def __missing__(self, name: str) -> str:
        return "…"
