"""Briefings of simulated organisations: what they name where nothing differs, and where one part is weak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from benchmarks.feedback.coverage import SIZES, found_in
from benchmarks.feedback.organisations import FORCES, WITHIN, organisation, scale, tree
from shuyang.feedback.api import (
    OVERALL,
    Breakdown,
    Findings,
    GroupFigures,
    MeasureFigures,
    PublicationView,
    ScoreView,
    UnitPicture,
)
from shuyang.feedback.publishing.compute import Published, first_structure, publish
from shuyang.insight.composing import compose
from shuyang.insight.content import Content
from shuyang.insight.source import Language, source_of

_ID, _DAY = UUID(int=1), datetime(2026, 11, 22, tzinfo=UTC)
NAMED = ("points", "effect", "compared_name")
"""Queries by which a text says of someone that he differs."""


def names_a_finding(content: Content) -> bool:
    """Does the draft say of anyone that he differs?"""
    return any(b.query in NAMED for b in content.bindings)


def briefing_of(made: Published) -> Content:
    """The draft of the uppermost unit, decided and worded as the product does it."""
    told = found_in(made)
    publication = PublicationView(
        id=_ID, campaign_id=_ID, campaign_name="模拟测评", number=1, at=_DAY, people=sum(SIZES), incomplete=0, held_back=0,
        before=None, before_name="", bank_error=0.0, synthetic=True, provisional=True, final=True, hash="0" * 64,
    )  # fmt: skip
    nothing = ScoreView(500.0, 490.0, 510.0, 5.0)
    measures = tuple(MeasureFigures(m, sum(SIZES), nothing, nothing) for m in (*scale().forces, OVERALL))
    whole = GroupFigures(_ID, "0", "模拟单位", people=sum(SIZES), measures=measures)
    picture = UnitPicture(publication, whole, (), (), (), Breakdown.NONE, "", 5)
    compared = len({(f.kind, f.path, f.dimension, f.groups) for f in told})
    found = Findings(publication, _ID, "0", "模拟单位", 0.035, compared, told)
    return compose(source_of(picture=picture, found=found, names={}, language=Language.CHINESE))


def simulated(rng: np.random.Generator, *, weak: float = 0.0) -> Content:
    """The draft of an organisation with parts of `SIZES` people; the largest lies `weak` SDs lower in all forces."""
    parent, unit = tree(len(SIZES) + 1, len(SIZES)), np.repeat(np.arange(1, len(SIZES) + 1), SIZES)
    shift = np.zeros((len(parent), FORCES))
    shift[len(SIZES)] = -weak * WITHIN
    made = organisation(rng, parent, unit, spread=0.0, shift=shift)
    return briefing_of(publish(parent, made.rows, scale(), first_structure(parent, made.rows)))


def run(repeats: int, seed: int = 20261122) -> Iterator[tuple[str, str, str]]:
    """Lines of (what, found, wanted), as they are ready."""
    rng = np.random.default_rng(seed)
    wrong = np.mean([names_a_finding(simulated(rng)) for _ in range(repeats)])
    yield "briefings that name a finding on pure noise", f"{wrong:.3f}", "< 0.05"
    seen = np.mean([names_a_finding(simulated(rng, weak=0.6)) for _ in range(max(1, repeats // 4))])
    yield f"briefings that name one where {SIZES[-1]} people lie 0.6 SD lower", f"{seen:.3f}", ""
