"""Add, rename and merge units."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.kernel.clock import today
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from shuyang.people.contracts import UnitView
from shuyang.people.models import Person, Post, Unit
from shuyang.people.policies import ManageUnit, SeeUnit
from shuyang.people.queries.units import unit_view
from shuyang.people.rules import halfwidth
from shuyang.trust.api import Actor, Role, record

_SEGMENT = "abcdefghijkmnpqrstuvwxyz23456789"  # lower case only: SQLite's LIKE does not tell cases apart
_DEPTH = 12
_BATCH = 300


class UnitHasUnits(Conflict):
    """A unit with active units below it can't be merged: merge those first."""

    code = "unit_has_units"


class UnitsBelowEachOther(Conflict):
    """A unit can't go into itself."""

    code = "unit_into_itself"


def new_path(parent: Unit | None) -> str:
    """A path for a new unit: the parent's and a random segment, which says nothing and so never has to change."""
    return (parent.path if parent else "") + "".join(secrets.choice(_SEGMENT) for _ in range(6)) + "/"


def managed_unit(actor: Actor, unit_id: UUID) -> Unit:
    """The unit, which the actor must be allowed to change."""
    row = Unit.objects.filter(id=unit_id).first()
    if row is None:
        raise NotFound("no such unit")
    ManageUnit().require(actor, row, see=SeeUnit())
    return row


def add_unit(*, actor: Actor, parent_id: UUID | None, name: str, code: str = "", kind: str = "") -> UnitView:
    """Add a unit below another; a root unit takes an administrator of the whole installation.

    Raises `Invalid` for an empty or doubled name or a code in use, `Forbidden`/`NotFound` for a foreign parent.
    """
    parent = managed_unit(actor, parent_id) if parent_id else None
    if parent is None and not actor.has(Role.ADMINISTRATOR, at=""):
        raise Forbidden("only an administrator of the installation adds a root unit")
    name, code = _checked(name, code, parent, None)
    if parent is not None and parent.path.count("/") >= _DEPTH:
        raise Invalid([Problem("name", "unit_too_deep", (("depth", str(_DEPTH)),))])
    with transaction.atomic():
        row = _created(Unit(code=code or None, name=name, kind=kind.strip()[:40], parent=parent, path=new_path(parent)))
        record(actor=actor, action="unit.added", object_kind="unit", object_id=row.id, unit_path=row.path)
    return unit_view(row)


def _created(row: Unit) -> Unit:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # someone else took the code a moment ago
        raise Invalid([Problem("code", "unit_code_taken", (("code", row.code or ""),))]) from error
    return row


def _checked(name: str, code: str, parent: Unit | None, this: Unit | None) -> tuple[str, str]:
    name, code, problems = " ".join(name.split()), halfwidth(code).upper(), []
    others = Unit.objects.exclude(id=this.id) if this else Unit.objects.all()
    if not name or len(name) > 100:
        problems.append(Problem("name", "unit_name_bad"))
    elif others.filter(parent=parent, name=name, active=True).exists():
        problems.append(Problem("name", "unit_name_taken", (("name", name),)))
    if len(code) > 40:
        problems.append(Problem("code", "unit_code_bad"))
    elif code and others.filter(code=code).exists():
        problems.append(Problem("code", "unit_code_taken", (("code", code),)))
    if problems:
        raise Invalid(problems)
    return name, code


def rename_unit(*, actor: Actor, unit_id: UUID, name: str, code: str = "", kind: str = "") -> UnitView:
    """Change name, code and kind. What is stored under the unit's path is not touched."""
    row = managed_unit(actor, unit_id)
    name, code = _checked(name, code, row.parent, row)
    with transaction.atomic():
        row.name, row.code, row.kind = name, code or None, kind.strip()[:40]
        row.save(update_fields=["name", "code", "kind"])
        record(actor=actor, action="unit.renamed", object_kind="unit", object_id=row.id, unit_path=row.path)
    return unit_view(row)


def merge_units(*, actor: Actor, unit_id: UUID, into_id: UUID) -> UnitView:
    """Merge a unit into another: its people go there today (posts are closed and opened anew), it becomes inactive.

    Raises `Conflict` when it has active units below it, or goes into itself.
    """
    row, into = managed_unit(actor, unit_id), managed_unit(actor, into_id)
    if into.path.startswith(row.path) or not into.active or not row.active:
        raise UnitsBelowEachOther("a unit can't be merged into itself, nor into or out of an inactive one")
    if Unit.objects.filter(parent=row, active=True).exists():
        raise UnitHasUnits("merge the units below it first")
    with transaction.atomic():
        moved = _move_people(row, into)
        Unit.objects.filter(id=row.id).update(active=False, merged_into=into)
        record(
            actor=actor,
            action="unit.merged",
            object_kind="unit",
            object_id=row.id,
            unit_path=row.path,
            details={"into": str(into.id), "people": moved},
        )
    return unit_view(into)


def _move_people(row: Unit, into: Unit) -> int:
    day = today()
    ids = list(Person.objects.filter(unit=row).values_list("id", flat=True))
    Person.objects.filter(unit=row).update(unit=into, unit_path=into.path)
    held = list(Post.objects.filter(unit=row, to_date=None))
    Post.objects.filter(id__in=[p.id for p in held if p.from_date >= day]).update(unit=into, unit_path=into.path)
    earlier = [p for p in held if p.from_date < day]
    for start in range(0, len(earlier), _BATCH):
        part = earlier[start : start + _BATCH]
        Post.objects.filter(id__in=[p.id for p in part]).update(to_date=day - timedelta(days=1))
        Post.objects.bulk_create([_continued(p, into) for p in part])
    return len(ids)


def _continued(post: Post, into: Unit) -> Post:
    return Post(
        person_id=post.person_id,
        unit=into,
        unit_path=into.path,
        rank_layer=post.rank_layer,
        job_category=post.job_category,
        title=post.title,
        from_date=today(),
    )
