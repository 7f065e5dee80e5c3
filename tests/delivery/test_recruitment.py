"""Recruitment: numbers for names, a rule with its risk, two who release, appeals by others, a file that verifies."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from shuyang.cli.verifying import verify_export
from shuyang.delivery import api as delivery
from shuyang.delivery.api import CampaignView, Purpose, RulingKind
from shuyang.delivery.models import Appeal, PassRule, Response, Sitting
from shuyang.delivery.recruitment.rules import passes, rule_risk, thresholds
from shuyang.delivery.rules import Sealed
from shuyang.evidence.api import NewEstimate, PostOfDay
from shuyang.itembank.api import release
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.measurement.cat.contracts import LevelCuts
from shuyang.trust.api import NOBODY, Actor, Role, check_audit
from tests.cast import Member, make_member
from tests.delivery.test_standards import confirmed
from tests.delivery.world import NOON, World, give, open_campaign

Clock = Callable[[timedelta], None]
FORCES = ("perception", "execution")


def candidate_answers(world: World, campaign: CampaignView, member: Member, category: int, items: int = 6) -> UUID:
    """Sit, answer some items alike, and hand in early."""
    sitting = delivery.begin(actor=member.actor, campaign_id=campaign.id)
    for number in range(items):
        give(member.actor, sitting.id, category=category if number % 3 else 1 - category)
    delivery.end_by_person(actor=member.actor, sitting_id=sitting.id)
    return sitting.id


def recruit(world: World, people: int = 5) -> tuple[CampaignView, list[UUID]]:
    confirmed(world)
    campaign = open_campaign(world.cast, purpose=Purpose.RECRUITMENT, blueprint="certification",
                             closes_at=NOON + timedelta(days=1))  # fmt: skip
    members = [make_member(f"K{n}", f"考生{n}", world.cast.finance) for n in range(people)]
    return campaign, [candidate_answers(world, campaign, m, n % 2) for n, m in enumerate(members)]


def organiser(world: World, number: str) -> Member:
    return make_member(number, f"组织员{number}", world.cast.finance, Role.ORGANISER)


def released(world: World, clock: Clock) -> tuple[CampaignView, list[UUID]]:
    campaign, sittings = recruit(world)
    first, second = organiser(world, "P051").actor, organiser(world, "P052").actor
    forces = release(hash=campaign.release_hash).forces[:2]
    delivery.choose_rule(actor=first, campaign_id=campaign.id, level=3, forces=forces)
    clock(timedelta(days=2))
    assert not delivery.sign_release(actor=first, campaign_id=campaign.id)
    assert delivery.sign_release(actor=second, campaign_id=campaign.id)
    return campaign, sittings


def test_names_are_sealed_until_release(world: World, clock: Clock) -> None:
    campaign, sittings = recruit(world, people=2)
    keeper = world.cast.organiser.actor
    room = delivery.room(actor=keeper, campaign_id=campaign.id)
    assert {s.name for s in room.seats} == {""}
    assert all(s.number.startswith("K") and len(s.number) == 7 for s in room.seats)
    assert delivery.seat(actor=keeper, sitting_id=sittings[0]).seat.name == ""
    view = delivery.recruitment(actor=keeper, campaign_id=campaign.id)
    assert {c.number for c in view.candidates} == {s.number for s in room.seats}
    assert {c.name for c in view.candidates} == {""}
    own = delivery.own_outcome(actor=_actor(sittings[0]), sitting_id=sittings[0])
    assert own is not None
    assert own["number"] in {s.number for s in room.seats}
    assert (own["passed"], own["released"]) == (None, False)
    assert delivery.own_outcome(actor=keeper, sitting_id=sittings[0]) is None
    with pytest.raises(Sealed):
        delivery.evidence_file(actor=keeper, sitting_id=sittings[0])
    assert campaign.showing.when == "on_release"


def _actor(sitting_id: UUID) -> Actor:
    return Actor(new_id(), Sitting.objects.get(id=sitting_id).person_id, "c/f/")


def test_two_different_persons_release(world: World, clock: Clock) -> None:
    campaign, _ = recruit(world)
    first, second = organiser(world, "P051").actor, organiser(world, "P052").actor
    with pytest.raises(delivery.NeedsTwo):
        delivery.release_results(actor=first, campaign_id=campaign.id)
    with pytest.raises(delivery.NotReleasable):
        delivery.sign_release(actor=first, campaign_id=campaign.id)
    delivery.choose_rule(
        actor=first, campaign_id=campaign.id, level=3, forces=release(hash=campaign.release_hash).forces
    )
    with pytest.raises(delivery.NotReleasable):
        delivery.sign_release(actor=first, campaign_id=campaign.id)
    clock(timedelta(days=2))
    assert not delivery.sign_release(actor=first, campaign_id=campaign.id)
    with pytest.raises(delivery.SamePerson):
        delivery.sign_release(actor=first, campaign_id=campaign.id)
    other_account = Actor(new_id(), first.person_id, first.unit_path, first.grants)
    with pytest.raises(delivery.SamePerson):
        delivery.sign_release(actor=other_account, campaign_id=campaign.id)
    without_person = Actor(new_id(), None, "", first.grants)
    with pytest.raises(delivery.SamePerson):
        delivery.sign_release(actor=without_person, campaign_id=campaign.id)
    assert not delivery.recruitment(actor=first, campaign_id=campaign.id).released
    assert delivery.sign_release(actor=second, campaign_id=campaign.id)
    view = delivery.recruitment(actor=first, campaign_id=campaign.id)
    assert view.released
    assert len(view.signatures) == 2
    assert all(c.name for c in view.candidates)
    assert check_audit().whole


def test_the_rule_comes_with_its_risk_and_stands(world: World) -> None:
    campaign, _ = recruit(world)
    actor = world.cast.organiser.actor
    forces = release(hash=campaign.release_hash).forces
    risk = delivery.risk_of_rule(actor=actor, campaign_id=campaign.id, level=3, forces=forces)
    assert risk.candidates == 5
    assert risk.accuracy[0] + risk.false_positive[0] + risk.false_negative[0] == pytest.approx(1)
    for level, chosen in ((1, forces), (6, forces), (None, forces), (3, ()), (3, ("nonsense",))):
        with pytest.raises(Invalid):
            delivery.choose_rule(actor=actor, campaign_id=campaign.id, level=level, forces=chosen)
    assert not PassRule.objects.exists()
    delivery.choose_rule(actor=actor, campaign_id=campaign.id, level=3, forces=forces)
    with pytest.raises(delivery.RuleStands):
        delivery.choose_rule(actor=actor, campaign_id=campaign.id, level=2, forces=forces)
    view = delivery.recruitment(actor=actor, campaign_id=campaign.id)
    assert view.rule is not None
    assert (view.rule.level, view.rule.risk) == (3, risk)
    assert view.rule.standard_setting == view.standard_setting != ""


def test_few_candidates_give_no_risk(world: World) -> None:
    campaign, _ = recruit(world, people=4)
    with pytest.raises(delivery.TooFew):
        delivery.risk_of_rule(actor=world.cast.organiser.actor, campaign_id=campaign.id, level=3,
                              forces=release(hash=campaign.release_hash).forces)  # fmt: skip


def test_an_appeal_is_decided_by_someone_not_involved(world: World, clock: Clock) -> None:
    campaign, sittings = released(world, clock)
    person = _actor(sittings[0])
    delivery.appeal(actor=person, sitting_id=sittings[0], reason="第二题图表显示不全")
    with pytest.raises(delivery.AppealMade):
        delivery.appeal(actor=person, sitting_id=sittings[0], reason="再来")
    with pytest.raises(NotFound):
        delivery.appeal(actor=person, sitting_id=sittings[1], reason="别人的")
    appeal = Appeal.objects.get()
    signer = Actor(delivery_account("P051"), delivery_person("P051"), "c/f/", world.cast.organiser.actor.grants)
    for involved in (signer, world.cast.organiser.actor):
        with pytest.raises(delivery.Involved):
            delivery.decide_appeal(actor=involved, appeal_id=appeal.id, upheld=False, words="不予采纳")
    for stranger in (NOBODY, person, world.cast.stranger.actor):
        with pytest.raises(NotFound):
            delivery.decide_appeal(actor=stranger, appeal_id=appeal.id, upheld=True, words="采纳")
    reviewer = organiser(world, "P053").actor
    assert [delivery.waiting(actor=one).appeals for one in (reviewer, signer, person)] == [1, 0, 0]
    seen = delivery.appeals_to_review(actor=reviewer)
    assert [a.candidate.startswith("K") for a in seen] == [True]
    met = Response.objects.filter(sitting_id=sittings[0]).order_by("position")[1].item_index
    key = release(hash=campaign.release_hash).items[met].key
    delivery.rule_on_item(
        actor=reviewer, campaign_id=campaign.id, item_key=key, kind=RulingKind.NEUTRALISED, reason="图表不全"
    )
    delivery.decide_appeal(actor=reviewer, appeal_id=appeal.id, upheld=True, words="情况属实，该题不计分")
    with pytest.raises(delivery.AppealMade):
        delivery.decide_appeal(actor=reviewer, appeal_id=appeal.id, upheld=False, words="改判")
    told = delivery.own_outcome(actor=person, sitting_id=sittings[0])
    assert told is not None
    assert (told["appeal"].state, told["appeal"].words) == ("upheld", "情况属实，该题不计分")
    assert verify_export(delivery.audit_export(actor=_auditor(world), sitting_id=sittings[0])).agrees


def _auditor(world: World) -> Actor:
    return make_member("P054", "审计", world.cast.finance, Role.AUDITOR).actor


def delivery_account(number: str) -> UUID:
    from shuyang.people.models import Account

    return Account.objects.get(person__number=number).id


def delivery_person(number: str) -> UUID:
    from shuyang.people.models import Person

    return Person.objects.get(number=number).id


def test_the_file_of_evidence_verifies_and_names_nobody(world: World, clock: Clock) -> None:
    _, sittings = released(world, clock)
    data = delivery.evidence_file(actor=_auditor(world), sitting_id=sittings[0])
    book = zipfile.ZipFile(io.BytesIO(data))
    parts = {name: book.read(name).decode() for name in book.namelist()}
    assert verify_export(json.loads(parts["sitting.json"])).agrees
    standard = json.loads(parts["standard-setting.json"])
    assert standard["hash"] == json.loads(parts["sitting.json"])["release"]["standard_setting"]
    assert json.loads(parts["rule.json"])["level"] == 3
    assert "考生" not in "".join(parts[n] for n in parts if n != "README.txt")
    assert "考生0" not in parts["README.txt"]
    for actor in (NOBODY, world.learner, world.cast.stranger.actor):
        with pytest.raises(NotFound):
            delivery.evidence_file(actor=actor, sitting_id=sittings[0])


def test_what_is_published_is_sums_for_those_who_took_part(world: World, clock: Clock) -> None:
    campaign, sittings = released(world, clock)
    found = delivery.published(actor=_actor(sittings[0]), campaign_id=campaign.id)
    assert found is not None
    assert (found[0].candidates, found[0].passed) == (5, None), "passed or failed are fewer than five"
    assert delivery.published(actor=world.cast.colleague.actor, campaign_id=campaign.id) is None


# --- the arithmetic --------------------------------------------------------------------------------------------------


def _estimate(mean: Any, sd: float) -> NewEstimate:
    cov = tuple(tuple(sd**2 if i == j else 0.0 for j in range(5)) for i in range(5))
    post = PostOfDay(new_id(), "c/", "", "", "", "")
    return NewEstimate(new_id(), post, new_id(), "recruitment", "h", tuple(mean), cov, ((0.2,) * 5,) * 5, (True,) * 5,
                       {}, "", 1, 1, False, True)  # fmt: skip


def test_risk_agrees_with_simulated_truth() -> None:
    rng, sd = np.random.default_rng(5), 0.35
    means = rng.normal(0, 0.9, (1500, 5))
    truth = means + sd * rng.standard_normal(means.shape)
    cuts = {f: LevelCuts((-1.0, 0.0, 1.0, 2.0), (0.0,) * 4) for f in FORCES}
    wanted = thresholds(3, FORCES, FORCES, cuts)
    risk = rule_risk([_estimate(m, sd) for m in means], wanted)
    above, passed = (truth[:, :2] >= 0).all(axis=1), (means[:, :2] >= 0).all(axis=1)
    assert risk.passing[0] == pytest.approx(passed.mean())
    assert risk.false_positive[0] == pytest.approx((passed & ~above).mean(), abs=0.02)
    assert risk.false_negative[0] == pytest.approx((~passed & above).mean(), abs=0.02)
    assert passes(_estimate([0.0, 0.0, -9, -9, -9], sd), wanted), "a score at the cut passes"
    assert not passes(_estimate([0.0, -0.01, 9, 9, 9], sd), wanted)
