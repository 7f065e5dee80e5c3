"""One item by itself: does its wording give the key away, is anything vague, is it too long to read?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import fmean

from shuyang.itembank.api import ItemContent, MarkItem, MatchItem, MultipleItem, OrderItem, SingleItem
from shuyang.kernel.errors import Problem
from shuyang.packs.contracts import Finding, Severity
from shuyang.packs.lint.text import bare, options_of, reading_load, shown_text

_CATCH_ALL = re.compile(
    r"(以上|上述|前述)[^，。；]{0,4}(都|均|皆|全)[^，。；]{0,2}(对|正确|是|不|错|可)|(都|均)不(对|正确)[。]?$|全部正确[。]?$"
)
_ABSOLUTE = re.compile(r"一律|绝对|绝不|必然|从不|永远|一概|任何情况|毫无|无论如何|百分之百|只要.{1,12}就")
_VAGUE = re.compile(r"大概|差不多|或许|有时候|某些情况下|尽量|酌情|适当地")
_NEGATIVE = re.compile(r"不(正确|恰当|妥当|属于|符合|合适|合理|应当|应该|宜)|错误的")
MOST_READING, TOO_MUCH_READING = 350, 600
# A tired official reads five to six characters a second, and must still think.
_FASTEST = 5.0


def wording(content: ItemContent) -> Iterator[Finding]:
    """Findings about the words of one item."""
    yield from _forbidden(content)
    yield from _reasons(content)
    yield from _giveaway(content)
    yield from _load(content)


def _error(content: ItemContent, where: str, code: str, **data: str) -> Finding:
    return Finding(Problem(f"{content.id}/{where}", code, tuple(data.items())))


def _warning(content: ItemContent, where: str, code: str, **data: str) -> Finding:
    return Finding(Problem(f"{content.id}/{where}", code, tuple(data.items())), Severity.WARNING)


def _forbidden(content: ItemContent) -> Iterator[Finding]:
    for option in options_of(content):
        if _CATCH_ALL.search(option.text):
            yield _error(content, f"options/{option.id}", "catch_all_option", text=option.text)
        if match := _VAGUE.search(option.text):
            yield _warning(content, f"options/{option.id}", "vague_word", word=match[0])
    if match := _VAGUE.search(content.stem):
        yield _warning(content, "stem", "vague_word", word=match[0])
    if _NEGATIVE.search(content.stem) and "**" not in content.stem and not isinstance(content, MarkItem):
        yield _warning(content, "stem", "negative_stem")


def _reasons(content: ItemContent) -> Iterator[Finding]:
    match content:
        case SingleItem() | MultipleItem() | OrderItem():
            missing = [option.id for option in content.options if not option.rationale.strip()]
        case MatchItem():
            missing = [option.id for option in content.right if not option.rationale.strip()]
        case _:
            missing = [] if content.rationale else ["rationale"]
    if missing:
        yield _error(content, "options", "rationale_missing", which=", ".join(missing))


def right_and_wrong(content: SingleItem | MultipleItem) -> tuple[list[str], list[str]]:
    """Texts of the right and of the wrong options."""
    key = {content.key} if isinstance(content, SingleItem) else set(content.key)
    right = [option.text for option in content.options if option.id in key]
    return right, [option.text for option in content.options if option.id not in key]


def _giveaway(content: ItemContent) -> Iterator[Finding]:
    if not isinstance(content, SingleItem | MultipleItem):
        return
    right, wrong = right_and_wrong(content)
    if not right or not wrong:
        return
    if isinstance(content, SingleItem) and stands_out(right[0], wrong):
        yield _warning(content, "key", "key_longest")
    if isinstance(content, MultipleItem) and fmean(map(_length, right)) > 1.5 * fmean(map(_length, wrong)) + 4:
        yield _warning(content, "key", "key_longest")
    absolute = [text for text in wrong if _ABSOLUTE.search(text)]
    if len(absolute) >= 2 and not any(_ABSOLUTE.search(text) for text in right):
        yield _warning(content, "options", "absolute_words", count=str(len(absolute)))


def _length(text: str) -> int:
    return len(bare(text))


def stands_out(right: str, wrong: Sequence[str]) -> bool:
    """Is the right option longer than every wrong one by a third and by six characters?"""
    longest = max(map(_length, wrong))
    return _length(right) >= max(1.34 * longest, longest + 6)


def _load(content: ItemContent) -> Iterator[Finding]:
    load = reading_load(content)
    if load > TOO_MUCH_READING:
        yield _error(content, "stimulus", "reading_too_long", count=str(load), most=str(TOO_MUCH_READING))
    elif load > MOST_READING:
        yield _warning(content, "stimulus", "reading_long", count=str(load), most=str(MOST_READING))
    if content.expected_seconds * _FASTEST < load:
        seconds = str(content.expected_seconds)
        yield _warning(content, "expected_seconds", "time_short", count=str(load), seconds=seconds)


def cites_by_name(content: ItemContent, titles: dict[str, str]) -> Iterator[Finding]:
    """A law named in the text stands among the citations. `titles`: short title -> citation id."""
    cited = {reference.partition("#")[0] for reference in content.citations}
    text = shown_text(content) + content.feedback
    for title, citation_id in titles.items():
        if f"《{title}》" in text and citation_id not in cited:
            yield _warning(content, "citations", "law_not_cited", title=title, id=citation_id)
