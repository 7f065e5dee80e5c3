"""Every kind of chart with sample data, ordinary and at its limits: for the gallery and for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuyang.itembank.api import Chart as Block
from shuyang.itembank.api import ChartSpec, Series
from shuyang.web.bench_chart import WorkChart
from shuyang.web.charts.contract import Chart, Span
from shuyang.web.charts.levels import Levels, LevelShares
from shuyang.web.charts.others import Beside, OthersChart
from shuyang.web.charts.radar import Axis, ForceRadar
from shuyang.web.charts.shares import ShareRow, Shares
from shuyang.web.charts.spans import Differences, Means
from shuyang.web.charts.stimulus import Stimulus

FORCES = ("感知力", "执行力", "决策力", "创造力", "发展力")
LONG = "云川市青溪区机关事务管理局公共机构节能与后勤保障服务数字化推进专班办公室"
LEVELS = ("L1 认知", "L2 应用", "L3 熟练", "L4 引领", "L5 创新")
_MEANS = ((512, 498, 526), (489, 474, 504), (471, 455, 487), (530, 512, 548), (502, 489, 515))
_CHANGES = ((12, -9, 33), (34, 12, 56), (-28, -49, -7), (0, -22, 22), (5, -14, 24))
_SHARES = ((6, 24, 41, 22, 7), (11, 31, 38, 16, 4), (18, 33, 32, 14, 3), (4, 19, 40, 27, 10), (8, 25, 42, 19, 6))


@dataclass(frozen=True, slots=True)
class Registered:
    """A kind of chart: its name in the address of the gallery, and its samples by name."""

    key: str
    kind: type[Chart]
    samples: Mapping[str, Chart]


def _spans(values: tuple[tuple[int, int, int], ...], names: tuple[str, ...] = FORCES) -> tuple[Span, ...]:
    return tuple(Span(name, *value) for name, value in zip(names, values, strict=False))


def _means(rows: tuple[Span, ...]) -> Means:
    return Means("五力均值", "维度", rows)


def _differences(rows: tuple[Span, ...]) -> Differences:
    return Differences("与上次测评相比的变化（分）", "维度", rows)


def _levels(rows: tuple[LevelShares, ...]) -> Levels:
    return Levels("各等级人数比例", LEVELS, rows)


def _shares(rows: tuple[ShareRow, ...]) -> Shares:
    return Shares("参测情况", "单位", "已有结果", "在岗人数", rows)


def _stimulus(kind: str, series: tuple[Series, ...], x: tuple[str, ...] = (), **more: str) -> Stimulus:
    return Stimulus(Block(chart=ChartSpec(type=kind, series=series, x=x), title="办件量", **more))  # type: ignore[arg-type]


def _many(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}{number}" for number in range(1, count + 1))


def _means_samples() -> dict[str, Chart]:
    return {
        "normal": _means(_spans(_MEANS)),
        "one": _means(_spans(_MEANS[:1])),
        "empty": _means(()),
        "long": _means(_spans(_MEANS, (LONG, LONG[4:], *FORCES[2:]))),
        "huge": _means(_spans(((500, 20, 980), (510, 495, 525)))),
        "missing": _means((Span("档案科"), *_spans(_MEANS[:2], ("国库科", "支付科")))),
        "many": _means(_spans(_MEANS * 4, _many("第", 20))),
    }


def _difference_samples() -> dict[str, Chart]:
    return {
        "normal": _differences(_spans(_CHANGES)),
        "one": _differences(_spans(_CHANGES[1:2])),
        "empty": _differences(()),
        "long": _differences(_spans(_CHANGES, (LONG, LONG[4:], *FORCES[2:]))),
        "huge": _differences(_spans(((15, -420, 450), (8, -3, 19)))),
        "missing": _differences((*_spans(_CHANGES[:2]), Span("决策力"))),
        "decided": _differences(tuple(Span(n, *v, found=n == "执行力") for n, v in zip(FORCES, _CHANGES, strict=True))),
    }


def _level_samples() -> dict[str, Chart]:
    rows = tuple(LevelShares(name, shares) for name, shares in zip(FORCES, _SHARES, strict=True))
    return {
        "normal": _levels(rows),
        "one": _levels(rows[:1]),
        "empty": _levels(()),
        "long": _levels((LevelShares(LONG, _SHARES[0]), *rows[1:])),
        "huge": _levels((LevelShares("感知力", (0, 0, 100, 0, 0)), LevelShares("执行力", (1, 1, 1, 1, 96)))),
        "missing": _levels((rows[0], LevelShares("执行力", ()), *rows[2:])),
    }


def _share_samples() -> dict[str, Chart]:
    rows = (ShareRow("云川市", 118, 124), ShareRow("市财政局", 9, 11), ShareRow("青溪区", 12, 26))
    return {
        "normal": _shares(rows),
        "one": _shares(rows[:1]),
        "empty": _shares(()),
        "long": _shares((ShareRow(LONG, 3, 30), *rows)),
        "huge": _shares((ShareRow("市财政局", 14, 11), ShareRow("青溪区", 0, 26))),
        "missing": _shares((rows[0], ShareRow("档案科"))),
    }


def _radar_samples() -> dict[str, Chart]:
    axes = tuple(Axis(name, *value, target=520) for name, value in zip(FORCES, _MEANS, strict=True))
    untold = tuple(Axis(name, *value) for name, value in zip(FORCES, _MEANS, strict=True))
    return {
        "normal": ForceRadar("五力", axes),
        "one": ForceRadar("五力", axes[:1]),
        "empty": ForceRadar("五力", ()),
        "long": ForceRadar("五力", (Axis(LONG[:14], 512, 498, 526, 520), *axes[1:])),
        "huge": ForceRadar("五力", (Axis("感知力", 500, 5, 995, 520), *axes[1:])),
        "missing": ForceRadar("五力", untold),
    }


def _others_samples() -> dict[str, Chart]:
    rows = tuple(Beside(name, 390, 450, 510, 570, 630, *value) for name, value in zip(FORCES, _MEANS, strict=True))
    return {
        "normal": OthersChart("群体分布与本人得分", rows),
        "one": OthersChart("群体分布与本人得分", rows[:1]),
        "empty": OthersChart("群体分布与本人得分", ()),
        "long": OthersChart("群体分布与本人得分", (Beside(LONG, 390, 450, 510, 570, 630, 512, 498, 526), *rows[1:])),
        "huge": OthersChart("群体分布与本人得分", (Beside("感知力", 10, 450, 510, 570, 990, 512, 100, 900),)),
    }


def _stimulus_samples() -> dict[str, Chart]:
    months = ("1 月", "2 月", "3 月", "4 月")
    two = (Series((320, 410, None, 480), "线上"), Series((210, 190, 260, 150), "线下"))
    more = (
        *two,
        Series((90, 120, 110, 95), "自助"),
        Series((40, 45, 60, 52), "代办"),
        Series((20, 22, 18, 30), "上门"),
    )
    points = (Series(((1.5, 20.0), (2.0, 35.0)), "甲厅"), Series(((2.5, 28.0), (3.0, 44.0)), "乙厅"))
    return {
        "normal": _stimulus("line", two, months, unit="件"),
        "bars": _stimulus("bar", more, months, unit="件"),
        "pie": _stimulus("pie", (Series((320, 210, 90)),), ("线上", "线下", "自助"), unit="件"),
        "points": _stimulus("scatter", points),
        "one": _stimulus("bar", (Series((320, 410)),), ("1 月", "2 月")),
        "empty": _stimulus("scatter", (Series(()),)),
        "long": _stimulus("bar", (Series((320, 410)),), (LONG, LONG[6:])),
        "huge": _stimulus("line", (Series((1, 98000000)),), ("1 月", "2 月")),
    }


def _work_samples() -> dict[str, Chart]:
    drawn = {name: made.block for name, made in _stimulus_samples().items() if isinstance(made, Stimulus)}
    return {name: WorkChart(block, from_zero=name != "huge") for name, block in drawn.items()}


def registry() -> tuple[Registered, ...]:
    """All kinds of charts of the product."""
    return (
        Registered("means", Means, _means_samples()),
        Registered("differences", Differences, _difference_samples()),
        Registered("levels", Levels, _level_samples()),
        Registered("shares", Shares, _share_samples()),
        Registered("radar", ForceRadar, _radar_samples()),
        Registered("others", OthersChart, _others_samples()),
        Registered("stimulus", Stimulus, _stimulus_samples()),
        Registered("work", WorkChart, _work_samples()),
    )
