"""Every policy says the same about one row and about many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.cast import Cast, make_cast

from shuyang.people import api, policies
from shuyang.people.models import Person, RoleGrant, Unit
from shuyang.people.services.units import UnitHasUnits, UnitsBelowEachOther
from shuyang.trust.api import NOBODY, SYSTEM, Actor, Policy, Role

pytestmark = pytest.mark.django_db

CASES: list[tuple[Callable[[], Policy], type]] = [
    (policies.SeePerson, Person),
    (policies.ManagePerson, Person),
    (policies.ResetSignIn, Person),
    (policies.SeeUnit, Unit),
    (policies.ManageUnit, Unit),
    (policies.ManageRole, RoleGrant),
]


def _actors(cast: Cast) -> dict[str, Actor]:
    api.grant_role(
        actor=cast.administrator, person_id=cast.clerk.person_id, role=Role.ADMINISTRATOR, unit_id=cast.finance.id
    )
    api.grant_role(
        actor=cast.administrator, person_id=cast.colleague.person_id, role=Role.APPRAISER, unit_id=cast.city.id
    )
    members = {name: getattr(cast, name).actor for name in ("organiser", "learner", "colleague", "clerk", "stranger")}
    return members | {"administrator": cast.administrator, "system": SYSTEM, "nobody": NOBODY}


@pytest.mark.parametrize(("policy", "model"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_it_decides_alike_for_one_and_for_many(policy: Callable[[], Policy], model: type) -> None:
    for name, actor in _actors(make_cast()).items():
        seen = set(model.objects.filter(policy().visible_to(actor)).values_list("id", flat=True))
        allowed = {row.id for row in model.objects.all() if policy().can(actor, row)}
        assert seen == allowed, name
        if name == "system":
            assert len(seen) == model.objects.count()
        if name == "nobody":
            assert not seen


def test_it_merges_no_unit_into_itself_or_over_units_below() -> None:
    cast = make_cast()
    with pytest.raises(UnitHasUnits):
        api.merge_units(actor=cast.administrator, unit_id=cast.finance.id, into_id=cast.health.id)
    with pytest.raises(UnitsBelowEachOther):
        api.merge_units(actor=cast.administrator, unit_id=cast.finance.id, into_id=cast.budget.id)
    api.merge_units(actor=cast.administrator, unit_id=cast.budget.id, into_id=cast.health.id)
    moved = Person.objects.get(id=cast.clerk.person_id)
    assert moved.unit_path == cast.health.path
    assert [(p.unit_id, p.to_date is None) for p in moved.posts.order_by("from_date")] == [
        (cast.budget.id, False),
        (cast.health.id, True),
    ]
