"""Blocks of an item as the templates get them."""

from __future__ import annotations

from shuyang.itembank.api import Chart, Table
from shuyang.itembank.content import ChartKind, ChartSpec, Series
from shuyang.web.charts.stimulus import Stimulus, points
from shuyang.web.item_view import block_context


def scatter(*data: tuple[float, float]) -> Chart:
    return Chart(chart=ChartSpec(type=ChartKind.SCATTER, series=(Series(data=data),), x_name="x", y_name="y"))


def test_it_keeps_points_of_a_scatter_off_the_axes() -> None:
    option = Stimulus(scatter((3, 34), (9, 90))).option()
    assert option["xAxis"]["boundaryGap"] == ["4%", "4%"]
    assert "min" not in option["xAxis"]


def test_it_draws_no_axis_below_zero_where_no_value_is() -> None:
    option = Stimulus(scatter((0.2, 50), (4, 2000))).option()
    assert option["yAxis"]["min"] == 0
    assert "min" not in Stimulus(scatter((-30, -31), (12, -22))).option()["xAxis"]


def test_it_groups_points_by_series_where_a_series_has_several() -> None:
    lines = (Series(data=(1, 2), name="预约"), Series(data=(3, None), name="实到"))
    block = Chart(chart=ChartSpec(type=ChartKind.LINE, x=("周一", "周二"), series=lines))
    assert [(p["series"], p["name"], p["label"]) for p in points(block)] == [
        ("预约", "周一", "预约 · 周一"),
        ("预约", "周二", "预约 · 周二"),
        ("实到", "周一", "实到 · 周一"),
    ]
    single = (Series(data=((1.0, 2.0),), name="甲"), Series(data=((3.0, 4.0),), name="乙"))
    block = Chart(chart=ChartSpec(type=ChartKind.SCATTER, series=single))
    assert [(p["series"], p["name"]) for p in points(block)] == [("", "甲 · (1, 2)"), ("", "乙 · (3, 4)")]


def test_it_aligns_columns_of_numbers_and_percentages_to_the_right() -> None:
    rows = (("望江", 18, "5.0%", "无"), ("青石", "※", "12%", "有一处说明较长的文字"))
    context = block_context(0, Table(columns=("街道", "视力", "比率", "说明"), rows=rows))
    assert [column["number"] for column in context["columns"]] == [False, True, True, False]
    assert [cell["number"] for cell in context["rows"][1]] == [False, True, True, False]
