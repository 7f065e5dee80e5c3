"""What a person makes in a run: named queries, and one artifact for each task. Pure: raw input in, checked work out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shuyang.kernel.errors import Invalid, Problem
from shuyang.practice.charting import CHOICES, FILTERS
from shuyang.practice.sandbox.contracts import NamedQuery
from shuyang.practice.sandbox.statements import LONGEST
from shuyang.practice.spec import (
    ChartSpace,
    Choice,
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

Artifact = dict[str, Any]
NAME = re.compile(r"\A[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]{0,39}\Z")
MOST_QUERIES = 40
LONGEST_TEXT = 8_000
MOST_RULES = 40
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "missing", "present")


class Work(msgspec.Struct, frozen=True):
    """All that a person has made: queries in their order, artifacts by task id. Empty artifacts are absent."""

    queries: tuple[NamedQuery, ...] = ()
    artifacts: dict[str, Artifact] = {}

    def artifact(self, task_id: str) -> Artifact | None:
        return self.artifacts.get(task_id)


def named_queries(raw: Sequence[Mapping[str, Any]], taken: frozenset[str]) -> tuple[NamedQuery, ...]:
    """The queries as given, names checked: letters or Chinese, each once, none of `taken` (the given tables).

    What a query says is judged when it runs, so that an unfinished one can be kept. Raises `Invalid`.
    """
    problems: list[Problem] = []
    names: set[str] = set()
    if len(raw) > MOST_QUERIES:
        raise Invalid([Problem("queries", "range_too_many", (("most", str(MOST_QUERIES)),))])
    for query in raw:
        name, sql = str(query.get("name", "")).strip(), str(query.get("sql", ""))
        where = f"queries/{name}"
        if not NAME.match(name):
            problems.append(Problem(where, "range_name"))
        elif name.lower() in names or name.lower() in taken:
            problems.append(Problem(where, "range_name_taken", (("name", name),)))
        if len(sql) > LONGEST:
            problems.append(Problem(where, "too_long", (("most", str(LONGEST)),)))
        names.add(name.lower())
    if problems:
        raise Invalid(problems)
    return tuple(NamedQuery(str(q.get("name", "")).strip(), str(q.get("sql", ""))) for q in raw)


def artifact(space: Workspace, raw: Mapping[str, Any]) -> Artifact:
    """An artifact in its one stored form: what is unknown is refused, what is empty left out. Raises `Invalid`."""
    match space:
        case QuerySpace():
            return _texts(raw, ("result",))
        case FormSpace(fields=fields) | DocumentSpace(fields=fields):
            return _form(fields, raw, text=isinstance(space, DocumentSpace))
        case TableSpace(fields=fields):
            rows = {key: _fields(fields, row, f"rows/{key}") for key, row in _mapping(raw, "rows").items()}
            return {"rows": {key: row for key, row in rows.items() if row}}
        case RulesSpace():
            return _rules(space, raw)
        case LogSpace():
            return _marks(space, raw)
        case FlowSpace():
            return _flow(space, raw)
        case ChartSpace():
            return _chart(space, raw)


def _texts(raw: Mapping[str, Any], names: Sequence[str]) -> Artifact:
    return {name: str(raw[name])[:200] for name in names if raw.get(name)}


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Mapping[str, Any]]:
    found = raw.get(name, {})
    if not isinstance(found, Mapping) or not all(isinstance(v, Mapping) for v in found.values()):
        raise Invalid([Problem(name, "broken_form")])
    return found


def _form(fields: Sequence[Field], raw: Mapping[str, Any], *, text: bool) -> Artifact:
    filled: Artifact = {"fields": _fields(fields, _one(raw, "fields"), "fields")}
    if text and raw.get("text"):
        filled["text"] = _text(raw["text"], "text")
    return filled


def _one(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = raw.get(name, {})
    if not isinstance(found, Mapping):
        raise Invalid([Problem(name, "broken_form")])
    return found


def _fields(fields: Sequence[Field], raw: Mapping[str, Any], where: str) -> Artifact:
    known = {field.id: field for field in fields}
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise Invalid([Problem(f"{where}/{unknown[0]}", "broken_form")])
    values = {name: _value(known[name], value, f"{where}/{name}") for name, value in raw.items()}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _value(field: Field, value: Any, where: str) -> Any:
    match field.kind:
        case FieldKind.CHOICE:
            return _chosen(field.choices, value, where) if value else None
        case FieldKind.MULTI:
            picked = value if isinstance(value, list | tuple) else [value] if value else []
            return sorted({_chosen(field.choices, one, where) for one in picked})
        case FieldKind.NUMBER:
            return _number(value, where)
        case _:
            return _text(value, where)


def _chosen(choices: Sequence[Choice], value: Any, where: str) -> str:
    if value not in [choice.id for choice in choices]:
        raise Invalid([Problem(where, "range_choice")])
    return str(value)


def _number(value: Any, where: str) -> float | None:
    if value in (None, ""):
        return None
    try:
        number = float(str(value).replace(",", "").replace(",", "").strip().removesuffix("%"))
    except ValueError:
        raise Invalid([Problem(where, "range_number")]) from None
    if number != number or abs(number) > 1e15:
        raise Invalid([Problem(where, "range_number")])
    return number


def _text(value: Any, where: str) -> str:
    text = str(value or "").replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        raise Invalid([Problem(where, "too_long", (("most", str(LONGEST_TEXT)),))])
    return text


def _rules(space: RulesSpace, raw: Mapping[str, Any]) -> Artifact:
    given = raw.get("rules", [])
    if not isinstance(given, list | tuple) or len(given) > MOST_RULES:
        raise Invalid([Problem("rules", "range_too_many", (("most", str(MOST_RULES)),))])
    rules = [_rule(space, rule, f"rules/{number}") for number, rule in enumerate(given, 1)]
    made: Artifact = {"rules": rules} if rules else {}
    if raw.get("otherwise"):
        made["otherwise"] = _chosen(space.outcomes, raw["otherwise"], "otherwise")
    return made


def _rule(space: RulesSpace, raw: Any, where: str) -> Artifact:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("when", []), list | tuple):
        raise Invalid([Problem(where, "broken_form")])
    fields = {field.id: field for field in space.fields}
    conditions = [_condition(fields, one, f"{where}/{n}") for n, one in enumerate(raw.get("when", []), 1)]
    return {"when": conditions, "then": _chosen(space.outcomes, raw.get("then"), f"{where}/then")}


def _condition(fields: Mapping[str, RuleField], raw: Any, where: str) -> Artifact:
    field = fields.get(str(raw.get("field", ""))) if isinstance(raw, Mapping) else None
    if field is None:
        raise Invalid([Problem(where, "range_field")])
    operator = raw.get("op")
    if operator not in OPERATORS or (field.kind != "number" and operator in ("<", "<=", ">", ">=")):
        raise Invalid([Problem(where, "range_operator")])
    made: Artifact = {"field": field.id, "op": operator}
    if operator in ("missing", "present"):
        return made
    return made | {"value": _operand(field, raw.get("value"), where)}


def _operand(field: RuleField, value: Any, where: str) -> Any:
    if field.kind == "number":
        number = _number(value, where)
        if number is None:
            raise Invalid([Problem(where, "range_number")])
        return number
    if field.kind == "yesno":
        return _chosen((Choice("yes", ""), Choice("no", "")), value, where)
    return _chosen(field.choices, value, where)


def _marks(space: LogSpace, raw: Mapping[str, Any]) -> Artifact:
    marked = raw.get("marked", {})
    if not isinstance(marked, Mapping):
        raise Invalid([Problem("marked", "broken_form")])
    chosen = {str(key)[:100]: _chosen(space.marks, mark, f"marked/{key}") for key, mark in marked.items() if mark}
    if len(chosen) > space.most:
        raise Invalid([Problem("marked", "range_too_many", (("most", str(space.most)),))])
    return {"marked": chosen} if chosen else {}


def _flow(space: FlowSpace, raw: Mapping[str, Any]) -> Artifact:
    steps = raw.get("steps", [])
    if not isinstance(steps, list | tuple) or len(steps) > 3 * len(space.steps):
        raise Invalid([Problem("steps", "broken_form")])
    made = [_step(space, step, f"steps/{number}") for number, step in enumerate(steps, 1)]
    return {"steps": made} if made else {}


def _step(space: FlowSpace, raw: Any, where: str) -> Artifact:
    if not isinstance(raw, Mapping):
        raise Invalid([Problem(where, "broken_form")])
    made: Artifact = {"step": _chosen(space.steps, raw.get("step"), where)}
    return made | ({"actor": _chosen(space.actors, raw["actor"], where)} if raw.get("actor") else {})


def _chart(space: ChartSpace, raw: Mapping[str, Any]) -> Artifact:
    """Nothing is kept before a source is chosen: the other fields have defaults, which are no work."""
    if not raw.get("source"):
        return {}
    made = _texts(raw, ("source", "x", "y", "split", "title", "unit"))
    for name in ("type", "measure", "per", "axis"):
        if raw.get(name):
            made[name] = _one_of(CHOICES[name] if name != "type" else space.kinds, raw[name], name)
    filters = raw.get("filters", [])
    if not isinstance(filters, list | tuple) or len(filters) > FILTERS:
        raise Invalid([Problem("filters", "broken_form")])
    kept = [_filter(one, f"filters/{number}") for number, one in enumerate(filters, 1)]
    return made | ({"filters": kept} if kept else {})


def _filter(raw: Any, where: str) -> Artifact:
    if not isinstance(raw, Mapping) or not raw.get("column"):
        raise Invalid([Problem(where, "broken_form")])
    operator = _one_of(CHOICES["op"], raw.get("op"), where)
    return _texts(raw, ("column", "value")) | {"op": operator}


def _one_of(known: Sequence[str], value: Any, where: str) -> str:
    if value not in known:
        raise Invalid([Problem(where, "range_choice")])
    return str(value)
