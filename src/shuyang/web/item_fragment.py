"""The next item as a fragment, put together from parts that the templates drew once.

An item's HTML is the same for everyone but for the order of its options, and its frame but for a few numbers. So the
templates `sitting/item.html` and `sitting/body.html` are rendered once for each item version and language, with marks
where persons differ, and the marks are filled in for each reply: some 0.05 ms instead of 0.7. The templates stay the
only place that knows the markup; tests compare the two ways for every type of item.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language, override

from shuyang.delivery.api import ItemPage, SittingView
from shuyang.itembank.api import Choice, Presentation, contents, presentation
from shuyang.web.item_view import item_context

# Private-use characters: no item may contain them (GB 18030 leaves them to the user), and escaping leaves them alone.
_OPEN, _CLOSE, _CUT, _INNER_CUT = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK = re.compile(f"{_OPEN}(\\w+){_CLOSE}")
_BODY = "drawn_body"


class _Marks:
    """Stands for a sitting in the frame: every attribute is a mark that bears its name; `absent` ones are empty."""

    def __init__(self, absent: frozenset[str]) -> None:
        self._absent = absent

    def __getattr__(self, name: str) -> str:
        return "" if name in self._absent else f"{_OPEN}{name}{_CLOSE}"


@dataclass(frozen=True, slots=True)
class _Body:
    """A body cut at its options; for a matching, each row again at its answers."""

    head: str
    pieces: Mapping[str, str | tuple[str, Mapping[str, str], str]]
    tail: str

    def html(self, shown: Presentation) -> str:
        """The body in the order of one person's presentation."""
        right = shown.right
        drawn = [_piece(self.pieces[choice.id], right) for choice in (shown.options or shown.left)]
        return "".join([self.head, *drawn, self.tail])


def _piece(piece: str | tuple[str, Mapping[str, str], str], right: Sequence[Choice]) -> str:
    if isinstance(piece, str):
        return piece
    head, answers, tail = piece
    return "".join([head, *(answers[choice.id] for choice in right), tail])


def item_fragment(page: ItemPage, *, key: UUID, percent: int) -> str:
    """The HTML of `sitting/item.html` for the item at hand, without a problem and with nothing chosen yet.

    It bears no token against forged requests: the page that takes it in has one already (`static/js/sitting.js`).
    """
    assert page.presentation is not None
    assert page.item_version_id is not None
    language = get_language() or ""
    sitting = page.sitting
    values = {
        "key": str(key),
        "percent": str(percent),
        _BODY: _body(page.item_version_id, language, _Content(page.presentation)).html(page.presentation),
    }
    parts = _frame(language, frozenset() if sitting.remaining else frozenset({"remaining"}))
    return "".join(_value(part, sitting, values) if place % 2 else part for place, part in enumerate(parts))


def _value(name: str, sitting: SittingView, values: Mapping[str, str]) -> str:
    return values[name] if name in values else escape(getattr(sitting, name))


@lru_cache(maxsize=8)
def _frame(language: str, absent: frozenset[str]) -> tuple[str, ...]:
    """The frame in the language of the request: text and names of marks in turn."""
    marked = {name: f"{_OPEN}{name}{_CLOSE}" for name in ("key", "percent", _BODY)}
    html = render_to_string("sitting/item.html", marked | {"sitting": _Marks(absent)})
    return tuple(_MARK.split(html))


def draw_ahead(version_ids: Iterable[UUID], *, seconds: float) -> int:
    """Draw bodies before anyone waits for them, for at most so long. Returns how many were drawn."""
    stop, drawn = time.monotonic() + seconds, 0
    with override(settings.LANGUAGE_CODE):
        for version_id, content in contents(version_ids=version_ids).items():
            if time.monotonic() >= stop:
                break
            _body(version_id, get_language() or "", _Content(presentation(content, "")))
            drawn += 1
    return drawn


@dataclass(frozen=True, slots=True)
class _Content:
    """A presentation as an argument that the cache does not look at: all of a version differ in order alone."""

    shown: Presentation

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)


@lru_cache(maxsize=4000)
def _body(version_id: UUID, language: str, content: _Content) -> _Body:
    """The body of an item version, drawn once and cut at its options."""
    shown = content.shown
    html = render_to_string("sitting/body.html", item_context(shown) | {"cut": _CUT, "inner_cut": _INNER_CUT})
    ids = [choice.id for choice in (shown.options or shown.left)]
    if not ids:
        return _Body(html, {}, "")
    head, *drawn, tail = html.split(_CUT)
    return _Body(head, {one: _cut_inner(piece, shown.right) for one, piece in zip(ids, drawn, strict=True)}, tail)


def _cut_inner(piece: str, right: Sequence[Choice]) -> str | tuple[str, Mapping[str, str], str]:
    if _INNER_CUT not in piece:
        return piece
    head, *drawn, tail = piece.split(_INNER_CUT)
    return head, {choice.id: one for choice, one in zip(right, drawn, strict=True)}, tail
