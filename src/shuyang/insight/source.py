"""The data of a briefing: what was published of one unit, in a form of this room's own that can be archived and read again.

It repeats what it needs of feedback's contracts on purpose: those may grow, an archived briefing must stay readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import TypeVar

import msgspec

from shuyang.feedback.api import (
    OVERALL,
    Finding,
    FindingKind,
    Findings,
    MeasureFigures,
    PublicationView,
    ScoreView,
    Share,
    UnitPicture,
)
from shuyang.kernel.canonical import canonical_json, digest
from shuyang.kernel.clock import BEIJING
from shuyang.kernel.errors import Tampered


class Language(StrEnum):
    """The language of a briefing, chosen when it is drafted."""

    CHINESE = "zh"
    ENGLISH = "en"

    @classmethod
    def of(cls, code: str | None) -> Language:
        """English for any `en` language code, else Chinese."""
        return cls.ENGLISH if (code or "").lower().startswith("en") else cls.CHINESE

    @property
    def code(self) -> str:
        """The code by which Django knows it."""
        return "en" if self is Language.ENGLISH else "zh-hans"


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The unit's figures for one measure, in points; shares are 0 to 1. None: not published or not known."""

    measure: str
    people: int
    mean: Interval
    gap: Interval | None
    at_target: Interval | None
    growth: Interval | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of a comparison: in points and in SDs between persons; `found`: more than noise."""

    measure: str
    points: Interval
    effect: Interval
    found: bool
    power: float
    detectable: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who is compared (`kind` as `FindingKind`), how many people with how many others, and all measures."""

    kind: str
    path: str
    name: str
    dimension: str
    groups: tuple[str, ...]
    people: int
    others: int
    differences: tuple[Difference, ...]

    @property
    def key(self) -> str:
        """Names the comparison within its source."""
        return "|".join((self.kind, self.path, self.dimension, "+".join(self.groups)))

    @property
    def found(self) -> tuple[Difference, ...]:
        """The measures that differ by more than noise, the largest effect first."""
        return tuple(sorted((d for d in self.differences if d.found), key=lambda d: -abs(d.effect.value)))


@dataclass(frozen=True, slots=True)
class Published:
    """Which publication the figures are from. `day` is a date of Beijing as text."""

    campaign: str
    before: str
    number: int
    day: str
    people: int
    incomplete: int
    held_back: int
    bank_error: float
    synthetic: bool
    provisional: bool
    final: bool
    hash: str


@dataclass(frozen=True, slots=True)
class Source:
    """Everything that a briefing's figures come from. `names`: measures and groups in the briefing's language."""

    language: Language
    unit_path: str
    unit_name: str
    names: Mapping[str, str]
    publication: Published
    people: int
    finished: int | None
    in_post: int | None
    minimum: int
    measures: tuple[Measured, ...]
    compared: int
    comparisons: tuple[Comparison, ...]
    version: int = 1

    def measured(self, measure: str) -> Measured:
        """Raises `KeyError` for a measure that is not published."""
        return _one((m for m in self.measures if m.measure == measure), measure)

    def comparison(self, key: str) -> Comparison:
        """Raises `KeyError` for a comparison that was not made."""
        return _one((c for c in self.comparisons if c.key == key), key)

    def difference(self, key: str, measure: str) -> Difference:
        """Raises `KeyError` for what was not compared."""
        return _one((d for d in self.comparison(key).differences if d.measure == measure), measure)

    @property
    def reach(self) -> tuple[tuple[float, float], ...]:
        """Power and detectable difference of each comparison of parts and groups, in all forces together."""
        kinds = (FindingKind.UNIT, FindingKind.GROUP)
        told = [d for c in self.comparisons if c.kind in kinds for d in c.differences if d.measure == OVERALL]
        return tuple((d.power, d.detectable) for d in told)

    @property
    def found(self) -> tuple[Comparison, ...]:
        """Comparisons of which some measure differs by more than noise, the largest effect first."""
        return tuple(sorted((c for c in self.comparisons if c.found), key=lambda c: -abs(c.found[0].effect.value)))


