"""Reads of the organisation tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from shuyang.kernel.errors import NotFound
from shuyang.people.contracts import UnitLine, UnitSurroundings, UnitView
from shuyang.people.models import Person, Unit
from shuyang.people.policies import ManageUnit, SeeUnit
from shuyang.trust.api import Actor


def unit_view(row: Unit) -> UnitView:
    return UnitView(row.id, row.code or "", row.name, row.kind, row.path, row.parent_id, row.active, row.merged_into_id)


def unit(*, actor: Actor, unit_id: UUID) -> UnitView:
    """A unit. Raises `NotFound` for one the actor may not see."""
    row = Unit.objects.filter(SeeUnit().visible_to(actor), id=unit_id).first()
    if row is None:
        raise NotFound("no such unit")
    return unit_view(row)


def units_at(*, paths: Iterable[str]) -> dict[str, UnitView]:
    """Units by path, for rooms that stored paths and show names; not scoped."""
    return {row.path: unit_view(row) for row in Unit.objects.filter(path__in=set(paths))}


def units_on_top(*, actor: Actor) -> tuple[UnitView, ...]:
    """Active units that belong to no other, as far as the actor sees them, by code and name."""
    rows = Unit.objects.filter(SeeUnit().visible_to(actor), parent=None, active=True)
    return tuple(unit_view(row) for row in sorted(rows, key=_among_sisters))


def unit_tree(*, actor: Actor, manage: bool = False, with_inactive: bool = False) -> tuple[UnitLine, ...]:
    """The units the actor sees (or with `manage`: may change), parents before children, siblings by code and name."""
    policy = ManageUnit() if manage else SeeUnit()
    rows = Unit.objects.filter(policy.visible_to(actor))
    if not with_inactive:
        rows = rows.filter(active=True)
    units = list(rows)
    counted = Person.objects.filter(active=True).values_list("unit_path").annotate(n=Count("id")).order_by()
    return _lines(units, dict(counted))


def _lines(units: list[Unit], counts: dict[str, int]) -> tuple[UnitLine, ...]:
    below: dict[str, int] = {}
    for path, number in counts.items():
        for end in [i + 1 for i, c in enumerate(path) if c == "/"]:
            below[path[:end]] = below.get(path[:end], 0) + number
    known = {u.id for u in units}
    children: dict[UUID | None, list[Unit]] = {}
    for row in sorted(units, key=_among_sisters):
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    lines: list[UnitLine] = []

    def walk(parent: UUID | None, level: int) -> None:
        for row in children.get(parent, []):
            lines.append(UnitLine(unit_view(row), level, counts.get(row.path, 0), below.get(row.path, 0)))
            walk(row.id, level + 1)

    walk(None, 0)
    return tuple(lines)


def units_around(*, actor: Actor, unit_id: UUID) -> UnitSurroundings:
    """Where a unit stands: the units above it that the actor sees, and its active parts. Raises `NotFound`.

    However large the organisation, it reads a line of units and one layer, not the tree.
    """
    here = unit(actor=actor, unit_id=unit_id)
    seen = Unit.objects.filter(SeeUnit().visible_to(actor))
    ends = [i + 1 for i, c in enumerate(here.path) if c == "/"][:-1]
    above = sorted(seen.filter(path__in=[here.path[:end] for end in ends]), key=lambda u: len(u.path))
    parts = sorted(seen.filter(parent_id=here.id, active=True), key=_among_sisters)
    return UnitSurroundings(tuple(map(unit_view, above)), here, tuple(map(unit_view, parts)))


def _among_sisters(row: Unit) -> tuple[bool, str, datetime, str]:
    return row.code is None, row.code or "", row.created_at, row.name
