"""Which units an organiser or leader may go to: from where he stands, not the whole tree, however large it is."""

from __future__ import annotations

from uuid import UUID

from shuyang.kernel.errors import NotFound
from shuyang.people.api import UnitView, unit, units_around, units_at, units_on_top
from shuyang.trust.api import Actor, Role

READERS = (Role.ORGANISER, Role.LEADER)


def uppermost(actor: Actor) -> UnitView | None:
    """The uppermost unit whose sums the actor may see; the first of them for a role that holds everywhere."""
    if "" in actor.paths(*READERS):
        return next(iter(units_on_top(actor=actor)), None)
    found = [u for u in units_at(paths=actor.paths(*READERS)).values() if u.active]
    return min(found, key=lambda u: (u.path.count("/"), u.path), default=None)


def places(actor: Actor, unit_id: UUID) -> list[tuple[UnitView, int]]:
    """Where one may go from a unit, with the depth of each: units above within reach, the unit, its parts."""
    reach = actor.paths(*READERS)
    around = units_around(actor=actor, unit_id=unit_id)
    above = [u for u in around.above if any(u.path.startswith(p) for p in reach)]
    depth = len(above)
    return [*((u, i) for i, u in enumerate(above)), (around.here, depth), *((u, depth + 1) for u in around.parts)]


def merged_into(actor: Actor, unit_id: UUID) -> UnitView | None:
    """The unit that a unit has become part of, where it was merged and the actor may see the other."""
    here = unit(actor=actor, unit_id=unit_id)
    if here.merged_into_id is None:
        return None
    try:
        return unit(actor=actor, unit_id=here.merged_into_id)
    except NotFound:
        return None