T = TypeVar("T")


def _one(found: Iterable[T], name: str) -> T:
    for one in found:
        return one
    raise KeyError(name)


def source_of(*, picture: UnitPicture, found: Findings, names: Mapping[str, str], language: Language) -> Source:
    """The part of a published unit's figures that a briefing uses. The unit must be published (`picture.whole.shown`)."""
    assert picture.publication is not None
    whole = picture.whole
    order = [m.measure for m in whole.measures]
    comparisons = _comparisons(found.findings, order)
    used = {*order, *(g for c in comparisons for g in c.groups)}
    return Source(
        language=language,
        unit_path=whole.path,
        unit_name=whole.name,
        names={name: text for name, text in sorted(names.items()) if name in used},
        publication=_published(picture.publication),
        people=whole.people or 0,
        finished=whole.finished,
        in_post=whole.in_post,
        minimum=picture.minimum,
        measures=tuple(_measured(m) for m in whole.measures),
        compared=found.compared,
        comparisons=comparisons,
    )


def _comparisons(findings: Iterable[Finding], order: list[str]) -> tuple[Comparison, ...]:
    """Findings of single measures put together by what is compared, in an order that does not depend on theirs."""
    grouped: dict[tuple[str, str, str, tuple[str, ...]], list[Finding]] = {}
    for one in findings:
        grouped.setdefault((str(one.kind), one.path, str(one.dimension), one.groups), []).append(one)
    return tuple(_comparison(grouped[key], order) for key in sorted(grouped))


def _comparison(findings: list[Finding], order: list[str]) -> Comparison:
    first = findings[0]
    known = sorted(findings, key=lambda f: order.index(f.measure) if f.measure in order else len(order))
    return Comparison(
        kind=str(first.kind),
        path=first.path,
        name=first.name,
        dimension=str(first.dimension),
        groups=first.groups,
        people=first.people,
        others=first.others,
        differences=tuple(_difference(f) for f in known if isfinite(f.p)),
    )


def _difference(f: Finding) -> Difference:
    return Difference(
        measure=f.measure,
        points=_interval(f.difference),
        effect=Interval(f.effect, f.effect_low, f.effect_high),
        found=f.found,
        power=f.power,
        detectable=f.smallest_detectable,
    )


def _published(found: PublicationView) -> Published:
    return Published(
        campaign=found.campaign_name,
        before=found.before_name,
        number=found.number,
        day=found.at.astimezone(BEIJING).date().isoformat(),
        people=found.people,
        incomplete=found.incomplete,
        held_back=found.held_back,
        bank_error=found.bank_error,
        synthetic=found.synthetic,
        provisional=found.provisional,
        final=found.final,
        hash=found.hash,
    )


def _measured(m: MeasureFigures) -> Measured:
    return Measured(m.measure, m.people, _interval(m.mean), _maybe(m.gap), _share(m.at_target), _maybe(m.growth))


def _interval(view: ScoreView) -> Interval:
    return Interval(view.score, view.low, view.high)


def _maybe(view: ScoreView | None) -> Interval | None:
    return None if view is None else _interval(view)


def _share(view: Share | None) -> Interval | None:
    return None if view is None else Interval(view.share, view.low, view.high)


def archived(source: Source) -> str:
    """The source as canonical JSON: the same data always gives the same text."""
    return canonical_json(msgspec.to_builtins(source)).decode()


def read_archived(text: str) -> Source:
    """The source that `archived` wrote. Raises `Tampered` for anything else."""
    try:
        return msgspec.json.decode(text.encode(), type=Source)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Tampered("the archived data of a briefing can't be read") from error


def source_hash(source: Source) -> str:
    """The address of the data."""
    return digest(archived(source).encode())
