"""The working of a score can be followed with a pencil; a revised result says so."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest

from shuyang.delivery.api import simulate_sitting
from shuyang.feedback.api import result, revised_by, workings_of
from shuyang.itembank.api import current_release
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import new_id
from tests.delivery.world import NOON, World, make_world
from tests.feedback.make import an_estimate, write


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen(NOON):
        yield make_world()


def test_the_pencil_arrives_at_the_score(world: World) -> None:
    items = current_release().cat_items
    page = simulate_sitting(
        actor=world.learner, campaign_id=world.campaign.id, theta=np.full(5, 0.5), truth=items.__getitem__, seed=3
    )
    estimate_id = page.sitting.estimate_id
    assert isinstance(estimate_id, UUID)
    report = result(actor=world.learner, estimate_id=estimate_id)
    workings = workings_of(actor=world.learner, estimate_id=estimate_id)
    assert [w.force for w in workings] == [f.force for f in report.forces]
    assert sum(w.items for w in workings) == report.answered
    for w, force in zip(workings, report.forces, strict=True):
        assert w.centre + w.unit * w.mean == pytest.approx(force.score.score)
        assert w.unit * w.sd == pytest.approx(force.score.se)
        assert w.score == force.score
        assert w.items == force.items
        assert 0 <= w.earned <= 1
        assert w.known == pytest.approx(1 - w.sd**2 / w.prior_sd**2)
        assert list(w.cuts) == sorted(w.cuts)
        assert len(w.cuts) == 4
    with pytest.raises(NotFound):
        workings_of(actor=world.cast.colleague.actor, estimate_id=estimate_id)


def test_a_result_without_items_of_a_force_says_so_in_numbers(world: World) -> None:
    """No observation is stored: nothing earned, nothing divided by zero."""
    mine = write(an_estimate(world.cast, world.cast.learner.person_id, [0.0] * 5))
    assert {(w.items, w.earned) for w in workings_of(actor=world.learner, estimate_id=mine)} == {(0, 0.0)}


def test_a_revised_result_leads_to_its_successor(world: World) -> None:
    sitting, person = new_id(), world.cast.learner.person_id
    first = write(an_estimate(world.cast, person, [0.5] * 5), source_id=sitting)
    assert revised_by(actor=world.learner, estimate_id=first) is None
    second = write(an_estimate(world.cast, person, [0.3] * 5, sd=0.6), source_id=sitting)
    assert revised_by(actor=world.learner, estimate_id=first) == second
    html = world.cast.learner.client().get(f"/results/{first}/").content.decode()
    assert "该结果此后经过修订" in html
    assert str(second) in html
    assert "该结果此后经过修订" not in world.cast.learner.client().get(f"/results/{second}/").content.decode()
