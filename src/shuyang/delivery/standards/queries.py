"""Reads of standard settings: the panel's form, the cuts of each round, what they risk."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from shuyang.delivery.models import StandardSetting
from shuyang.delivery.policies import SetStandards
from shuyang.delivery.standards.contracts import ForceCuts, ForceRisk, Impact, Method, SettingView
from shuyang.delivery.standards.rules import NoCuts, Ratings, booklet, cuts_of
from shuyang.delivery.standards.services import ratings_of
from shuyang.evidence.api import estimates_in
from shuyang.itembank.api import Release, current_release, release
from shuyang.kernel.errors import NotFound
from shuyang.measurement.disclosure import SMALLEST_GROUP
from shuyang.measurement.standards import cut_risks, level_probabilities
from shuyang.trust.api import Actor

MODEL_PEOPLE = 1000
DRAWS = 100


def settings(*, actor: Actor) -> list[SettingView]:
    """All standard settings, newest first; none for those who don't set standards."""
    rows = StandardSetting.objects.filter(SetStandards().visible_to(actor)).order_by("-created_at", "-id")
    return [_view(row, whole=False) for row in rows]


def setting(*, actor: Actor, setting_id: UUID) -> SettingView:
    """One standard setting. Raises `NotFound`."""
    return _view(_row(actor, setting_id), whole=True)


def setting_record(*, actor: Actor, setting_id: UUID) -> dict[str, object]:
    """The closed record as stored, to be filed. Raises `NotFound`."""
    row = _row(actor, setting_id)
    if row.body is None:
        raise NotFound("the record is not closed")
    return {"hash": row.hash, "record": row.body}


def impact(*, actor: Actor, setting_id: UUID, campaign_id: UUID | None = None) -> Impact:
    """What the present cuts would mean: by a campaign's results, else by the release's population and precision.

    Raises `NotFound`, `NoCuts`.
    """
    row = _row(actor, setting_id)
    found = release(hash=row.release_hash)
    cuts = _cuts(found, row, ratings_of(row, row.round))
    views = estimates_in(actor=actor, unit_path="", campaign_id=campaign_id) if campaign_id else []
    if len(views) < SMALLEST_GROUP:
        return Impact(None, tuple(_risk(one, *_model(found, d), seed=d) for d, one in enumerate(cuts)))
    mean = np.array([v.estimate.mean for v in views])
    sd = np.sqrt(np.array([np.diag(v.estimate.covariance) for v in views]))
    return Impact(len(views), tuple(_risk(one, mean[:, d], sd[:, d], seed=d) for d, one in enumerate(cuts)))


def _model(found: Release, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Estimates as the release's population and the certification blueprint's precision let expect them."""
    target = found.blueprints["certification"].target_se[d]
    spread = np.sqrt(max(found.prior.cov[d][d] - target**2, 0.01))
    mean = found.prior.mean[d] + spread * np.random.default_rng(d).standard_normal(MODEL_PEOPLE)
    return mean, np.full(MODEL_PEOPLE, target)


def _risk(cuts: ForceCuts, mean: np.ndarray, sd: np.ndarray, *, seed: int) -> ForceRisk:
    risks = cut_risks(mean, sd, cuts.cuts, cut_se=cuts.se, draws=DRAWS, seed=seed)
    shares = level_probabilities(mean, sd, cuts.cuts, cut_se=cuts.se).mean(axis=0)
    return ForceRisk(cuts.force, risks, tuple(map(float, shares)))


def _row(actor: Actor, setting_id: UUID) -> StandardSetting:
    row = StandardSetting.objects.filter(SetStandards().visible_to(actor), id=setting_id).first()
    if row is None:
        raise NotFound("no such standard setting")
    return row


def _cuts(found: Release, row: StandardSetting, ratings: Ratings) -> tuple[ForceCuts, ...]:
    method = Method(row.method)
    if len(ratings) < 2:
        raise NoCuts("two judges or more are needed")
    return cuts_of(found, booklet(found, row.items, method), method, ratings)


def _view(row: StandardSetting, *, whole: bool) -> SettingView:
    found = release(hash=row.release_hash)
    ratings = ratings_of(row, row.round)
    cuts, problem = _try(found, row, ratings) if whole else ((), "")
    before = range(1, row.round) if whole else ()
    return SettingView(
        id=row.id, name=row.name, method=Method(row.method), release_hash=row.release_hash, forces=found.forces,
        items=booklet(found, row.items, Method(row.method)) if whole else (), round=row.round,
        closed_at=row.closed_at, hash=row.hash, judges=tuple(sorted(ratings)), cuts=cuts, problem=problem,
        earlier=tuple((n, _try(found, row, ratings_of(row, n))[0]) for n in before),
        adopted=bool(row.hash) and current_release().body.get("standard_setting") == row.hash,
    )  # fmt: skip


def _try(found: Release, row: StandardSetting, ratings: Ratings) -> tuple[tuple[ForceCuts, ...], str]:
    try:
        return _cuts(found, row, ratings), ""
    except NoCuts as error:
        return (), str(error.data.get("force", "")) or ("few" if len(ratings) < 2 else "")
