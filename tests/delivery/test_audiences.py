"""Whom a campaign invites: everyone of a unit, who fits a filter, who stands on a list; seen before it is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuyang.delivery.api import (
    Audience,
    AudienceKind,
    CampaignDraft,
    Frame,
    Purpose,
    begin,
    create_campaign,
    invitations,
    preview_campaign,
    progress,
)
from shuyang.delivery.models import Campaign, Invited
from shuyang.delivery.services.audience import refresh_filters
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.people.api import JobCategory, RankLayer
from shuyang.people.models import Person, Post
from shuyang.trust.api import Actor, encrypt_for, person_keys
from tests.cast import Member, make_member
from tests.delivery.world import NOON, World, open_campaign


def _list(*lines: str) -> Frame:
    return Frame(audience=Audience(AudienceKind.LIST, numbers="\n".join(lines)))


def _filter(**criteria: Any) -> Frame:
    return Frame(audience=Audience(AudienceKind.FILTER, **criteria))


def _preview(world: World, frame: Frame, actor: Actor | None = None) -> Any:
    draft = CampaignDraft(
        name="诊断",
        purpose=Purpose.DIAGNOSIS,
        unit_id=world.cast.finance.id,
        blueprint="diagnosis",
        opens_at=NOON,
        closes_at=NOON + timedelta(days=1),
        frame=frame,
    )
    return preview_campaign(actor=actor or world.cast.organiser.actor, draft=draft)


def _invited(member: Member) -> set[Any]:
    return {i.campaign.id for i in invitations(actor=member.actor)}


def test_it_invites_the_listed_and_no_one_else(world: World) -> None:
    cast = world.cast
    made = open_campaign(cast, frame=_list("P002, Ｐ００４", "p002"))
    assert made.audience == AudienceKind.LIST
    assert made.id in _invited(cast.learner)
    assert made.id in _invited(cast.clerk)
    assert made.id not in _invited(cast.colleague)
    assert progress(actor=cast.organiser.actor, campaign_id=made.id).invited == 2
    begin(actor=cast.learner.actor, campaign_id=made.id)
    with pytest.raises(NotFound):
        begin(actor=cast.colleague.actor, campaign_id=made.id)


def test_it_says_line_by_line_what_is_wrong_with_a_list_and_writes_nothing(world: World) -> None:
    Person.objects.filter(number="P003").update(active=False)
    make_member("P006", "市里人", world.cast.city)
    typed = _list("P002", "?!", "P999 P005", "P003")
    shown = _preview(world, typed)
    assert (shown.count, [p.number for p in shown.first]) == (1, ["P002"])
    expected = [
        ("numbers:2", "listed_number_bad"),
        ("numbers:3", "listed_number_unknown"),
        ("numbers:3", "listed_number_unknown"),  # the stranger: whom one may not see, one may not find out
        ("numbers:4", "listed_person_inactive"),
    ]
    assert [(p.where, p.code) for p in shown.problems] == expected
    before = Campaign.objects.count()
    with pytest.raises(Invalid) as refused:
        open_campaign(world.cast, frame=typed)
    assert [(p.where, p.code) for p in refused.value.problems] == expected
    assert (Campaign.objects.count(), Invited.objects.count()) == (before, 0)


def test_it_refuses_persons_of_other_units_by_name(world: World) -> None:
    cast = world.cast
    frame = _list("P002", "P004")
    with pytest.raises(Invalid) as refused:
        open_campaign(cast, unit_id=cast.budget.id, frame=frame)
    assert [(p.where, p.code) for p in refused.value.problems] == [("numbers:1", "listed_person_elsewhere")]


def test_it_invites_who_fits_a_filter_now_and_later(world: World) -> None:
    cast = world.cast
    Post.objects.filter(person_id=cast.clerk.person_id).update(job_category=JobCategory.DATA_IT)
    made = open_campaign(cast, frame=_filter(job_categories=(JobCategory.DATA_IT,), rank_layers=(RankLayer.GENERAL,)))
    assert made.id in _invited(cast.clerk)
    assert made.id not in _invited(cast.learner)
    Post.objects.filter(person_id=cast.learner.person_id).update(job_category=JobCategory.DATA_IT)
    Post.objects.filter(person_id=cast.clerk.person_id).update(job_category=JobCategory.ENFORCEMENT)
    assert refresh_filters() == 1
    assert made.id in _invited(cast.learner)
    assert made.id in _invited(cast.clerk)  # nobody loses an invitation
    assert refresh_filters() == 0


def _born(member: Member, year: int) -> None:
    identity = f"110101{year}0101001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    identity += "10X98765432"[sum(w * int(d) for w, d in zip(weights, identity, strict=True)) % 11]
    sealed = encrypt_for(person_keys([member.person_id])[member.person_id], identity, field="identity_number")
    Person.objects.filter(id=member.person_id).update(identity_number=sealed)


def test_it_invites_by_age_and_says_whose_age_is_unknown(world: World) -> None:
    cast = world.cast
    _born(cast.learner, 1990)  # 36 on the day
    _born(cast.colleague, 1986)  # 40
    shown = _preview(world, _filter(age_from=36, age_to=39))
    assert (shown.count, [p.number for p in shown.first], shown.unknown_age) == (1, ["P002"], 2)
    assert _preview(world, _filter(age_from=37)).count == 1
    assert _preview(world, _filter(age_to=40)).count == 2


def test_it_shows_before_saving_whom_a_unit_has(world: World) -> None:
    shown = _preview(world, Frame())
    assert (shown.count, len(shown.first)) == (4, 4)
    with pytest.raises(NotFound):
        _preview(world, Frame(), world.learner)
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("frame", "where", "code"),
    [
        (Frame(attempts=0), "attempts", "not_between"),
        (Frame(days_between=366), "days_between", "not_between"),
        (_list("  "), "numbers", "required"),
        (_filter(), "audience", "filter_empty"),
        (_filter(age_from=50, age_to=40), "age_to", "age_band_reversed"),
        (_filter(age_from=3), "age_from", "not_between"),
        (_filter(age_from=90), "audience", "nobody_invited"),
    ],
)
def test_it_refuses_frames_that_cannot_be(world: World, frame: Frame, where: str, code: str) -> None:
    before = Campaign.objects.count()
    with pytest.raises(Invalid) as refused:
        open_campaign(world.cast, frame=frame)
    assert [(p.where, p.code) for p in refused.value.problems] == [(where, code)]
    assert Campaign.objects.count() == before


def test_it_pairs_a_test_after_training_with_the_one_before(world: World) -> None:
    cast = world.cast
    before = open_campaign(cast, purpose=Purpose.PRETEST)
    after = open_campaign(cast, purpose=Purpose.POSTTEST, frame=Frame(pretest_id=before.id))
    assert after.pretest_id == before.id
    for purpose, pretest_id, code in (
        (Purpose.POSTTEST, world.campaign.id, "unknown_pretest"),
        (Purpose.DIAGNOSIS, before.id, "pretest_only_for_posttest"),
    ):
        with pytest.raises(Invalid) as refused:
            open_campaign(cast, purpose=purpose, frame=Frame(pretest_id=pretest_id))
        assert [(p.where, p.code) for p in refused.value.problems] == [("pretest", code)]


def test_a_pair_reaches_no_campaign_of_others(world: World) -> None:
    cast = world.cast
    before = open_campaign(cast, purpose=Purpose.PRETEST)
    draft = CampaignDraft(
        name="后测",
        purpose=Purpose.POSTTEST,
        unit_id=cast.health.id,
        blueprint="diagnosis",
        opens_at=before.opens_at,
        closes_at=before.closes_at,
        frame=Frame(pretest_id=before.id),
    )
    with pytest.raises(Invalid):
        create_campaign(actor=cast.stranger.actor, draft=draft)
