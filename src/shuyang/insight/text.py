"""Protected text: words around marks, as in "{{n1|低31分}}". Words may be edited, marks only moved, repeated or left out.

A figure that is typed freely is refused: it would stand in the document without data behind it. Digits are recognised in all
scripts; figures in words ("二十五人", "过半", "百分之八", "twenty") by the patterns below. That catches what is usual, not
everything: the one who signs reads the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TOKEN = re.compile(r"\{\{([a-z]+[0-9]+)\|([^{}|]*)\}\}")
NEAR = 6
"""So many characters on either side are shown with a fault."""
_BROKEN = re.compile(r"\{\{|\}\}|[｛｝{}]")

_NUMERAL = "〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
# What a single numeral is counted with where it states a quantity. 一个、一种、一项 are articles: with 一 they pass.
_COUNTED = "人|名|位|分|成|倍|级|岁|年|月|日|天|周|小时|元|点|个|项|种|条|家|处|次|期|批|轮|标准差"
_ARTICLE = "个|项|种|条|点|次|期|批|轮|处|家"
_IN_WORDS = (
    rf"百分之[{_NUMERAL}点]+",
    rf"[{_NUMERAL}]+分之[{_NUMERAL}]+",
    rf"(?<!第)[{_NUMERAL}]*[十百千万亿拾佰仟][{_NUMERAL}]*(?:多|余|来)?(?:{_COUNTED})",
    rf"(?<![第十进])[零两二三四五六七八九壹贰叁肆伍陆柒捌玖](?:{_COUNTED})",
    rf"(?<![第统])一(?!(?:{_ARTICLE}))(?:{_COUNTED})(?![方般])",
    rf"[零二三四五六七八九十百千万亿][{_NUMERAL}]+",
    r"[廿卅卌]",
    r"过半|半数|一半|大半|小半|翻番|翻一番|加倍|减半|[数几]倍|[近超]半",
)
# Words that hold numerals and state no quantity.
_SAID = re.compile(
    "|".join((
        "五力", "十二个?向度", "三个?维度", "四个?层面", "万一", "十分", "百姓", "千万不", "千方百计", "万无一失", "一一",
        "举一反三", "三令五申", "三心二意", "五花八门", "七上八下", "四面八方", "百尺竿头", "万众一心", "不二", "二者", "两者",
    ))
)  # fmt: skip
_CHINESE = re.compile("|".join(_IN_WORDS))
_ENGLISH = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thir(?:teen|ty)|fourteen|fift(?:een|y)|six(?:teen|ty)|"
    r"seven(?:teen|ty)|eight(?:een|y)|nine(?:teen|ty)|twenty|forty|hundreds?|thousands?|millions?|dozens?|half|halves|"
    r"(?:a|one|two|three) (?:thirds?|quarters?|fifths?|tenths?)|twice|thrice|doubled?|tripled?|percent|per cent)\b(?!-force)",
    re.I,
)
_NAMED = re.compile(r"\bfive forces\b|\btwelve facets\b|\bthree modes\b", re.I)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark found in a text, and what stands in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: a code, and the piece of it."""

    code: str
    piece: str


def split(text: str) -> Iterator[str | Mark]:
    """A text as words and marks, in order."""
    end = 0
    for found in TOKEN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield Mark(found.group(1), found.group(2))
        end = found.end()
    if end < len(text):
        yield text[end:]


def marks(text: str) -> list[str]:
    """Names of the marks of a text, in order."""
    return [piece.name for piece in split(text) if isinstance(piece, Mark)]


def plain(text: str) -> str:
    """The text as it is read."""
    return "".join(piece.text if isinstance(piece, Mark) else piece for piece in split(text))


def cleaned(name: str) -> str:
    """A name without the signs that marks are made of."""
    return name.replace("{", "（").replace("}", "）").replace("|", "／")


def faults(text: str, known: Mapping[str, str]) -> list[Fault]:
    """What keeps an edited text from being accepted. `known`: what each mark must say."""
    found: list[Fault] = []
    for piece in split(text):
        if isinstance(piece, Mark):
            found += _mark_faults(piece, known)
        else:
            found += _word_faults(piece)
    return found


def _mark_faults(mark: Mark, known: Mapping[str, str]) -> Iterator[Fault]:
    if mark.name not in known:
        yield Fault("briefing_mark_unknown", mark.text or mark.name)
    elif known[mark.name] != mark.text:
        yield Fault("briefing_mark_changed", mark.text)


def _word_faults(words: str) -> Iterator[Fault]:
    broken = _BROKEN.search(words)
    if broken:
        yield Fault("briefing_mark_broken", _around(words, broken.start(), broken.end()))
        return
    for start, end in _joined(free_figures(words)):
        yield Fault("briefing_figure_free", _around(words, start, end))


def free_figures(words: str) -> list[tuple[int, int]]:
    """Where figures stand in words: digits of any script, and figures in Chinese or English words."""
    shaded = _SAID.sub(lambda m: "　" * len(m.group()), words)
    shaded = _NAMED.sub(lambda m: " " * len(m.group()), shaded)
    places = [(m.start(), m.end()) for m in _digits(shaded)]
    for pattern in (_CHINESE, _ENGLISH):
        places += [(m.start(), m.end()) for m in pattern.finditer(shaded)]
    return sorted(set(places))


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that lie so near each other that they are shown as one."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start - found[-1][1] <= NEAR:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _digits(words: str) -> Iterator[re.Match[str]]:
    """Runs of characters that Unicode calls numbers, Chinese numerals left out (they are letters there)."""
    masked = "".join("0" if unicodedata.category(c) in ("Nd", "Nl", "No") and c not in _NUMERAL else "." for c in words)
    return re.finditer("0+", masked)


def _around(words: str, start: int, end: int) -> str:
    """The piece with some words on either side, so that it is found in the text."""
    return words[max(0, start - NEAR) : end + NEAR].strip("，。；： \u3000")
