"""Is an item sound by itself? Everything that must hold before it may be given, whatever its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from shuyang.itembank.content import (
    Chart,
    ChartItem,
    ChartKind,
    ItemContent,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    Option,
    OrderItem,
    SingleItem,
    Table,
)
from shuyang.kernel.errors import Problem

_ID = re.compile(r"[SP]-(?P<facet>F\d\d)-(?P<level>[1-5])-\d{3}")
_OPTIONS = {"single": (4, 5), "multiple": (4, 8), "order": (4, 6)}
_SECONDS = (20, 300)
_DIFFICULTY, _SLOPE, _GUESSING = (-3.0, 3.0), (0.5, 2.2), (0.0, 0.35)


def problems_of(content: ItemContent) -> list[Problem]:
    """What is unsound in an item, each with its place (`S-F01-3-001/key`) and a code."""
    return [Problem(f"{content.id}/{where}", code) for where, code in _all(content)]


def _all(content: ItemContent) -> Iterator[tuple[str, str]]:
    yield from _identity(content)
    yield from _numbers(content)
    yield from _stimulus(content)
    match content:
        case SingleItem() | MultipleItem() | OrderItem():
            yield from _choice(content)
        case MatchItem():
            yield from _match(content)
        case NumberItem():
            yield from _number(content)
        case MarkItem() | ChartItem():
            yield from _places(content)


def _identity(content: ItemContent) -> Iterator[tuple[str, str]]:
    match = _ID.fullmatch(content.id)
    if match is None:
        yield "id", "id_shape"
    elif match["facet"] != content.facet or int(match["level"]) != content.level:
        yield "id", "id_differs"
    if not content.rank_layers or len(set(content.rank_layers)) < len(content.rank_layers):
        yield "rank_layers", "rank_layers_empty"
    for name in ("stem", "level_reason", "feedback"):
        if not getattr(content, name).strip():
            yield name, "text_empty"
    if content.id in content.enemies or len(set(content.enemies)) < len(content.enemies):
        yield "enemies", "enemies_wrong"


def _numbers(content: ItemContent) -> Iterator[tuple[str, str]]:
    prior = content.prior
    for name, value, (low, high) in (
        ("level", content.level, (1, 5)),
        ("expected_seconds", content.expected_seconds, _SECONDS),
        ("prior/difficulty", prior.difficulty, _DIFFICULTY),
        ("prior/slope", prior.slope, _SLOPE),
        ("prior/guessing", prior.guessing, _GUESSING),
    ):
        if not low <= value <= high:
            yield name, "out_of_range"


def _stimulus(content: ItemContent) -> Iterator[tuple[str, str]]:
    for number, block in enumerate(content.stimulus):
        if isinstance(block, Table) and any(len(row) != len(block.columns) for row in block.rows):
            yield f"stimulus/{number}", "table_ragged"
        if isinstance(block, Chart):
            yield from ((f"stimulus/{number}", code) for code in chart_problems(block))


def chart_problems(block: Chart) -> Iterator[str]:
    """Codes of what is unsound in a chart."""
    spec = block.chart
    if not spec.series:
        yield "chart_empty"
    if spec.type is ChartKind.SCATTER:
        if any(not isinstance(point, tuple) for series in spec.series for point in series.data):
            yield "chart_points"
        return
    if any(len(series.data) != len(spec.x) for series in spec.series):
        yield "chart_ragged"
    if any(isinstance(point, tuple) for series in spec.series for point in series.data):
        yield "chart_points"
    if spec.type is ChartKind.PIE and len(spec.series) != 1:
        yield "chart_pie"


def _double(values: Iterable[str]) -> bool:
    found = list(values)
    return len(set(found)) < len(found)


def _options(where: str, options: Sequence[Option]) -> Iterator[tuple[str, str]]:
    if _double(option.id for option in options):
        yield where, "double_id"
    if _double("".join(option.text.split()) for option in options):
        yield where, "option_twice"
    if any(not option.text.strip() for option in options):
        yield where, "text_empty"


def _choice(content: SingleItem | MultipleItem | OrderItem) -> Iterator[tuple[str, str]]:
    yield from _options("options", content.options)
    low, high = _OPTIONS[content.type.value]
    if not low <= len(content.options) <= high:
        yield "options", "options_count"
    ids = {option.id for option in content.options}
    key = [content.key] if isinstance(content, SingleItem) else list(content.key)
    if set(key) - ids or _double(key):
        yield "key", "key_unknown"
    if isinstance(content, MultipleItem) and not 2 <= len(key) < len(ids):
        yield "key", "key_count"
    if isinstance(content, OrderItem) and set(key) != ids:
        yield "key", "key_not_all"


def _match(content: MatchItem) -> Iterator[tuple[str, str]]:
    yield from _options("left", content.left)
    yield from _options("right", content.right)
    if not 3 <= len(content.left) <= 6 or not 2 <= len(content.right) <= 7:
        yield "left", "options_count"
    if set(content.key) != {option.id for option in content.left}:
        yield "key", "key_not_all"
    if set(content.key.values()) - {option.id for option in content.right}:
        yield "key", "key_unknown"
    if not content.reuse and _double(content.key.values()):
        yield "key", "reuse_needed"


def _number(content: NumberItem) -> Iterator[tuple[str, str]]:
    key = content.key
    if not key.tolerance >= 0:
        yield "key", "tolerance_negative"
    if any(abs(error.value - key.value) <= key.tolerance for error in content.common_errors):
        yield "common_errors", "error_is_key"


def _places(content: MarkItem | ChartItem) -> Iterator[tuple[str, str]]:
    wanted = Table if isinstance(content, MarkItem) else Chart
    block = content.stimulus[content.target] if 0 <= content.target < len(content.stimulus) else None
    if not isinstance(block, wanted):
        yield "target", "target_wrong"
        return
    sizes = _sizes(block)
    if any(not (0 <= first < len(sizes) and 0 <= second < sizes[first]) for first, second in content.key):
        yield "key", "key_unknown"
    most = 4 if isinstance(content, MarkItem) else 3
    if not 1 <= len(content.key) <= most or len(set(content.key)) < len(content.key):
        yield "key", "key_count"
    if isinstance(content.rationale, dict):
        places = {f"{first},{second}" for first, second in content.key}
        if set(content.rationale) != places:
            yield "rationale", "rationale_places"


def _sizes(block: object) -> list[int]:
    if isinstance(block, Table):
        return [len(row) for row in block.rows]
    assert isinstance(block, Chart)
    return [len(series.data) for series in block.chart.series]
