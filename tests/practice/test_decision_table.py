"""Rules as text and as a table say the same; a rule decides as it reads, also where a value is missing."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuyang.kernel.errors import Invalid
from shuyang.practice.decision_table import from_text, to_sql, to_text
from shuyang.practice.spec import Choice, RuleField, RulesSpace
from shuyang.practice.work import artifact

SPACE = RulesSpace(
    source="people",
    key="id",
    fields=(
        RuleField(id="age", label="年龄", kind="number"),
        RuleField(id="local", label="户籍", kind="choice", choices=(Choice("in", "本市"), Choice("out", "外地"))),
        RuleField(id="alive", label="健在", kind="yesno"),
    ),
    outcomes=(Choice("grant", "发放"), Choice("refuse", "不发放"), Choice("ask", "待核实")),
)
TEXT = "年龄 >= 60 且 户籍 = 本市 => 发放\n健在 缺失 => 待核实\n健在 = 否 => 不发放\n否则 => 不发放"


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    number = st.fixed_dictionaries(
        {
            "field": st.just("age"),
            "op": st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
            "value": st.integers(-5, 120).map(float),
        }
    )
    choice = st.fixed_dictionaries(
        {"field": st.just("local"), "op": st.sampled_from(["=", "!="]), "value": st.sampled_from(["in", "out"])}
    )
    yesno = st.fixed_dictionaries(
        {"field": st.just("alive"), "op": st.just("="), "value": st.sampled_from(["yes", "no"])}
    )
    missing = st.fixed_dictionaries(
        {"field": st.sampled_from(["age", "local", "alive"]), "op": st.sampled_from(["missing", "present"])}
    )
    return st.one_of(number, choice, yesno, missing)


TABLES = st.fixed_dictionaries(
    {
        "rules": st.lists(
            st.fixed_dictionaries(
                {
                    "when": st.lists(conditions(), min_size=1, max_size=3),
                    "then": st.sampled_from(["grant", "refuse", "ask"]),
                }
            ),
            min_size=1,
            max_size=5,
        ),
        "otherwise": st.sampled_from(["grant", "refuse", "ask"]),
    }
)
PEOPLE = st.lists(
    st.tuples(st.none() | st.integers(0, 110), st.none() | st.sampled_from(["in", "out"]), st.none() | st.booleans()),
    min_size=1,
    max_size=8,
)


@given(table=TABLES)
@settings(max_examples=60, deadline=None)
def test_it_reads_back_what_it_writes(table: dict[str, Any]) -> None:
    assert artifact(SPACE, from_text(SPACE, to_text(SPACE, table))) == table


def test_it_reads_what_people_write() -> None:
    made = artifact(SPACE, from_text(SPACE, TEXT))
    assert to_text(SPACE, made) == TEXT
    assert artifact(SPACE, from_text(SPACE, TEXT.replace("=>", "→").replace(">=", "≥"))) == made


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("年龄 >= 60", "range_no_outcome", "1"),
        ("年龄 >= 60 => 发放\n身高 > 3 => 发放", "range_field", "2"),
        ("年龄 约 60 => 发放", "range_condition", "1"),
        ("年龄 >= 60 => 奖励", "range_outcome", "1"),
        ("否则 => 发放\n年龄 >= 60 => 发放", "range_after_else", "2"),
        ("户籍 = 火星 => 发放", "range_choice", "1"),
    ],
)
def test_it_names_the_line_that_can_not_be_read(text: str, code: str, line: str) -> None:
    with pytest.raises(Invalid) as refused:
        from_text(SPACE, text)
    (problem,) = refused.value.problems
    assert (problem.code, problem.values()["line"]) == (code, line)


def _holds(condition: dict[str, Any], values: dict[str, Any]) -> bool:
    """A slow twin of the query: a comparison with a missing value does not hold."""
    value = values[condition["field"]]
    if condition["op"] in ("missing", "present"):
        return (value is None) == (condition["op"] == "missing")
    if value is None:
        return False
    wanted = condition["value"] == "yes" if condition["field"] == "alive" else condition["value"]
    compare = {"=": value == wanted, "!=": value != wanted}
    return compare[condition["op"]] if condition["op"] in compare else _ordered(condition["op"], value, wanted)


def _ordered(operator: str, value: float, wanted: float) -> bool:
    return {"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[operator]


@given(table=TABLES, people=PEOPLE)
@settings(max_examples=60, deadline=None)
def test_it_decides_as_the_rules_read(table: dict[str, Any], people: list[tuple[Any, ...]]) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE people (id INTEGER, age INTEGER, local VARCHAR, alive BOOLEAN)")
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(people)])
        found = {key: outcome for key, outcome, _ in connection.execute(to_sql(SPACE, table)).fetchall()}
    for number, row in enumerate(people):
        values = dict(zip(("age", "local", "alive"), row, strict=True))
        expected = next(
            (rule["then"] for rule in table["rules"] if all(_holds(c, values) for c in rule["when"])),
            table["otherwise"],
        )
        assert found[number] == expected
