"""Signals go to a person's queue with their evidence; a person decides, another after an objection; nothing else follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shuyang.delivery import api as delivery
from shuyang.delivery import engine
from shuyang.delivery.api import Purpose, Signal
from shuyang.delivery.models import IntegrityFlag, Response, Sitting
from shuyang.evidence.models import Estimate
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.kit.jobs.models import Job
from shuyang.kit.jobs.services import run_job
from shuyang.trust.api import NOBODY, Role, check_audit
from tests.cast import make_member
from tests.delivery.test_standards import confirmed
from tests.delivery.world import World, give, open_campaign, raw_for


def sit(world: World, clock: Any, *, seconds: float, items: int = 12) -> Sitting:
    """A sitting of the learner with the same time at every item."""
    sitting = world.begin()
    for number in range(items):
        clock(timedelta(seconds=seconds))
        give(world.learner, sitting.id, category=number % 2)
    delivery.end_by_person(actor=world.learner, sitting_id=sitting.id)
    return Sitting.objects.get(id=sitting.id)


def search(world: World, *signals: Signal, leaked: tuple[str, ...] = ()) -> list[IntegrityFlag]:
    actor = world.cast.organiser.actor
    delivery.set_plan(actor=actor, campaign_id=world.campaign.id, signals=signals, leaked=leaked)
    job = delivery.start_scan(actor=actor, campaign_id=world.campaign.id)
    if Job.objects.get(id=job).state == "waiting":
        run_job.func(str(job))
    assert Job.objects.get(id=job).state == "done", Job.objects.get(id=job).result
    return list(IntegrityFlag.objects.order_by("id"))


def test_rapid_answers_are_raised_and_unhurried_ones_are_not(world: World, clock: Any) -> None:
    sit(world, clock, seconds=1)
    (flag,) = search(world, Signal.RAPID)
    assert (flag.signal, flag.evidence["rapid"], flag.state) == ("rapid", 12, "open")
    assert search(world, Signal.RAPID) == [flag], "a second search raises nothing twice"


def test_an_unhurried_sitting_raises_nothing(world: World, clock: Any) -> None:
    sit(world, clock, seconds=45)
    assert search(world, Signal.RAPID, Signal.KNOWLEDGE, Signal.FOCUS) == []


def test_a_signal_that_is_off_is_not_computed(world: World, clock: Any) -> None:
    sit(world, clock, seconds=1)
    assert search(world) == []
    assert delivery.integrity_plan(actor=world.cast.organiser.actor, campaign_id=world.campaign.id).signals == ()


def test_fast_and_right_on_leaked_items_is_raised(world: World, clock: Any) -> None:
    sitting = world.begin()
    leaked = []
    for number in range(24):
        known = number % 3 == 0
        clock(timedelta(seconds=4 if known else 60))
        index = Sitting.objects.values_list("current_index", flat=True).get(id=sitting.id)
        item = engine.release_of(Sitting.objects.get(id=sitting.id)).items[index]
        leaked += [item.key] if known else []
        give(world.learner, sitting.id, category=item.max_category if known else 0)
    delivery.end_by_person(actor=world.learner, sitting_id=sitting.id)
    (flag,) = search(world, Signal.KNOWLEDGE, leaked=tuple(leaked))
    assert flag.evidence["leaked"] == 8
    assert flag.evidence["ratio"] < 0.3
    with pytest.raises(Invalid):
        search(world, Signal.KNOWLEDGE, leaked=("S-F99-1-001",))


def test_people_alike_beyond_ability_are_raised_as_a_pair(world: World, clock: Any) -> None:
    first = sit(world, clock, seconds=45, items=20)
    other = world.begin(world.cast.colleague.actor)
    row = Sitting.objects.get(id=other.id)
    log = Response.objects.filter(sitting=first).order_by("position")
    for entry in log:  # the colleague's log is given the same items and categories
        entry.pk, entry.id, entry.sitting_id = None, new_id(), row.id
        entry._state.adding = True
        entry.save()
    Sitting.objects.filter(id=row.id).update(state="finished", answers=first.answers)
    found = search(world, Signal.SIMILARITY)
    assert {(f.sitting_id, f.other_id) for f in found} == {(first.id, row.id), (row.id, first.id)}
    assert found[0].evidence["matches"] == found[0].evidence["shared"] == 20


def _noted(world: World, clock: Any) -> IntegrityFlag:
    sit(world, clock, seconds=1)
    (flag,) = search(world, Signal.RAPID)
    return flag


def test_a_person_decides_another_after_an_objection_and_no_result_changes(world: World, clock: Any) -> None:
    flag = _noted(world, clock)
    organiser, before = world.cast.organiser.actor, list(Estimate.objects.values_list())
    other = make_member("P060", "组织员乙", world.cast.finance, Role.ORGANISER).actor
    assert [[f.count for f in delivery.waiting(actor=one).flags] for one in (organiser, world.learner)] == [[1], []]
    assert delivery.own_flags(actor=world.learner) == [], "nothing is said before someone has looked"
    with pytest.raises(Invalid):
        delivery.decide_flag(actor=organiser, flag_id=flag.id, noted=True, words=" ")
    delivery.decide_flag(actor=organiser, flag_id=flag.id, noted=True, words="作答过快，请本人说明")
    (own,) = delivery.own_flags(actor=world.learner)
    assert (own.words, own.state, own.person) == ("作答过快，请本人说明", "noted", "")
    with pytest.raises(delivery.FlagDecided):
        delivery.decide_flag(actor=organiser, flag_id=flag.id, noted=False, words="再判")
    delivery.object_to_flag(actor=world.learner, flag_id=flag.id, words="题目我工作中天天用")
    with pytest.raises(delivery.FlagDecided):
        delivery.object_to_flag(actor=world.learner, flag_id=flag.id, words="再次")
    with pytest.raises(delivery.SameDecider):
        delivery.decide_flag(actor=organiser, flag_id=flag.id, noted=True, words="维持")
    assert [bool(delivery.waiting(actor=one)) for one in (organiser, other)] == [False, True]
    delivery.decide_flag(actor=other, flag_id=flag.id, noted=False, words="解释合理")
    row = IntegrityFlag.objects.get()
    assert (row.state, row.first_words, row.words) == ("dismissed", "作答过快，请本人说明", "解释合理")
    assert list(Estimate.objects.values_list()) == before
    assert check_audit().whole


def test_flags_are_for_those_who_answer_for_the_campaign(world: World, clock: Any) -> None:
    flag = _noted(world, clock)
    for actor in (NOBODY, world.learner, world.cast.stranger.actor):
        assert delivery.flags(actor=actor) == []
        with pytest.raises(NotFound):
            delivery.decide_flag(actor=actor, flag_id=flag.id, noted=False, words="没事")
        with pytest.raises(NotFound):
            delivery.start_scan(actor=actor, campaign_id=world.campaign.id)
    assert [f.person for f in delivery.flags(actor=world.cast.organiser.actor)] == ["曾小雨"]


def test_leaving_the_page_counts_only_where_it_was_announced(world: World) -> None:
    before = world.begin()
    delivery.lost_focus(actor=world.learner, sitting_id=before.id)
    assert Sitting.objects.get(id=before.id).focus_losses == 0
    delivery.set_plan(
        actor=world.cast.organiser.actor, campaign_id=world.campaign.id, signals=[Signal.FOCUS], leaked=[]
    )
    later = world.begin(world.cast.colleague.actor)
    assert later.watch_focus
    delivery.lost_focus(actor=world.cast.colleague.actor, sitting_id=later.id)
    assert Sitting.objects.get(id=later.id).focus_losses == 1


def _answer(world: World, sitting_id: UUID, device: str) -> bool:
    position = Sitting.objects.values_list("position", flat=True).get(id=sitting_id)
    raw = raw_for(sitting_id)
    return delivery.answer(
        actor=world.learner, sitting_id=sitting_id, position=position, key=new_id(), raw=raw, device=device
    ).recorded


def test_where_stakes_are_high_one_device_answers(world: World) -> None:
    confirmed(world)
    campaign = open_campaign(world.cast, purpose=Purpose.CERTIFICATION, blueprint="certification")
    sitting = delivery.begin(actor=world.learner, campaign_id=campaign.id)
    claim = {"actor": world.learner, "sitting_id": sitting.id}
    assert delivery.claim_device(**claim, device="a")
    assert not delivery.claim_device(**claim, device="b")
    assert _answer(world, sitting.id, "a")
    with pytest.raises(delivery.OtherDevice):
        _answer(world, sitting.id, "b")
    assert delivery.claim_device(**claim, device="b", take_over=True)
    with pytest.raises(delivery.OtherDevice):
        _answer(world, sitting.id, "a")
    assert _answer(world, sitting.id, "b")
    assert Response.objects.filter(sitting_id=sitting.id).count() == 2


def test_a_diagnosis_goes_on_on_any_device(world: World) -> None:
    sitting = world.begin()
    assert delivery.claim_device(actor=world.learner, sitting_id=sitting.id, device="a")
    assert delivery.claim_device(actor=world.learner, sitting_id=sitting.id, device="b")
    assert _answer(world, sitting.id, "b")
