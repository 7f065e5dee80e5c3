"""The chart maker: what is drawn follows from what was chosen, and is judged by what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shuyang.kernel.errors import Invalid
from shuyang.practice.browsing import look_sql
from shuyang.practice.charting import chart_look, shown_chart
from shuyang.practice.judging.charts import ChartAsked, ShownChart, check_chart, read_month
from shuyang.practice.spec import ChartKind, ChartSpace
from shuyang.practice.work import artifact

TYPES = {"hall_id": "SMALLINT", "submitted_at": "TIMESTAMP", "waited": "SMALLINT", "channel": "VARCHAR"}
MADE: dict[str, Any] = {
    "source": "cases", "type": "line", "x": "submitted_at", "per": "month", "measure": "avg", "y": "waited",
    "split": "hall_id", "filters": [{"column": "channel", "op": "=", "value": "窗口"}], "title": "各大厅每月平均等候",
}  # fmt: skip
TRUTH = {("2025-01", "1"): 10.0, ("2025-02", "1"): 20.0, ("2025-01", "2"): 30.0, ("2025-02", "2"): 40.0}
ASKED = ChartAsked(TRUTH, ("line",), (("等候", "等待"), ("月",)))


def shown(**more: Any) -> ShownChart:
    return ShownChart(**{"kind": "line", "title": "每月等候", "points": TRUTH} | more)


def test_it_counts_a_date_by_its_month() -> None:
    look = chart_look(MADE, TYPES)
    assert look is not None
    sql = look_sql(look, TYPES)
    assert 'STRFTIME("submitted_at", \'%Y-%m\') AS "submitted_at_month"' in sql
    assert "\"channel\" = '窗口'" in sql


@pytest.mark.parametrize("lacking", ["source", "type", "x", "y"])
def test_it_draws_nothing_that_lacks_a_part(lacking: str) -> None:
    assert chart_look({name: value for name, value in MADE.items() if name != lacking}, TYPES) is None


def test_it_leaves_out_what_the_source_has_not() -> None:
    look = chart_look(MADE | {"split": "gone", "filters": [{"column": "gone", "op": "=", "value": "1"}]}, TYPES)
    assert look is not None
    assert (look.columns, look.filters) == ("", ())


def test_it_reads_exact_decimals_and_leaves_gaps_out() -> None:
    seen = shown_chart(MADE, [("2025-01", "1", "2.50"), ("2025-02", "1", None), ("2025-03", "1", 4)])
    assert seen.points == {("2025-01", "1"): 2.5, ("2025-03", "1"): 4.0}


def test_it_keeps_a_chart_in_one_form_and_nothing_before_a_source_is_chosen() -> None:
    assert artifact(ChartSpace(), MADE | {"unit": ""}) == MADE
    assert artifact(ChartSpace(), {"type": "bar", "measure": "count", "axis": "fit"}) == {}


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "radar"},
        {"measure": "DROP"},
        {"per": "second"},
        {"axis": "none"},
        {"filters": [{"column": "a", "op": "~", "value": "1"}]},
        {"filters": ["x"]},
        {"filters": [{"column": "a", "op": "=", "value": "1"}] * 3},
    ],
)
def test_it_refuses_what_no_chart_has(raw: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        artifact(ChartSpace(), MADE | raw)


def test_it_offers_only_the_kinds_of_the_task() -> None:
    with pytest.raises(Invalid):
        artifact(ChartSpace(kinds=(ChartKind.BAR,)), MADE)


@pytest.mark.parametrize(
    ("more", "category", "reason"),
    [
        ({}, 3, "right"),
        ({"points": {}}, 0, "no_chart"),
        ({"problem": "too_long"}, 0, "no_chart"),
        ({"points": dict(list(TRUTH.items())[:3])}, 0, "grouping"),
        ({"points": TRUTH | {("2025-03", "1"): 1.0}}, 0, "grouping"),
        ({"points": {("2025-01", ""): 10.0, ("2025-02", ""): 20.0}}, 0, "grouping"),
        ({"points": TRUTH | {("2025-01", "1"): 10.3}}, 0, "measure"),
        ({"points": TRUTH | {("2025-01", "1"): 10.1}}, 3, "right"),
        ({"kind": "pie"}, 1, "kind"),
        ({"title": "图一"}, 2, "title"),
        ({"title": "每月情况"}, 2, "title"),
    ],
)
def test_it_judges_a_chart_by_what_it_shows(more: dict[str, Any], category: int, reason: str) -> None:
    verdict = check_chart(shown(**more), ASKED)
    assert (verdict.category, verdict.reason) == (category, reason)


def test_it_wants_bars_to_begin_at_zero() -> None:
    asked = ChartAsked(TRUTH, ("bar",), ())
    assert check_chart(shown(kind="bar"), asked).reason == "axis"
    assert check_chart(shown(kind="bar", from_zero=True), asked).reason == "right"


def test_it_takes_a_chart_split_the_other_way_round_where_that_says_the_same() -> None:
    turned = {(split, along): value for (along, split), value in TRUTH.items()}
    assert check_chart(shown(points=turned), ASKED).reason == "grouping"
    assert check_chart(shown(points=turned), replace(ASKED, turnable=True)).category == 3


def test_it_reads_names_as_people_write_them() -> None:
    names = {"一厅": "1", "二厅": "2"}
    asked = replace(
        ASKED, truth={(str(int(a[-2:])), s): v for (a, s), v in TRUTH.items()}, along=read_month, split=names.get
    )
    written = {(f"{int(a[-2:])}月", {"1": "一厅", "2": "二厅"}[s]): v for (a, s), v in TRUTH.items()}
    assert check_chart(shown(points=written), asked).category == 3


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2025-03", "3"),
        ("03", "3"),
        ("3月", "3"),
        ("2025年3月", "3"),
        ("2025-03-01", "3"),
        ("2025-03-01 00:00:00", "3"),
        ("202503", "3"),
        ("2025-03-17", "2025-03-17"),
        ("13", "13"),
        ("三月", "三月"),
        ("", ""),
    ],
)
def test_it_reads_a_month(text: str, month: str) -> None:
    assert read_month(text) == month


def test_it_says_how_much_of_what_was_asked_is_there() -> None:
    verdict = check_chart(shown(points=TRUTH | {("2025-01", "1"): 99.0}), ASKED)
    assert verdict.evidence == {"groups": 4, "values": 3, "asked": 4}
