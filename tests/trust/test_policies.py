"""Every policy of every room says the same about one row and about many."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import shuyang
from shuyang.delivery.api import Accommodation, end_by_person, grant_accommodation
from shuyang.delivery.models import (
    Appeal,
    Campaign,
    HelpCall,
    IntegrityFlag,
    ItemRuling,
    Sitting,
    StandardSetting,
    Survey,
    SurveyAnswer,
)
from shuyang.evidence.models import SelfRating
from shuyang.feedback.models import Credential, Publication
from shuyang.frameworks.models import FrameworkVersion
from shuyang.insight.models import Briefing
from shuyang.itembank.models import DesignRow, Item
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Forbidden, NotFound
from shuyang.kernel.ids import new_id
from shuyang.learning.models import LessonVersion, Note, Reading, Tried
from shuyang.people.api import RequestKind, Scope, ask_about_data, make_token
from shuyang.people.models import Account, Person, RoleGrant, Unit
from shuyang.practice.models import Change, Graded, Run
from shuyang.trust.api import EVERYTHING, NOBODY, NOTHING, SYSTEM, Actor, Grant, Policy, Role, within
from tests.cast import make_member
from tests.delivery.world import NOON, World, give, make_world, open_campaign

PACKAGE = Path(shuyang.__file__).parent


def _policies() -> list[type[Policy[Any]]]:
    """All policies of all rooms, found by their modules and not by a list that could miss one."""
    for path in sorted(PACKAGE.rglob("policies.py")):
        import_module(".".join(["shuyang", *path.relative_to(PACKAGE).with_suffix("").parts]))
    return sorted((p for p in _below(Policy) if _is_real(p)), key=lambda p: f"{p.__module__}.{p.__name__}")


def _below(kind: type) -> Iterator[type]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _below(sub)


def _is_real(policy: type) -> bool:
    return policy.__module__.startswith("shuyang.") and not policy.__name__.startswith("_")


def models_of(policy: type) -> tuple[type[Model], ...]:
    """The models a policy is about: the argument of `Policy[…]` or its parts, its own or inherited."""
    for kind in policy.__mro__:
        for base in getattr(kind, "__orig_bases__", ()):
            if typing.get_origin(base) is Policy:
                (found,) = typing.get_args(base)
                return typing.get_args(found) or (found,)
    raise AssertionError(f"{policy.__name__} does not say which model it is about: Policy[Model]")


POLICIES = _policies()


def _name(policy: type) -> str:
    return f"{policy.__module__.split('.')[1]}.{policy.__name__}"


# --- rows and actors -------------------------------------------------------------------------------------------------


def make_rows() -> World:
    """At least two rows of every model that a policy is about, in different units, of different people.

    A room that adds a policy adds its rows here.
    """
    world = make_world()
    cast = world.cast
    open_campaign(cast, actor=SYSTEM, unit_id=cast.health.id)
    open_campaign(cast, actor=SYSTEM, unit_id=cast.city.id)
    for member in (cast.learner, cast.clerk):
        sitting = world.begin(member.actor)
        give(member.actor, sitting.id)
        end_by_person(actor=member.actor, sitting_id=sitting.id)
        _grant_more_time(member.person_id)
    _design_tests()
    make_member("P008", "云川市民", cast.city, Role.AUDITOR)
    make_member("P009", "外管理", cast.health, Role.ADMINISTRATOR)
    _read_lessons(cast.learner.person_id, cast.stranger.person_id)
    _rate_themselves(world)
    _call_for_help()
    _practise(cast.learner.person_id, cast.stranger.person_id)
    for member in (cast.learner, cast.stranger):
        make_token(actor=member.actor, name="程序", scopes=[Scope.ME], days=30)
    _certify(cast.learner.person_id, cast.stranger.person_id)
    _rule_on_items()
    _ask(world)
    for member in (cast.learner, cast.stranger):
        ask_about_data(actor=member.actor, kind=RequestKind.DELETION)
    _recruit()
    _publish(cast.finance.path, cast.health.path, cast.city.path)
    _flag()
    _brief(cast.finance, cast.health, writer=cast.organiser.account_id, other=cast.learner.account_id)
    return world


def _certify(*holders: UUID) -> None:
    for holder, path in zip(holders, ("c/f/", "c/h/"), strict=True):
        Credential.objects.create(
            code=holder.hex[:16], person_id=holder, unit_path=path, estimate_id=holder, kind="diagnosis", statement=b"",
            synthetic=True,
        )  # fmt: skip


def _practise(*persons: UUID) -> None:
    for person_id in persons:
        run = Run.objects.create(
            person_id=person_id, unit_path="c/f/", scenario="x", scenario_hash="0" * 64, seed=1, mode="practice"
        )
        Change.objects.create(run=run, number=1, part="queries")
        Graded.objects.create(run=run, task="t", category=1, max_category=3, reason="right")


def _call_for_help() -> None:
    for sitting in Sitting.objects.all():
        HelpCall.objects.create(
            sitting=sitting, campaign_id=sitting.campaign_id, unit_path=sitting.unit_path, person_id=sitting.person_id,
            at=NOON, position=1,
        )  # fmt: skip


def _rule_on_items() -> None:
    for campaign in Campaign.objects.all():
        ItemRuling.objects.create(
            campaign=campaign, unit_path=campaign.unit_path, item_index=0, item_version_id=campaign.id,
            kind="neutralised", reason="有误", at=NOON,
        )  # fmt: skip


def _ask(world: World) -> None:
    for unit in (world.cast.finance, world.cast.health):
        survey = Survey.objects.create(
            name="调研", unit_id=unit.id, unit_path=unit.path, unit_name=unit.name, closes_at=NOON
        )
        for member in (world.cast.learner, world.cast.stranger):
            SurveyAnswer.objects.create(survey=survey, person_id=member.person_id, unit_path=unit.path, saved_at=NOON)


def _recruit() -> None:
    StandardSetting.objects.create(name="标准设定", method="angoff", release_hash="0" * 64, items={})
    for sitting in Sitting.objects.select_related("campaign"):
        Appeal.objects.create(
            sitting=sitting, campaign=sitting.campaign, unit_path=sitting.campaign.unit_path,
            person_id=sitting.person_id, reason="复核", at=NOON,
        )  # fmt: skip


def _flag() -> None:
    for number, sitting in enumerate(Sitting.objects.select_related("campaign").order_by("id")):
        IntegrityFlag.objects.create(
            campaign=sitting.campaign, sitting=sitting, unit_path=sitting.campaign.unit_path, evidence={}, at=NOON,
            person_id=sitting.person_id, signal="rapid", state=("noted", "open")[number % 2],
        )  # fmt: skip


def _brief(*units: Unit, writer: UUID, other: UUID) -> None:
    """In each unit one in every state, drafted or edited by one who may be asked to sign."""
    for unit in units:
        for state in ("draft", "submitted", "issued", "withdrawn"):
            for drafted, edited in ((writer, writer), (other, writer), (other, other)):
                Briefing.objects.create(
                    unit_id=unit.id, unit_path=unit.path, unit_name=unit.name, language="zh", campaign_id=new_id(),
                    synthetic=True, state=state, title="参阅", source="{}", source_hash="0" * 64, content="{}",
                    drafted_by=drafted, edited_by=edited, drafter_name="拟稿",
                )  # fmt: skip


def _rate_themselves(world: World) -> None:
    for member, path in ((world.cast.learner, "c/f/"), (world.cast.clerk, "c/f/f1/"), (world.cast.stranger, "c/h/")):
        SelfRating.objects.create(
            person_id=member.person_id, unit_path=path, source="survey", source_id=member.person_id, facet="F01",
            level=3, at=NOON, synthetic=True,
        )  # fmt: skip


def _design_tests() -> None:
    for number in (1, 2):
        DesignRow.objects.create(family_id=new_id(), number=number, title="方案", spec={})


def _grant_more_time(person_id: UUID) -> None:
    given = Accommodation(time_factor=1.5)
    grant_accommodation(actor=SYSTEM, person_id=person_id, campaign_id=None, given=given)


def _publish(*paths: str) -> None:
    for path in paths:
        Publication.objects.create(
            campaign_id=new_id(), campaign_name="测评", unit_path=path, number=1, release_hash="0" * 64, scale="expert",
            people=9, incomplete=0, held_back=0, final=True, synthetic=True, provisional=True, hash="0" * 64, body={},
        )  # fmt: skip


def _read_lessons(*readers: UUID) -> None:
    version = LessonVersion.objects.create(key="L-F01-1", hash="0" * 64, body="{}", current=True)
    for reader in readers:
        Reading.objects.create(person_id=reader, lesson=version.key, version=version)
        Note.objects.create(person_id=reader, lesson=version.key, text="记下来")
        Tried.objects.create(person_id=reader, lesson=version.key, item="P-F01-1-001")


PATHS = ("", "c/", "c/f/", "c/f/f1/", "c/h/", "c/f/f1", "x/", "c/%/", "c/_/")


def actors_of(world: World) -> list[Actor]:
    """Everyone of the cast, the system, nobody, and each role at each place, with and without a person of his own."""
    cast = world.cast
    members = [cast.organiser, cast.learner, cast.colleague, cast.clerk, cast.stranger]
    made = [SYSTEM, NOBODY, cast.administrator, *(m.actor for m in members)]
    for role in Role:
        for path in PATHS:
            made.append(Actor(cast.organiser.account_id, None, "", (Grant(role, path),)))
            made.append(Actor(cast.learner.account_id, cast.learner.person_id, "c/f/", (Grant(role, path),)))
    return made


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen(NOON):
        yield make_rows()


def disagreements(policy: Policy[Any], actor: Actor, rows: list[Model]) -> set[Any]:
    """Keys of rows about which the two halves of a policy differ."""
    model = type(rows[0])
    one_by_one = {row.pk for row in rows if policy.can(actor, row)}
    together = set(model._default_manager.filter(policy.visible_to(actor)).values_list("pk", flat=True))
    return one_by_one ^ together


# --- the two halves agree --------------------------------------------------------------------------------------------


def test_it_finds_the_policies_of_every_room() -> None:
    assert {_name(p).split(".")[0] for p in POLICIES} >= {"delivery", "evidence", "people", "itembank", "frameworks"}
    models = {model for p in POLICIES for model in models_of(p)}
    assert {Sitting, Person, Unit, RoleGrant, Item, FrameworkVersion} <= models


PAIRS = [(policy, model) for policy in POLICIES for model in models_of(policy)]


@pytest.mark.parametrize(("policy", "model"), PAIRS, ids=[f"{_name(p)}-{m.__name__}" for p, m in PAIRS])
def test_it_says_the_same_of_one_row_and_of_many(world: World, policy: type[Policy[Any]], model: type[Model]) -> None:
    rows = list(model._default_manager.all())
    assert rows, f"make_rows() has no row of {model.__name__}: add some, or {policy.__name__} is not tested"
    seen: set[int] = set()
    for actor in actors_of(world):
        assert disagreements(policy(), actor, rows) == set(), actor
        seen.add(sum(policy().can(actor, row) for row in rows))
    assert 0 in seen, "nobody is refused anything"
    assert len(seen) > 1, "nobody may do anything"


def test_it_says_the_same_for_any_mixture_of_roles(world: World) -> None:
    persons = [None, *Person.objects.values_list("id", flat=True)]
    rows = {pair: list(pair[1]._default_manager.all()) for pair in PAIRS}
    grants = st.lists(st.builds(Grant, st.sampled_from(list(Role)), st.sampled_from(PATHS)), max_size=4).map(tuple)
    account = Account.objects.filter(person__isnull=False).values_list("id", flat=True)[0]

    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(person=st.sampled_from(persons), home=st.sampled_from(PATHS), grants=grants)
    def check(person: Any, home: str, grants: tuple[Grant, ...]) -> None:
        actor = Actor(account, person, home, grants)
        for policy, model in PAIRS:
            assert disagreements(policy(), actor, rows[policy, model]) == set(), (_name(policy), actor)

    check()


def test_a_policy_that_says_two_things_is_noticed(world: World) -> None:
    class TwoFaced(Policy[Unit]):
        def can(self, actor: Actor, row: Unit) -> bool:
            return actor.has(Role.ORGANISER, at=row.path)

        def visible_to(self, actor: Actor) -> Q:
            return within(actor.paths(Role.ORGANISER, Role.LEADER), "path")

    leader = Actor(None, None, "", (Grant(Role.LEADER, "c/f/"),))
    assert disagreements(TwoFaced(), leader, list(Unit.objects.all())) == {world.cast.finance.id, world.cast.budget.id}


# --- its parts -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_everything_and_nothing_can_be_joined() -> None:
    Unit.objects.create(name="甲", code="A", path="a/")
    Unit.objects.create(name="乙", code="B", path="b/")

    def count(query: Q) -> int:
        return Unit.objects.filter(query).count()

    own = Q(path="a/")
    assert [count(EVERYTHING), count(NOTHING), count(own | EVERYTHING), count(own | NOTHING)] == [2, 0, 2, 1]
    assert [count(own & EVERYTHING), count(own & NOTHING)] == [1, 0]
    assert [count(within((), "path")), count(within(("",), "path")), count(within(("a/", "b/"), "path"))] == [0, 2, 2]
    assert [count(within(("_/",), "path")), count(within(("%",), "path"))] == [0, 0]


def test_it_tells_what_may_not_be_known_from_what_may_not_be_done() -> None:
    class See(Policy[Unit]):
        def can(self, actor: Actor, row: Unit) -> bool:
            return actor.has(Role.LEADER, at=row.path)

        def visible_to(self, actor: Actor) -> Q:
            return NOTHING

    class Change(See):
        def can(self, actor: Actor, row: Unit) -> bool:
            return actor.has(Role.ORGANISER, at=row.path)

    unit = Unit(path="a/")
    leader = Actor(None, None, "", (Grant(Role.LEADER, "a/"),))
    Change().require(Actor(None, None, "", (Grant(Role.ORGANISER, "a/"),)), unit, see=See())
    with pytest.raises(Forbidden):
        Change().require(leader, unit, see=See())
    with pytest.raises(NotFound):
        Change().require(leader, unit)
    with pytest.raises(NotFound):
        Change().require(NOBODY, unit, see=See())
