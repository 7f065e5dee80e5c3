"""Pictures and findings of invented units, as feedback would give them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from shuyang.feedback.api import (
    OVERALL,
    Breakdown,
    Finding,
    FindingKind,
    Findings,
    GroupFigures,
    MeasureFigures,
    PublicationView,
    ScoreView,
    Share,
    UnitPicture,
)
from shuyang.insight.source import Language, Source, source_of

FORCES = ("perception", "execution", "decision", "creation", "growth")
MEASURES = (*FORCES, OVERALL)
NAMES = {
    "zh": dict(zip(MEASURES, ("感知力", "执行力", "决策力", "创造力", "发展力", "五力均值"), strict=True))
    | {"leader": "领导干部", "to_35": "35 岁及以下", "to_45": "36—45 岁", "": "未登记"},
    "en": dict(zip(MEASURES, (*FORCES, "mean of the five forces"), strict=True))
    | {"leader": "leaders", "to_35": "35 or younger", "to_45": "36 to 45", "": "not recorded"},
}
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
ID = UUID(int=7)
WHOLE, PARTS = ("财政局", "f/"), (("国库2科", "f/g/"), ("支付科", "f/p/"), ("第三所", "f/s/"))


def score(rng: np.random.Generator, middle: float = 500.0, spread: float = 60.0) -> ScoreView:
    value, se = middle + spread * rng.standard_normal(), 4 + 20 * rng.random()
    return ScoreView(value, value - 1.96 * se, value + 1.96 * se, se)


def figures(rng: np.random.Generator, measure: str) -> MeasureFigures:
    share = rng.random()
    mean = score(rng)
    return MeasureFigures(
        measure, int(rng.integers(5, 300)), mean, mean, 90.0, score(rng, -20, 40),
        Share(share, share * 0.8, share + 0.2 * (1 - share)) if rng.random() < 0.8 else None, (),
        score(rng, 5, 20) if rng.random() < 0.5 else None,
    )  # fmt: skip


def finding(
    rng: np.random.Generator,
    kind: FindingKind,
    name: str,
    path: str,
    measure: str,
    found: bool,
    groups: tuple[str, ...],
) -> Finding:
    points = score(rng, 0, 60)
    dimension = Breakdown.AGE_BAND if groups else Breakdown.NONE
    return Finding(
        kind, path, name, dimension, groups, measure, 25, 140, points, points.score / 90, points.low / 90, points.high / 90,
        0.01 if found else 0.6, 0.02 if found else 1.0, found, float(rng.random()), float(0.2 + rng.random()),
    )  # fmt: skip


def found_of(rng: np.random.Generator, *, share: float) -> Findings:
    """All kinds of comparisons, each measure found with probability `share`, in no order."""
    asked = [(FindingKind.UNIT, name, path, ()) for name, path in PARTS]
    asked += [(FindingKind.GROUP, *WHOLE, groups) for groups in (("to_35",), ("to_45", ""))]
    asked += [(FindingKind.GROWTH, *WHOLE, ()), (FindingKind.GAP, *WHOLE, ())]
    told = [
        finding(rng, kind, name, path, m, bool(rng.random() < share), groups)
        for kind, name, path, groups in asked
        for m in MEASURES
    ]
    shuffled = tuple(told[i] for i in rng.permutation(len(told)))
    return Findings(publication(rng), ID, WHOLE[1], WHOLE[0], 0.035, len(asked), shuffled)


def publication(rng: np.random.Generator) -> PublicationView:
    return PublicationView(
        id=ID, campaign_id=ID, campaign_name="2026 年第二次测评", number=int(rng.integers(1, 4)), at=NOON, people=412,
        incomplete=int(rng.integers(0, 3)), held_back=int(rng.integers(0, 3)), before=ID, before_name="2025 年测评",
        bank_error=6.0, synthetic=bool(rng.random() < 0.5), provisional=bool(rng.random() < 0.5), final=True,
        hash="ab" * 32,
    )  # fmt: skip


def picture_of(rng: np.random.Generator, found: Findings) -> UnitPicture:
    counted = bool(rng.random() < 0.8)
    whole = GroupFigures(
        ID, WHOLE[1], WHOLE[0], people=int(rng.integers(5, 300)), measures=tuple(figures(rng, m) for m in MEASURES),
        finished=200 if counted else None, in_post=int(rng.integers(200, 260)) if counted else None,
    )  # fmt: skip
    return UnitPicture(found.publication, whole, (), (), (), Breakdown.NONE, "", 5)


def source(seed: int, *, share: float = 0.4, language: Language = Language.CHINESE) -> Source:
    """The data of an invented unit; each measure of each comparison is a finding with probability `share`."""
    rng = np.random.default_rng(seed)
    found = found_of(rng, share=share)
    return source_of(picture=picture_of(rng, found), found=found, names=NAMES[language], language=language)
