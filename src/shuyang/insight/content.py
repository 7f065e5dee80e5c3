"""A briefing's content: what is composed by rules, then edited with its figures protected. Pure data, kept as canonical JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from shuyang.insight.contracts import Binding, ChartData
from shuyang.insight.source import Language
from shuyang.kernel.canonical import canonical_json
from shuyang.kernel.errors import Tampered


class ParagraphKind(StrEnum):
    """Where a paragraph stands."""

    SUMMARY = "summary"
    FINDING = "finding"  # also the one that says there is none
    MORE = "more"  # that there are more findings than are told
    CERTAIN = "certain"
    UNCERTAIN = "uncertain"


REQUIRED = (ParagraphKind.SUMMARY, ParagraphKind.CERTAIN, ParagraphKind.UNCERTAIN)
"""Kinds of paragraphs that may be reworded but not left out."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Protected text, and the chart that belongs to it. Empty text: the paragraph is left out, with its chart."""

    key: str
    kind: ParagraphKind
    text: str
    chart: ChartData | None = None

    @property
    def required(self) -> bool:
        return self.kind in REQUIRED


class Effect(StrEnum):
    """What is said of an option's expected effect. Nothing here has measured the effect of a measure."""

    UNKNOWN = "unknown"
    SEEN = "seen"  # unknown, with the change seen since the campaign before for comparison


@dataclass(frozen=True, slots=True)
class Option:
    """One of the three options. `text` is protected; `cost` is entered freely by the person named in `cost_by`."""

    text: str
    cost: str = ""
    cost_by: str = ""
    effect: Effect = Effect.UNKNOWN


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the box of sources and method: protected text that is not edited."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that can be edited, and what it rests on. `effects`: the sentence for each choice of effect that there is."""

    language: Language
    title: str
    issuer: str
    addressee: str
    paragraphs: tuple[Paragraph, ...]
    options: tuple[Option, ...]
    effects: tuple[tuple[Effect, str], ...]
    method: tuple[Fact, ...]
    bindings: tuple[Binding, ...]

    @property
    def known(self) -> dict[str, str]:
        """What each mark must say."""
        return {b.mark: b.text for b in self.bindings}

    def effect(self, option: Option) -> str:
        """The sentence on an option's effect."""
        return dict(self.effects)[option.effect]


def written(content: Content) -> str:
    """The content as canonical JSON."""
    return canonical_json(msgspec.to_builtins(content)).decode()


def read_content(text: str) -> Content:
    """The content that `written` wrote. Raises `Tampered` for anything else."""
    try:
        return msgspec.json.decode(text.encode(), type=Content)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Tampered("the content of a briefing can't be read") from error
