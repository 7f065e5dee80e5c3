"""Eligibility rules as a decision table: as text that people write, and as a query that decides cases.

One line a rule: `年龄 >= 60 且 户籍 = 本市 => 发放`; the last line `否则 => 不发放` says what happens to everyone else. Rules are
tried from the top; the first that fits decides. A comparison with a missing value does not hold; `缺失` and `有值` ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from shuyang.kernel.errors import Invalid, Problem
from shuyang.practice.spec import Choice, RuleField, RulesSpace

AND, THEN, ELSE = " 且 ", " => ", "否则"
WORDS = {"missing": "缺失", "present": "有值"}
YESNO = (Choice("yes", "是"), Choice("no", "否"))
_ARROW = re.compile(r"\s*(?:=>|→|⇒)\s*")
_AND = re.compile(r"\s*(?:且|并且|&&)\s*")
_CONDITION = re.compile(r"\A(?P<field>.+?)\s*(?P<op><=|>=|!=|<>|≤|≥|≠|<|>|=|＝|＞|＜)\s*(?P<value>.+)\Z")
_PLAIN = {"<>": "!=", "≤": "<=", "≥": ">=", "≠": "!=", "＝": "=", "＞": ">", "＜": "<"}
_SQL = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}


def to_text(space: RulesSpace, artifact: Mapping[str, Any]) -> str:
    """The table as text, one rule a line."""
    fields = {field.id: field for field in space.fields}
    lines = [_rule_text(fields, space, rule) for rule in artifact.get("rules", [])]
    if artifact.get("otherwise"):
        lines.append(f"{ELSE}{THEN}{_label(space.outcomes, artifact['otherwise'])}")
    return "\n".join(lines)


def _rule_text(fields: Mapping[str, RuleField], space: RulesSpace, rule: Mapping[str, Any]) -> str:
    conditions = AND.join(_condition_text(fields[c["field"]], c) for c in rule["when"])
    return f"{conditions}{THEN}{_label(space.outcomes, rule['then'])}"


def _condition_text(field: RuleField, condition: Mapping[str, Any]) -> str:
    if condition["op"] in WORDS:
        return f"{field.label} {WORDS[condition['op']]}"
    value = condition["value"]
    shown = f"{value:g}" if isinstance(value, float) else _label(_choices(field), value)
    return f"{field.label} {condition['op']} {shown}"


def from_text(space: RulesSpace, text: str) -> dict[str, Any]:
    """Text as raw table, to be checked by `work.artifact`. Raises `Invalid` naming the lines that can't be read."""
    rules: list[dict[str, Any]] = []
    made: dict[str, Any] = {"rules": rules}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            _line(space, line.strip(), made, rules)
        except _Unreadable as found:
            problems.append(Problem(f"line/{number}", found.code, (("text", found.about), ("line", str(number)))))
    if problems:
        raise Invalid(problems)
    return made


class _Unreadable(Exception):
    def __init__(self, code: str, about: str) -> None:
        super().__init__(code)
        self.code, self.about = code, about[:80]


def _line(space: RulesSpace, line: str, made: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    if not line:
        return
    if made.get("otherwise"):
        raise _Unreadable("range_after_else", line)
    parts = _ARROW.split(line)
    if len(parts) != 2:
        raise _Unreadable("range_no_outcome", line)
    outcome = _found(space.outcomes, parts[1], "range_outcome")
    if parts[0].strip() == ELSE:
        made["otherwise"] = outcome
        return
    rules.append({"when": [_condition(space, part.strip()) for part in _AND.split(parts[0])], "then": outcome})


def _condition(space: RulesSpace, text: str) -> dict[str, Any]:
    fields = tuple(Choice(field.id, field.label) for field in space.fields)
    for operator, word in WORDS.items():
        if text.endswith(word):
            return {"field": _found(fields, text.removesuffix(word).strip(), "range_field"), "op": operator}
    match = _CONDITION.match(text)
    if match is None:
        raise _Unreadable("range_condition", text)
    field_id = _found(fields, match["field"].strip(), "range_field")
    field = next(field for field in space.fields if field.id == field_id)
    value = match["value"].strip()
    if field.kind != "number":
        value = _found(_choices(field), value, "range_choice")
    return {"field": field_id, "op": _PLAIN.get(match["op"], match["op"]), "value": value}


def _choices(field: RuleField) -> Sequence[Choice]:
    return YESNO if field.kind == "yesno" else field.choices


def _found(choices: Sequence[Choice], words: str, code: str) -> str:
    for choice in choices:
        if words in (choice.label, choice.id):
            return choice.id
    raise _Unreadable(code, words)


def _label(choices: Sequence[Choice], id_: str) -> str:
    return {choice.id: choice.label for choice in choices}.get(id_, id_)


def to_sql(space: RulesSpace, artifact: Mapping[str, Any]) -> str:
    """A query that gives for each case of `space.source` its `key`, its `outcome` and the number of the rule that decided
    (0: none did)."""
    kinds = {field.id: field.kind for field in space.fields}
    outcome, rule_number = exp.Case(), exp.Case()
    for number, rule in enumerate(artifact.get("rules", []), 1):
        test = exp.and_(*[_test(c, kinds[c["field"]]) for c in rule["when"]]) if rule["when"] else exp.true()
        outcome = outcome.when(test, exp.Literal.string(rule["then"]))
        rule_number = rule_number.when(test, exp.Literal.number(number))
    if not artifact.get("rules"):
        outcome, rule_number = outcome.when(exp.false(), exp.null()), rule_number.when(exp.false(), exp.null())
    last = artifact.get("otherwise")
    outcome = outcome.else_(exp.Literal.string(last) if last else exp.null())
    query = exp.select(
        exp.column(space.key, quoted=True).as_("key"),
        outcome.as_("outcome"),
        rule_number.else_(exp.Literal.number(0)).as_("rule"),
    ).from_(exp.to_table(space.source, quoted=True))
    return query.sql(dialect="duckdb")


def _test(condition: Mapping[str, Any], kind: str) -> exp.Expr:
    column = exp.column(condition["field"], quoted=True)
    match condition["op"]:
        case "missing":
            return exp.Is(this=column, expression=exp.null())
        case "present":
            return exp.not_(exp.Is(this=column, expression=exp.null()))
    value: exp.Expr = exp.Literal.string(str(condition["value"]))
    if kind == "number":
        value = exp.convert(float(condition["value"]))
    if kind == "yesno":
        value = exp.true() if condition["value"] == "yes" else exp.false()
    return exp.func("COALESCE", _SQL[condition["op"]](this=column, expression=value), exp.false())
