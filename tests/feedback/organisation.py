"""People with results of known size, written as evidence the way a sitting writes it: for reports of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from django.db import transaction
from scipy.stats import norm

from shuyang.delivery.api import CampaignView
from shuyang.evidence.api import NewEstimate, NewObservation, PostOfDay, Seal, record
from shuyang.itembank.api import Release, release
from shuyang.kernel.clock import now
from shuyang.kernel.ids import new_id
from shuyang.people.models import Person, Post, Unit
from shuyang.people.pinyin import name_keys

ERROR = 0.35
"""Error of measurement of every result, in logits."""


@dataclass(frozen=True)
class Official:
    """A person in his post."""

    person: Person
    post: Post


def hire(unit: Unit, count: int, *, rank: str = "general", job: str = "general_administration") -> list[Official]:
    """New people of a unit, all in the same kind of post, without accounts."""
    start = Person.objects.count()
    people = [
        Person(
            number=f"Q{start + i:05d}", name=f"人{start + i}", name_pinyin=name_keys("人"), unit=unit,
            unit_path=unit.path, synthetic=True,
        )
        for i in range(count)
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    posts = [
        Post(
            person=p, unit=unit, unit_path=unit.path, rank_layer=rank, job_category=job, title="科员",
            from_date=date(2024, 1, 1),
        )
        for p in people
    ]  # fmt: skip
    Post.objects.bulk_create(posts)
    return [Official(p, post) for p, post in zip(people, posts, strict=True)]


def measure(
    campaign: CampaignView,
    officials: Sequence[Official],
    rng: np.random.Generator,
    *,
    mean: float = 0.0,
    seal: Seal | None = None,
) -> list[UUID]:
    """A result for each: abilities around `mean`, measured with `ERROR`, and one answer in each facet."""
    found = release(hash=campaign.release_hash)
    theta = mean + 0.8 * rng.standard_normal((len(officials), len(found.forces)))
    return [
        write(campaign, found, o, t + ERROR * rng.standard_normal(len(t)), seal=seal)
        for o, t in zip(officials, theta, strict=True)
    ]


def write(
    campaign: CampaignView,
    found: Release,
    official: Official,
    seen: np.ndarray,
    *,
    source_id: UUID | None = None,
    seal: Seal | None = None,
) -> UUID:
    """One result whose answers alone say `seen` [forces]; with a `source_id` given before it is a new revision."""
    prior, at = np.asarray(found.prior.cov), now()
    precision = np.eye(len(found.forces)) / ERROR**2
    cov = np.linalg.inv(np.linalg.inv(prior) + precision)
    mean = cov @ precision @ seen
    easiest = sorted(found.items, key=lambda i: (-abs(float(np.mean(i.cat.thresholds))), i.key), reverse=False)
    first = {item.facet: item for item in easiest}  # of each facet the one that tells most of people in the middle
    post = official.post
    estimate = NewEstimate(
        person_id=official.person.id,
        post=PostOfDay(post.unit_id, post.unit_path, post.unit.name, post.rank_layer, post.job_category, post.title),
        campaign_id=campaign.id,
        purpose=campaign.purpose,
        release_hash=found.hash,
        mean=tuple(map(float, mean)),
        covariance=tuple(tuple(map(float, line)) for line in cov),
        level_probabilities=_levels(found, mean, np.sqrt(np.diag(cov))),
        reached=(True,) * len(found.forces),
        counts=dict.fromkeys(first, 1),
        stop_reason="precise",
        answered=len(first),
        seconds=1800,
        provisional=True,
        synthetic=True,
    )
    observations = [
        NewObservation(n, item.version_id, n % 2, item.max_category, False, 1000, at)
        for n, item in enumerate(first.values(), start=1)
    ]
    with transaction.atomic():
        return record(
            source="delivery", source_id=source_id or new_id(), estimate=estimate, observations=observations,
            receipt_body={}, seal=seal,
        )  # fmt: skip


def _levels(found: Release, mean: np.ndarray, sd: np.ndarray) -> tuple[tuple[float, ...], ...]:
    rows = []
    for k, force in enumerate(found.forces):
        above = [1.0, *(float(norm.sf((cut - mean[k]) / sd[k])) for cut in found.cuts[force].cuts), 0.0]
        rows.append(tuple(above[i] - above[i + 1] for i in range(len(above) - 1)))
    return tuple(rows)
