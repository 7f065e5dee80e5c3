"""A unit's place among others: a line upwards and one layer below, as far as the actor sees them."""

from __future__ import annotations

import pytest
from tests.cast import make_cast, make_unit

from shuyang.kernel.errors import NotFound
from shuyang.people.api import units_around
from shuyang.people.models import Unit
from shuyang.trust.api import SYSTEM


@pytest.mark.django_db
def test_it_tells_what_is_above_and_the_parts_in_their_order() -> None:
    cast = make_cast()
    make_unit("国库科", "F2", cast.finance)
    gone = make_unit("旧科", "F0", cast.finance)
    Unit.objects.filter(id=gone.id).update(active=False)
    make_unit("预算一组", "F1A", cast.budget)
    found = units_around(actor=SYSTEM, unit_id=cast.finance.id)
    assert [u.name for u in found.above] == ["云川市"]
    assert (found.here.name, [u.name for u in found.parts]) == ("财政局", ["预算科", "国库科"])
    deep = units_around(actor=SYSTEM, unit_id=cast.budget.id)
    assert [u.name for u in deep.above] == ["云川市", "财政局"]


@pytest.mark.django_db
def test_a_stranger_is_told_nothing() -> None:
    cast = make_cast()
    with pytest.raises(NotFound):
        units_around(actor=cast.stranger.actor, unit_id=cast.finance.id)
