"""Forms of the workbench: from posted fields to raw artifacts, which the range itself checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from shuyang.practice import api as practice
from shuyang.practice.contracts import (
    ChartSpace,
    DocumentSpace,
    Field,
    FieldKind,
    FlowSpace,
    FormSpace,
    LogSpace,
    QuerySpace,
    RuleField,
    RulesSpace,
    TableSpace,
    Workspace,
)

ROWS = 60  # rules or steps a form can carry
CONDITIONS = 4


def read_queries(posted: QueryDict) -> list[dict[str, str]]:
    """The named queries in their order; one whose name and text are empty is left out, as is one marked for removal."""
    found = []
    for number in range(ROWS):
        name, sql = posted.get(f"name{number}", "").strip(), posted.get(f"sql{number}", "").replace("\r\n", "\n")
        if (name or sql.strip()) and not posted.get(f"remove{number}"):
            found.append({"name": name, "sql": sql})
    return found


def read_artifact(space: Workspace, posted: QueryDict) -> dict[str, Any]:
    """The raw artifact of a form. Raises `Invalid` where rules are written as text that can't be read."""
    match space:
        case QuerySpace():
            return {"result": posted.get("result", "")}
        case FormSpace(fields=fields) | DocumentSpace(fields=fields):
            filled = {"fields": {f.id: _value(f, posted, f"field.{f.id}") for f in fields}}
            return filled | ({"text": posted.get("text", "")} if isinstance(space, DocumentSpace) else {})
        case TableSpace(fields=fields):
            return {"rows": _rows(fields, posted)}
        case RulesSpace():
            return _rules(space, posted)
        case LogSpace():
            return {"marked": {key: value for key, value in _prefixed(posted, "mark.") if value}}
        case FlowSpace():
            return {"steps": list(_steps(posted))}
        case ChartSpace():
            return _chart(posted)


CHART = ("source", "type", "x", "per", "measure", "y", "split", "title", "unit", "axis")


def _chart(posted: QueryDict) -> dict[str, Any]:
    filters = [
        {"column": posted[f"c{n}"], "op": posted.get(f"o{n}", "="), "value": posted.get(f"v{n}", "").strip()}
        for n in range(1, practice.CHART_FILTERS + 1)
        if posted.get(f"c{n}") and (posted.get(f"v{n}", "").strip() or posted.get(f"o{n}") in ("missing", "present"))
    ]
    return {name: posted.get(name, "").strip() for name in CHART} | {"filters": filters}


def _value(field: Field, posted: QueryDict, name: str) -> Any:
    return posted.getlist(name) if field.kind is FieldKind.MULTI else posted.get(name, "")


def _rows(fields: tuple[Field, ...], posted: QueryDict) -> dict[str, dict[str, Any]]:
    known = {field.id: field for field in fields}
    rows: dict[str, dict[str, Any]] = defaultdict(dict)
    for name in posted:
        kind, _, rest = name.partition(".")
        field, _, key = rest.partition(".")
        if kind == "cell" and field in known:
            rows[key][field] = _value(known[field], posted, name)
    return dict(rows)


def _prefixed(posted: QueryDict, prefix: str) -> Iterator[tuple[str, str]]:
    return ((name.removeprefix(prefix), posted.get(name, "")) for name in posted if name.startswith(prefix))


def _rules(space: RulesSpace, posted: QueryDict) -> dict[str, Any]:
    if posted.get("as") == "text":
        return practice.rules_from_text(space, posted.get("rules_text", "").replace("\r\n", "\n"))
    fields = {field.id: field for field in space.fields}
    rules = []
    for number in range(ROWS):
        when = list(_conditions(fields, posted, number))
        then = posted.get(f"then{number}", "")
        if when or then:
            rules.append({"when": when, "then": then})
    return {"rules": rules, "otherwise": posted.get("otherwise", "")}


def _conditions(fields: Mapping[str, RuleField], posted: QueryDict, number: int) -> Iterator[dict[str, Any]]:
    for place in range(CONDITIONS):
        field = posted.get(f"field{number}.{place}", "")
        if field:
            value = posted.get(f"value{number}.{place}", "").strip()
            yield {
                "field": field,
                "op": posted.get(f"op{number}.{place}", "="),
                "value": _id_of(fields.get(field), value),
            }


def _id_of(field: RuleField | None, value: str) -> str:
    """The id of a choice that was written by its label."""
    choices = {c.label: c.id for c in field.choices} if field else {}
    if field is not None and field.kind == "yesno":
        choices = {"是": "yes", "否": "no"}
    return choices.get(value, value)


def _steps(posted: QueryDict) -> Iterator[dict[str, str]]:
    places = sorted(
        (n for n in range(ROWS) if posted.get(f"step{n}")), key=lambda n: (_order(posted.get(f"order{n}", "")), n)
    )
    for number in places:
        yield {"step": posted.get(f"step{number}", ""), "actor": posted.get(f"actor{number}", "")}


def _order(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")
