"""Pure rules: what an edit may change, and which state may follow which."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shuyang.insight.content import Content, Effect, Option
from shuyang.insight.source import Language
from shuyang.insight.text import faults
from shuyang.kernel.errors import Invalid, Problem

OPTIONS = 3
UNSEEN = ("Cc", "Cf", "Cs")
LENGTHS = {"title": 200, "issuer": 60, "addressee": 80, "paragraph": 4000, "option": 600, "cost": 200, "reason": 300}
"""Most characters of each field, marks included."""


@dataclass(frozen=True, slots=True)
class OptionEdit:
    """What was typed for an option."""

    text: str
    cost: str
    effect: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What was typed: everything that may be changed, as it came from the form."""

    title: str
    issuer: str
    addressee: str
    paragraphs: Mapping[str, str]
    options: tuple[OptionEdit, ...]


def tidy(text: str, language: Language) -> str:
    """A typed text on one line, without control characters (no file format would take them) and without signs that are not
    seen: a mark of direction would turn the figure behind it round, a space of no width would hide a numeral.
    """
    between = "" if language is Language.CHINESE else " "
    joined = between.join(line.strip() for line in text.splitlines() if line.strip())
    return "".join(c for c in joined if unicodedata.category(c) not in UNSEEN and c not in "\ufffe\uffff")


def edited(content: Content, edit: Edit, *, by: str) -> Content:
    """The content as edited; costs that changed are entered `by`. Raises `Invalid` with every problem and its field."""
    clean = _tidied(edit, content.language)
    problems = list(_problems(content, clean))
    if problems:
        raise Invalid(problems)
    return replace(
        content,
        title=clean.title,
        issuer=clean.issuer,
        addressee=clean.addressee,
        paragraphs=tuple(replace(p, text=clean.paragraphs.get(p.key, p.text)) for p in content.paragraphs),
        options=tuple(_option(old, new, by) for old, new in zip(content.options, clean.options, strict=True)),
    )


def _option(old: Option, new: OptionEdit, by: str) -> Option:
    same = new.cost == old.cost
    return Option(new.text, new.cost, old.cost_by if same else (by if new.cost else ""), Effect(new.effect))


def _tidied(edit: Edit, language: Language) -> Edit:
    options = tuple(OptionEdit(tidy(o.text, language), tidy(o.cost, language), o.effect) for o in edit.options)
    paragraphs = {key: tidy(text, language) for key, text in edit.paragraphs.items()}
    title, issuer, addressee = (tidy(t, language) for t in (edit.title, edit.issuer, edit.addressee))
    return Edit(title, issuer, addressee, paragraphs, options)


def _problems(content: Content, edit: Edit) -> Iterator[Problem]:
    known = content.known
    yield from _protected("title", edit.title, known, LENGTHS["title"], required=True)
    for name, text in (("issuer", edit.issuer), ("addressee", edit.addressee)):
        yield from _needed(name, text)
        yield from _too_long(name, text, LENGTHS[name])
    paragraphs = {p.key: p for p in content.paragraphs}
    for key, text in edit.paragraphs.items():
        if key not in paragraphs:
            yield Problem(f"paragraph-{key}", "briefing_paragraph_unknown")
            continue
        yield from _protected(f"paragraph-{key}", text, known, LENGTHS["paragraph"], required=paragraphs[key].required)
    if len(edit.options) != OPTIONS:
        yield Problem("options", "briefing_options_three")
    offered = {effect.value for effect, _ in content.effects}
    for number, option in enumerate(edit.options, start=1):
        yield from _protected(f"option-{number}", option.text, known, LENGTHS["option"], required=True)
        yield from _too_long(f"cost-{number}", option.cost, LENGTHS["cost"])
        if option.effect not in offered:
            yield Problem(f"effect-{number}", "briefing_effect_unknown")


def _protected(where: str, text: str, known: Mapping[str, str], most: int, *, required: bool) -> Iterator[Problem]:
    if required:
        yield from _needed(where, text)
    yield from _too_long(where, text, most)
    pieces: dict[str, list[str]] = {}
    for fault in faults(text, known):
        pieces.setdefault(fault.code, []).append(fault.piece)
    for code, found in pieces.items():
        yield Problem(where, code, (("piece", " … ".join(dict.fromkeys(found))),))


def _needed(where: str, text: str) -> Iterator[Problem]:
    if not text:
        yield Problem(where, "briefing_text_needed")


def _too_long(where: str, text: str, most: int) -> Iterator[Problem]:
    if len(text) > most:
        yield Problem(where, "briefing_text_long", (("most", str(most)),))


def reason(text: str) -> str:
    """A reason that was given. Raises `Invalid`."""
    clean = tidy(text, Language.ENGLISH)
    problems = [*_needed("reason", clean), *_too_long("reason", clean, LENGTHS["reason"])]
    if problems:
        raise Invalid(problems)
    return clean
