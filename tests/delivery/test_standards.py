"""A standard setting: ratings checked at their place, cuts with errors, a record closed for good that a release cites."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
import pytest

from shuyang.delivery import api as delivery
from shuyang.delivery.api import Method, Purpose
from shuyang.delivery.models import JudgeRating, StandardSetting
from shuyang.delivery.standards.rules import GRID, _expected
from shuyang.itembank.api import current_release, publish_release, release
from shuyang.kernel.canonical import content_hash
from shuyang.kernel.errors import Forbidden, Invalid, NotFound
from shuyang.trust.api import NOBODY, SYSTEM, Actor, Role, check_audit
from tests.cast import make_member
from tests.delivery.world import World, open_campaign

AT = (-1.0, -0.2, 0.6, 1.4)


def psychometrician(world: World) -> Actor:
    return make_member("P040", "测量专员", world.cast.city, Role.PSYCHOMETRICIAN).actor


def start(actor: Actor, method: Method = Method.ANGOFF, per_force: int = 6) -> UUID:
    return delivery.start_setting(actor=actor, name="2026 年标准设定", method=method, per_force=per_force)


def true_ratings(actor: Actor, setting_id: UUID, *, at: tuple[float, ...] = AT, off: float = 0.0) -> dict[str, Any]:
    """What a judge would say who knows the curves and means the cuts `at`, severe by `off` logits."""
    view = delivery.setting(actor=actor, setting_id=setting_id)
    found = release(hash=view.release_hash)
    if view.method == Method.ANGOFF:
        curves = {row.id: _expected(found.by_id[row.id]) for row in view.items}
        return {id_: [100 * float(np.interp(a + off, GRID, c)) for a in at] for id_, c in curves.items()}
    places = {f: [row.location for row in view.items if row.force == f] for f in view.forces}
    return {f: [1 + sum(p < a + off for p in found_) for a in at] for f, found_ in places.items()}


def rate_all(actor: Actor, setting_id: UUID, judges: int = 5, at: tuple[float, ...] = AT) -> None:
    offs = np.linspace(-0.2, 0.2, judges)
    ratings = {f"评委{n}": true_ratings(actor, setting_id, at=at, off=float(off)) for n, off in enumerate(offs)}
    delivery.rate_many(actor=actor, setting_id=setting_id, ratings=ratings)


def confirmed(world: World) -> str:
    """A release whose cuts are confirmed; its hash."""
    actor = psychometrician(world)
    setting_id = start(actor)
    rate_all(actor, setting_id)
    delivery.close_setting(actor=actor, setting_id=setting_id)
    return delivery.adopt_setting(actor=actor, setting_id=setting_id).hash


@pytest.mark.parametrize("method", list(Method))
def test_cuts_are_where_judges_who_know_the_curves_put_them(world: World, method: Method) -> None:
    actor = psychometrician(world)
    setting_id = start(actor, method, per_force=12)
    rate_all(actor, setting_id)
    view = delivery.setting(actor=actor, setting_id=setting_id)
    assert view.problem == ""
    close = 0.02 if method == Method.ANGOFF else 0.45  # a booklet has gaps between its pages
    for one in view.cuts:
        assert np.allclose(one.cuts, AT, atol=close), one
        assert all(0 < se < 0.5 for se in one.se) or method == Method.BOOKMARK
        assert one.points == tuple(500 + 100 * c for c in one.cuts)


def test_the_record_is_closed_named_and_cited_by_a_release(world: World) -> None:
    before = current_release()
    assert before.provisional_cuts
    with pytest.raises(delivery.ProvisionalCuts):
        open_campaign(world.cast, purpose=Purpose.RECRUITMENT, blueprint="certification")
    after = release(hash=confirmed(world))
    row = StandardSetting.objects.get()
    assert (after.provisional_cuts, after.body["standard_setting"]) == (False, row.hash)
    assert content_hash(row.body) == row.hash
    assert [i.id for i in after.items] == [i.id for i in before.items]
    assert all(cuts.se for cuts in after.cuts.values())
    campaign = open_campaign(world.cast, purpose=Purpose.CERTIFICATION, blueprint="certification")
    assert campaign.release_hash == after.hash
    actor = make_member("P041", "专员乙", world.cast.city, Role.PSYCHOMETRICIAN).actor
    for act in (
        lambda: delivery.rate(actor=actor, setting_id=row.id, judge="晚到", values={}),
        lambda: delivery.next_round(actor=actor, setting_id=row.id),
        lambda: delivery.close_setting(actor=actor, setting_id=row.id),
    ):
        with pytest.raises(delivery.SettingClosed):
            act()
    assert delivery.setting(actor=actor, setting_id=row.id).adopted
    assert check_audit().whole


def test_confirmed_cuts_stay_when_the_same_scale_is_published_again(world: World) -> None:
    address = confirmed(world)
    assert publish_release(actor=SYSTEM).hash == address
    assert not current_release().provisional_cuts


def test_rounds_keep_what_was_said_before(world: World) -> None:
    actor = psychometrician(world)
    setting_id = start(actor)
    with pytest.raises(delivery.NoCuts):
        delivery.next_round(actor=actor, setting_id=setting_id)
    rate_all(actor, setting_id, judges=5)
    delivery.next_round(actor=actor, setting_id=setting_id)
    rate_all(actor, setting_id, judges=5, at=(-0.8, 0.0, 0.8, 1.5))
    view = delivery.setting(actor=actor, setting_id=setting_id)
    assert (view.round, len(view.judges)) == (2, 5)
    assert np.allclose(view.earlier[0][1][0].cuts, AT, atol=0.02)
    assert np.allclose(view.cuts[0].cuts, (-0.8, 0.0, 0.8, 1.5), atol=0.02)
    assert JudgeRating.objects.count() == 10
    delivery.close_setting(actor=actor, setting_id=setting_id)
    assert set(StandardSetting.objects.get().body["rounds"]) == {"1", "2"}


def test_risk_and_impact_are_shown_before(world: World) -> None:
    actor = psychometrician(world)
    setting_id = start(actor)
    with pytest.raises(delivery.NoCuts):
        delivery.impact(actor=actor, setting_id=setting_id)
    rate_all(actor, setting_id)
    seen = delivery.impact(actor=actor, setting_id=setting_id)
    assert seen.people is None
    for one in seen.forces:
        assert abs(sum(one.shares) - 1) < 1e-6
        for risk in one.risks:
            assert risk.accuracy.low <= risk.accuracy.value <= risk.accuracy.high
            assert risk.accuracy.value + risk.false_positive.value + risk.false_negative.value == pytest.approx(1)


def _broken(values: dict[str, Any], **changes: Any) -> dict[str, Any]:
    first = next(iter(values))
    return {**values, first: changes.get("to", values[first])}


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ([10, 20, 30], "rating_out_of_range"),
        ([10, 20, 30, 101], "rating_out_of_range"),
        ([10, "x", 30, 40], "rating_out_of_range"),
        ([10, float("nan"), 30, 40], "rating_out_of_range"),
        ([40, 30, 50, 60], "rating_falls"),
    ],
)
def test_a_rating_that_can_not_be_is_refused_at_its_place(world: World, to: list[Any], code: str) -> None:
    actor = psychometrician(world)
    setting_id = start(actor)
    values = true_ratings(actor, setting_id)
    with pytest.raises(Invalid) as caught:
        delivery.rate(actor=actor, setting_id=setting_id, judge="评委", values=_broken(values, to=to))
    assert [(p.where, p.code) for p in caught.value.problems] == [(next(iter(values)), code)]
    assert not JudgeRating.objects.exists()


def test_too_few_judges_close_nothing(world: World) -> None:
    actor = psychometrician(world)
    setting_id = start(actor)
    rate_all(actor, setting_id, judges=4)
    with pytest.raises(delivery.NoCuts):
        delivery.close_setting(actor=actor, setting_id=setting_id)
    with pytest.raises(delivery.NoCuts):
        delivery.adopt_setting(actor=actor, setting_id=setting_id)
    assert current_release().provisional_cuts


def test_standards_are_for_psychometricians(world: World) -> None:
    setting_id = start(psychometrician(world))
    for actor in (NOBODY, world.learner, world.cast.organiser.actor):
        with pytest.raises(Forbidden):
            start(actor)
        with pytest.raises(NotFound):
            delivery.setting(actor=actor, setting_id=setting_id)
        assert delivery.settings(actor=actor) == []
    with pytest.raises(Invalid):
        start(SYSTEM, per_force=2)
