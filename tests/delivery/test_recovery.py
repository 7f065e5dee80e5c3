"""Simulated people of known ability go through the real services and are recovered, with honest intervals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from benchmarks.recovery import Case, Recovery, make_people, recovery, take_sittings

from shuyang.delivery.api import CampaignDraft, Purpose, check_sittings, create_campaign
from shuyang.delivery.models import Response, Sitting
from shuyang.evidence.models import Estimate, Observation
from shuyang.packs.api import load_builtin
from shuyang.trust.api import SYSTEM, check_audit
from tests.delivery.world import NOON

PEOPLE = 60


@pytest.fixture
def cases(db: None, clock: Callable[[timedelta], None]) -> list[Case]:
    load_builtin(actor=SYSTEM)
    unit_id, actors = make_people(PEOPLE)
    draft = CampaignDraft(
        name="模拟",
        purpose=Purpose.DIAGNOSIS,
        unit_id=unit_id,
        blueprint="diagnosis",
        opens_at=NOON,
        closes_at=NOON + timedelta(days=1),
    )
    campaign = create_campaign(actor=SYSTEM, draft=draft, synthetic=True)
    return list(take_sittings(campaign, actors, seed=20261122))


def test_people_of_known_ability_are_recovered(cases: list[Case]) -> None:
    """Bounds are four standard errors wide for 60 people; `benchmarks/recovery.py` gives the figures for 1,000."""
    found = recovery(cases)
    assert found.rmse.shape == (5,)
    assert (found.rmse < 0.40 * (1 + 4 / np.sqrt(2 * PEOPLE))).all(), found.rmse
    assert (np.abs(found.bias) < 4 * 0.40 / np.sqrt(PEOPLE)).all(), found.bias
    assert (found.correlation > 0.8).all(), found.correlation
    everything = found.coverage.mean()  # 300 intervals, those of a person correlated
    assert 0.90 < everything < 0.99, found.coverage
    assert np.mean([c.reached.all() for c in cases]) > 0.8
    _evidence_is_whole(cases)


def _evidence_is_whole(cases: list[Case]) -> None:
    answers = sum(int(c.items.sum()) for c in cases)
    assert Response.objects.count() == Observation.objects.count() == answers
    assert Estimate.objects.filter(synthetic=True, latest=True).count() == PEOPLE
    assert set(Sitting.objects.values_list("state", flat=True)) == {"finished"}
    assert check_sittings().whole
    assert check_audit().whole


def _case(theta: float, mean: float, sd: float) -> Case:
    five = np.ones(5)
    return Case(theta * five, mean * five, sd * five, 2 * five, five > 0, "precision")


def test_the_figures_say_what_they_should() -> None:
    """A table that can't show a fault proves nothing: intervals too narrow and a shift must both appear in it."""
    rng = np.random.default_rng(1)
    theta = rng.standard_normal(4000)
    mean = theta + 0.3 + 0.4 * rng.standard_normal(4000)
    found: Recovery = recovery([_case(t, m, 0.2) for t, m in zip(theta, mean, strict=True)])
    assert found.bias == pytest.approx(0.3, abs=0.03)
    assert found.rmse == pytest.approx(0.5, abs=0.03)
    assert (found.coverage < 0.6).all()
    assert found.items == pytest.approx(2)
