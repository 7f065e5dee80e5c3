"""Lessons must not quote secure items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shuyang.itembank.api import ItemContent, Purpose
from shuyang.kernel.errors import Problem
from shuyang.packs.contracts import Finding
from shuyang.packs.lint.text import bare, block_text, options_of

# So many characters in a row are no coincidence.
QUOTE = 24


def quoted(items: Sequence[ItemContent], lessons: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for every secure item of which a lesson holds a run of 24 characters, or names the id."""
    runs = {name: _runs(bare(text)) for name, text in lessons.items()}
    for item in items:
        if item.purpose is not Purpose.SECURE:
            continue
        own = set().union(*(_runs(bare(part)) for part in _parts(item)))
        for name, found in runs.items():
            if item.id in lessons[name] or not own.isdisjoint(found):
                yield Finding(Problem(name, "secure_in_lesson", (("item", item.id),)))


def _parts(item: ItemContent) -> list[str]:
    blocks = [block_text(block) for block in item.stimulus]
    return [item.stem, *blocks, *(option.text for option in options_of(item))]


def _runs(text: str) -> set[str]:
    return {text[i : i + QUOTE] for i in range(len(text) - QUOTE + 1)}
