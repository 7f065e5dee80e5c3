"""The world of the delivery tests, seen through pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client

from shuyang.delivery.simulation import simulate_sitting
from shuyang.itembank.api import current_release
from shuyang.kernel.clock import frozen
from shuyang.trust.api import Role
from tests.cast import make_member
from tests.delivery.world import NOON, World, make_world


@pytest.fixture
def clock() -> Iterator[Callable[[timedelta], None]]:
    with frozen(NOON) as advance:
        yield advance


@pytest.fixture
def world(db: None, clock: Callable[[timedelta], None]) -> World:
    return make_world()


@pytest.fixture
def learner(world: World) -> Client:
    return world.cast.learner.client()


@pytest.fixture
def organiser(world: World) -> Client:
    return world.cast.organiser.client()


@pytest.fixture
def auditor(world: World) -> Client:
    return make_member("P090", "审计员", world.cast.finance, Role.AUDITOR).client()


@pytest.fixture
def measured(world: World) -> World:
    """The world after the learner's sitting."""
    items = current_release().cat_items
    simulate_sitting(
        actor=world.learner, campaign_id=world.campaign.id, theta=np.zeros(5), truth=items.__getitem__, seed=1
    )
    return world
