"""The words of an item, as a reader meets them."""

from __future__ import annotations

import re

from shuyang.itembank.api import (
    Block,
    Chart,
    ItemContent,
    MatchItem,
    MultipleItem,
    Option,
    OrderItem,
    SingleItem,
    Table,
)

_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?")
_NOT_WORD = re.compile(r"[\W_]+")


def options_of(content: ItemContent) -> tuple[Option, ...]:
    """Options of any type that has some; both sides of a matching."""
    match content:
        case SingleItem() | MultipleItem() | OrderItem():
            return content.options
        case MatchItem():
            return content.left + content.right
        case _:
            return ()


def block_text(block: Block) -> str:
    """All words and numbers of a stimulus block."""
    match block:
        case Table():
            cells = [str(cell) for row in block.rows for cell in row if cell is not None]
            return " ".join([block.title, *block.columns, *cells, block.note])
        case Chart():
            points = [str(point) for series in block.chart.series for point in series.data]
            names = [series.name for series in block.chart.series]
            return " ".join([block.title, *map(str, block.chart.x), *names, *points, block.note])
        case _:
            return f"{block.title}\n{block.body}"


def shown_text(content: ItemContent) -> str:
    """Everything a person reads: stimulus, stem, options."""
    blocks = [block_text(block) for block in content.stimulus]
    return "\n".join([*blocks, content.stem, *(option.text for option in options_of(content))])


def reading_load(content: ItemContent) -> int:
    """Chinese characters, words and numbers of what is shown; points of a chart are seen, not read."""
    blocks = [block.title if isinstance(block, Chart) else block_text(block) for block in content.stimulus]
    text = "\n".join([*blocks, content.stem, *(option.text for option in options_of(content))])
    return len(_WORD.findall(text))


def bare(text: str) -> str:
    """Letters, characters and digits alone, for comparing."""
    return _NOT_WORD.sub("", text).lower()
