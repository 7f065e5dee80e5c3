"""A faulty item stops counting for everyone, on record, and counts again by a further record; scores stay verifiable."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from shuyang.cli.verifying import verify_export
from shuyang.delivery import api as delivery
from shuyang.delivery import engine
from shuyang.delivery.models import ItemRuling, Rescoring, Response, Sitting
from shuyang.evidence.api import estimate, estimates_of_person, observations_of, receipt
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.kit.jobs.models import Job
from shuyang.kit.jobs.services import run_job
from shuyang.trust.api import NOBODY, SYSTEM, Role, check_audit
from tests.cast import make_member
from tests.delivery.world import World, give, give_all


def _rule(world: World, key: str, kind: str = "neutralised", **changes: Any) -> dict[str, Any]:
    values = {"actor": world.cast.organiser.actor, "campaign_id": world.campaign.id, "item_key": key,
              "kind": delivery.RulingKind(kind), "reason": "图表单位印错"}  # fmt: skip
    delivery.rule_on_item(**values | changes)
    jobs = Job.objects.filter(kind="delivery.apply_ruling", state="waiting").order_by("created_at", "id")
    for one in jobs:
        run_job.func(str(one.id))
    return Job.objects.filter(kind="delivery.apply_ruling").latest("created_at").result


def _finished(world: World) -> Sitting:
    sitting = world.begin()
    give_all(world.learner, sitting.id)
    return Sitting.objects.get(id=sitting.id)


def _key_of(sitting: Sitting, position: int) -> str:
    index = Response.objects.get(sitting=sitting, position=position).item_index
    return engine.release_of(sitting).items[index].key


def test_who_finished_is_scored_anew_and_the_score_verifies(world: World) -> None:
    sitting = _finished(world)
    old = estimate(actor=SYSTEM, estimate_id=sitting.estimate_id or UUID(int=0))
    outcome = _rule(world, _key_of(sitting, 2).lower())
    row = Sitting.objects.get(id=sitting.id)
    new = estimate(actor=world.learner, estimate_id=row.estimate_id or UUID(int=0))
    assert (new.revision, new.at, new.estimate.answered) == (2, old.at, old.estimate.answered - 1)
    assert new.estimate.mean != old.estimate.mean
    assert outcome["rescored"] == 1
    assert outcome["largest_change"] > 0
    export = delivery.audit_export(actor=SYSTEM, sitting_id=sitting.id)
    assert len(export["neutralised"]) == 1
    assert export["neutralised"] == receipt(actor=world.learner, estimate_id=new.id).body["neutralised"]
    assert verify_export(export).agrees
    assert not verify_export(export | {"neutralised": []}).agrees
    assert delivery.check_sittings().whole
    assert check_audit().whole


def test_the_answer_stays_in_the_log_and_in_evidence_and_counts_for_nothing(world: World) -> None:
    sitting = _finished(world)
    before = list(Response.objects.order_by("position").values_list())
    _rule(world, _key_of(sitting, 1))
    assert list(Response.objects.order_by("position").values_list()) == before
    seen = observations_of(source="delivery", source_id=sitting.id)
    assert [o.observation.position for o in seen] == list(range(2, len(before) + 1))
    assert len(estimates_of_person(actor=world.learner, person_id=world.cast.learner.person_id)) == 1


def test_a_further_record_takes_it_back(world: World) -> None:
    sitting = _finished(world)
    old = estimate(actor=SYSTEM, estimate_id=sitting.estimate_id or UUID(int=0))
    key = _key_of(sitting, 3)
    _rule(world, key)
    _rule(world, key, "restored", reason="复核无误")
    row = Sitting.objects.get(id=sitting.id)
    new = estimate(actor=SYSTEM, estimate_id=row.estimate_id or UUID(int=0))
    assert (new.revision, new.estimate) == (3, old.estimate)
    assert [r.kind for r in delivery.rulings(actor=world.cast.organiser.actor, campaign_id=world.campaign.id)] == [
        "restored", "neutralised"]  # fmt: skip
    assert ItemRuling.objects.count() == 2
    told = delivery.rescorings_of(actor=world.learner, estimate_id=new.id)
    assert [r.reason for r in told] == ["复核无误", "图表单位印错"]
    assert [p for _, p in told[0].change] == [-p for _, p in told[1].change]


def test_who_is_at_it_goes_on_without_it(world: World) -> None:
    sitting = world.begin()
    for _ in range(3):
        give(world.learner, sitting.id, category=1)
    row = Sitting.objects.get(id=sitting.id)
    unmet = next(
        i
        for i in range(len(engine.release_of(row).items))
        if i not in {a for a, _ in row.answers} | {row.current_index}
    )
    met = row.answers[0][0]
    items = engine.release_of(row).items
    _rule(world, items[met].key)
    outcome = _rule(world, items[unmet].key)
    assert (outcome["running"], outcome["rescored"]) == (1, 0)
    give_all(world.learner, sitting.id)
    row = Sitting.objects.get(id=sitting.id)
    assert unmet not in [index for index, _ in row.answers]
    assert [index for index, _ in row.answers].count(met) == 1
    final = estimate(actor=SYSTEM, estimate_id=row.estimate_id or UUID(int=0))
    assert final.revision == 1
    assert final.estimate.answered == len(row.answers) - 1
    assert verify_export(delivery.audit_export(actor=SYSTEM, sitting_id=row.id)).agrees


def test_who_begins_later_never_meets_it(world: World) -> None:
    first = engine.release_of(Sitting.objects.get(id=world.begin().id)).items[0]
    _rule(world, first.key)
    later = world.begin(world.cast.colleague.actor)
    assert Sitting.objects.get(id=later.id).neutralised == [0]
    give_all(world.cast.colleague.actor, later.id)
    assert 0 not in [index for index, _ in Sitting.objects.get(id=later.id).answers]


def test_the_job_may_run_twice(world: World) -> None:
    sitting = _finished(world)
    _rule(world, _key_of(sitting, 2))
    ruling = ItemRuling.objects.get()
    outcome = ruling.outcome
    Job.objects.update(state="waiting")
    run_job.func(str(Job.objects.filter(kind="delivery.apply_ruling").get().id))
    assert Rescoring.objects.count() == 1
    assert ItemRuling.objects.get().outcome == outcome


def test_it_refuses_what_makes_no_sense_and_writes_nothing(world: World) -> None:
    sitting = _finished(world)
    key = _key_of(sitting, 1)
    for changes in ({"item_key": "S-F99-1-001"}, {"item_key": " "}, {"reason": " "}):
        with pytest.raises(Invalid):
            _rule(world, **{"key": key, **{("key" if n == "item_key" else n): v for n, v in changes.items()}})
    with pytest.raises(delivery.AlreadyRuled):
        _rule(world, key, "restored")
    invigilator = make_member("P020", "监考员", world.cast.finance, Role.INVIGILATOR).actor
    for actor in (NOBODY, world.learner, world.cast.stranger.actor, invigilator):
        with pytest.raises(NotFound):
            _rule(world, key, actor=actor)
        with pytest.raises(NotFound):
            delivery.item_in_campaign(actor=actor, campaign_id=world.campaign.id, item_key=key)
    assert not ItemRuling.objects.exists()
    assert delivery.rescorings_of(actor=world.learner, estimate_id=sitting.estimate_id or UUID(int=0)) == []


def test_only_the_person_is_told_what_moved(world: World) -> None:
    sitting = _finished(world)
    _rule(world, _key_of(sitting, 2))
    new = Sitting.objects.get(id=sitting.id).estimate_id or UUID(int=0)
    assert len(delivery.rescorings_of(actor=world.learner, estimate_id=new)) == 1
    assert len(delivery.rescorings_of(actor=world.learner, estimate_id=sitting.estimate_id or UUID(int=0))) == 1
    for actor in (NOBODY, world.cast.organiser.actor, world.cast.colleague.actor):
        assert delivery.rescorings_of(actor=actor, estimate_id=new) == []


def test_it_says_beforehand_whom_it_would_touch(world: World) -> None:
    sitting = _finished(world)
    key = _key_of(sitting, 1)
    seen = delivery.item_in_campaign(actor=world.cast.organiser.actor, campaign_id=world.campaign.id, item_key=key)
    assert (seen.finished, seen.running, seen.neutralised) == (1, 0, False)
    assert seen.full_credit is None, "one answer is nobody's business"
