"""Lists of campaigns and invitations cost a fixed number of statements, whatever their length."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuyang.delivery.api import (
    CampaignFilter,
    CampaignState,
    Purpose,
    begin,
    campaign_page,
    campaigns,
    invitations,
    progress,
    progress_of,
)
from shuyang.delivery.models import Campaign, Invited
from tests.delivery.world import NOON, World, open_campaign

PAGES = 5


def _statements(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        read()
    return len(caught)


def _many(world: World, number: int) -> None:
    """Campaigns as they pile up over the years: of every audience and state, most of them over."""
    first = Campaign.objects.get(id=world.campaign.id)
    values = {f.attname: getattr(first, f.attname) for f in Campaign._meta.concrete_fields if f.name != "id"}
    rows = [
        Campaign(
            **values
            | {
                "name": f"活动{n:04d}",
                "created_at": NOON - timedelta(days=n),
                "audience": ("unit", "list", "filter")[n % 3],
                "purpose": list(Purpose)[n % 3],
                "opens_at": NOON - timedelta(days=n + 1),
                "closes_at": NOON + timedelta(days=30 if n < 9 else -n),
            }
        )
        for n in range(number)
    ]
    Campaign.objects.bulk_create(rows, batch_size=200)
    learner = world.cast.learner.person_id
    Invited.objects.bulk_create(Invited(campaign=c, person_id=learner) for c in rows if c.audience != "unit")


def test_a_thousand_campaigns_are_listed_in_five_statements(world: World) -> None:
    _many(world, 1000)
    actor = world.cast.organiser.actor
    assert _statements(lambda: campaign_page(actor=actor, chosen=CampaignFilter())) == PAGES
    page = campaign_page(actor=actor, chosen=CampaignFilter(), page=41)
    assert (page.total, page.pages, page.page, len(page.rows)) == (1001, 41, 41, 1)
    assert campaign_page(actor=actor, chosen=CampaignFilter(), page=99).page == 41
    asked = [c.id for c in campaigns(actor=actor, limit=300)]
    assert _statements(lambda: progress_of(actor=actor, campaign_ids=asked)) == PAGES - 1


def test_the_home_page_reads_what_concerns_the_person_in_four_statements(world: World) -> None:
    actor = world.learner
    begin(actor=actor, campaign_id=world.campaign.id)
    assert _statements(lambda: invitations(actor=actor)) == 4
    _many(world, 1000)
    assert _statements(lambda: invitations(actor=actor)) == 4
    assert len(invitations(actor=actor)) == 10
    assert len(invitations(actor=world.cast.colleague.actor)) == 4


def test_progress_is_the_same_in_a_batch_and_alone(world: World) -> None:
    _many(world, 6)
    begin(actor=world.learner, campaign_id=world.campaign.id)
    actor = world.cast.organiser.actor
    together = progress_of(actor=actor, campaign_ids=[c.id for c in campaigns(actor=actor)])
    assert together == {c.id: progress(actor=actor, campaign_id=c.id) for c in campaigns(actor=actor)}
    assert together[world.campaign.id].invited == 4
    assert sorted(p.invited for p in together.values()) == [1, 1, 1, 1, 4, 4, 4]
    assert progress_of(actor=world.cast.stranger.actor, campaign_ids=list(together)) == {}


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (CampaignFilter(text="活动000"), [f"活动{n:04d}" for n in range(10)]),
        (CampaignFilter(text=" 0003 "), ["活动0003"]),
        (CampaignFilter(text="活动001", purpose="pretest"), ["活动0010"]),
        (CampaignFilter(text="活动", state="open"), [f"活动{n:04d}" for n in range(9)]),
        (CampaignFilter(text="活动", state="closed"), [f"活动{n:04d}" for n in range(9, 12)]),
        (CampaignFilter(text="活动", unit_path="c/f/f1/"), []),
        (CampaignFilter(state="later"), ["以后"]),
    ],
)
def test_it_filters_the_list(world: World, chosen: CampaignFilter, names: list[str]) -> None:
    _many(world, 12)
    open_campaign(world.cast, name="以后", opens_at=NOON + timedelta(days=1))
    found = campaign_page(actor=world.cast.organiser.actor, chosen=chosen)
    assert [view.name for view, _ in found.rows] == names
    assert campaign_page(actor=world.cast.stranger.actor, chosen=chosen).total == 0


def test_a_draft_shows_nowhere_to_the_invited(world: World) -> None:
    Campaign.objects.update(state=CampaignState.DRAFT)
    assert invitations(actor=world.learner) == []
