"""Reads of designs, and of the plans that sittings follow."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

import msgspec

from shuyang.itembank.designs.contracts import DesignCheck, DesignKind, DesignSpec, DesignView, Plan
from shuyang.itembank.models import DesignRow
from shuyang.itembank.policies import EditDesigns
from shuyang.kernel.canonical import digest
from shuyang.kernel.errors import NotFound, Tampered
from shuyang.measurement.cat.contracts import Blueprint
from shuyang.trust.api import Actor


def design_view(row: DesignRow) -> DesignView:
    return DesignView(
        id=row.id, family_id=row.family_id, number=row.number, title=row.title, spec=DesignSpec.from_dict(row.spec),
        hash=row.hash, fixed_at=row.fixed_at, retired=row.retired, job_id=row.job_id,
        check=DesignCheck.from_dict(row.check_body) if row.check_body else None,
    )  # fmt: skip


def designs(*, actor: Actor) -> list[DesignView]:
    """All designs, newest first; of each family every version. Raises `Forbidden`."""
    EditDesigns().demand(actor)
    return [design_view(row) for row in DesignRow.objects.order_by("-created_at")[:500]]


def design(*, actor: Actor, design_id: UUID) -> DesignView:
    """One version of a design. Raises `NotFound`."""
    return design_view(design_row(actor, design_id))


def design_row(actor: Actor, design_id: UUID, *, lock: bool = False) -> DesignRow:
    rows = DesignRow.objects.select_for_update() if lock else DesignRow.objects
    row = rows.filter(EditDesigns().visible_to(actor), id=design_id).first()
    if row is None:
        raise NotFound("no such design")
    return row


def fixed_designs(*, actor: Actor) -> list[DesignView]:
    """Designs that campaigns may use: fixed and not retired, newest first; none for who may not see them."""
    rows = DesignRow.objects.filter(EditDesigns().visible_to(actor), retired=False).exclude(hash="")
    return [design_view(row) for row in rows.order_by("-fixed_at")]


def title_of_plan(*, hash: str) -> str:
    """The title of a fixed design, with its version; empty for a plan there is none of."""
    row = DesignRow.objects.filter(hash=hash).order_by("fixed_at").values_list("title", "number").first()
    return f"{row[0]} v{row[1]}" if row else ""


@lru_cache(maxsize=32)
def plan(*, hash: str) -> Plan:
    """The plan with this content address. Raises `NotFound`, or `Tampered` if its body was altered."""
    text = DesignRow.objects.filter(hash=hash).values_list("body", flat=True).first()
    if text is None:
        raise NotFound("no such plan")
    if digest(text.encode()) != hash:
        raise Tampered("the plan's body does not fit its hash")
    body = msgspec.json.decode(text)
    return Plan(
        hash=hash, kind=DesignKind(body["kind"]), rules=Blueprint.from_dict(body["rules"]), release_hash=body["release"],
        forms=tuple(map(tuple, body["forms"])), panels=tuple(body["panels"]), body=body,
    )  # fmt: skip
