"""Reading a campaign from the extract: in pieces or at once, the same rows; nothing twice where nothing has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shuyang.delivery.api import CampaignView
from shuyang.feedback.api import publish_campaign
from shuyang.feedback.models import Publication
from shuyang.feedback.publishing import reading, services
from shuyang.feedback.publishing.loading import Loaded, load, units_of
from shuyang.feedback.publishing.rows import UnitTree
from shuyang.feedback.publishing.storing import considered
from shuyang.kernel.clock import frozen
from shuyang.trust.api import SYSTEM
from tests.delivery.world import NOON, World, make_world
from tests.feedback.organisation import hire, measure


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON):
        made = make_world()
        rng = np.random.default_rng(3)
        measure(made.campaign, hire(made.cast.finance, 9), rng)
        measure(made.campaign, hire(made.cast.budget, 8, rank="leader"), rng)
        publish_campaign(actor=SYSTEM, campaign_id=made.campaign.id)
    return made


def _loaded(campaign: CampaignView, **changes: Any) -> Loaded:
    found = load(campaign, UnitTree.build(units_of(campaign)), **changes)
    assert found is not None
    return found


def test_it_reads_the_same_in_small_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _loaded(world.campaign).rows
    monkeypatch.setattr(reading, "CHUNK", 4)
    pieces = _loaded(world.campaign).rows
    assert np.all(np.diff(whole.person) > 0)
    for name in ("estimate", "person", "unit", "codes"):
        assert np.array_equal(getattr(whole, name), getattr(pieces, name))
    assert np.array_equal(whole.forces.value, pieces.forces.value)
    assert np.array_equal(whole.facets.variance, pieces.facets.variance)


def test_it_reads_exactly_the_results_asked_for(world: World) -> None:
    whole = _loaded(world.campaign).rows
    some = _loaded(world.campaign, kept=whole.estimate[[11, 2]], facets=False).rows
    assert some.person.tolist() == whole.person[[2, 11]].tolist()
    assert some.facets.value.shape == (2, 0)


def test_nothing_is_read_again_while_nothing_changes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Publication.objects.get()
    assert considered(row.id)

    def never(*_args: object, **_named: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(services, "load", never)
    with frozen(NOON):
        assert publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id) == row.id
        measure(world.campaign, hire(world.cast.finance, 1), np.random.default_rng(4))
        with pytest.raises(AssertionError, match="read again"):
            publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id)


def test_what_waits_is_looked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Publication.objects.get()
    with frozen(NOON):
        measure(world.campaign, hire(world.cast.finance, 1), np.random.default_rng(5))
        before = considered(row.id)
        assert publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id) == row.id
        assert considered(row.id) != before
        monkeypatch.setattr(services, "load", None)
        assert publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id) == row.id
