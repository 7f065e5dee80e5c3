"""Edit, check, fix and retire designs. What is fixed is never changed: a change is a new version."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuyang.itembank.designs.checking import Step, check_design
from shuyang.itembank.designs.contracts import DesignSpec, DesignView
from shuyang.itembank.designs.queries import design_row, design_view
from shuyang.itembank.designs.rules import spec_problems
from shuyang.itembank.models import DesignRow
from shuyang.itembank.policies import EditDesigns
from shuyang.itembank.queries.releases import current_release
from shuyang.kernel.canonical import canonical_json, digest
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Invalid
from shuyang.kernel.ids import new_id
from shuyang.kit.api import enqueue
from shuyang.measurement.cat.errors import BadBlueprint
from shuyang.trust.api import Actor, record


class AlreadyFixed(Conflict):
    """A fixed design does not change; make a new version."""

    code = "design_fixed"


class NotChecked(Conflict):
    """A design is fixed only after a check of exactly what it says, on the release in use."""

    code = "design_not_checked"


class NoSuchForms(Conflict):
    """The bank has no items from which such forms could be put together."""

    code = "no_such_forms"


def save_design(*, actor: Actor, title: str, spec: DesignSpec, design_id: UUID | None = None) -> DesignView:
    """Make a draft, or change one. Raises `Invalid` with each problem at its field, `AlreadyFixed`, `NotFound`."""
    EditDesigns().demand(actor)
    problems = spec_problems(title, spec, current_release())
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        row = DesignRow(family_id=new_id(), number=1, created_by=actor.account_id)
        if design_id is not None:
            row = _draft(actor, design_id)
        row.title, row.spec = title.strip(), spec.to_dict()
        row.save()
        _record(actor, row, "design.saved")
    return design_view(row)


def new_version(*, actor: Actor, design_id: UUID) -> DesignView:
    """A draft of the next version with what a version says; the draft there is already comes back. Raises `NotFound`."""
    with transaction.atomic():
        old = design_row(actor, design_id, lock=True)
        draft = DesignRow.objects.filter(family_id=old.family_id, hash="").first()
        if draft is None:
            last = DesignRow.objects.filter(family_id=old.family_id).order_by("number").values_list("number", flat=True)
            draft = DesignRow(family_id=old.family_id, number=max(last) + 1, title=old.title, spec=old.spec)
            draft.created_by = actor.account_id
            draft.save(force_insert=True)
            _record(actor, draft, "design.saved")
    return design_view(draft)


def start_check(*, actor: Actor, design_id: UUID) -> UUID:
    """Queue the check of a draft: simulated people take it. Returns the job's id. Raises `NotFound`, `AlreadyFixed`."""
    with transaction.atomic():
        row = _draft(actor, design_id)
        job_id = enqueue(name="itembank.check_design", arguments={"design_id": str(row.id)}, owner_id=actor.account_id)
        DesignRow.objects.filter(id=row.id).update(job_id=job_id)
    return job_id


def check_now(*, design_id: str, step: Step) -> int:
    """The work of the check; what was found is stored with the wish it belongs to. Returns how many people sat.

    Raises `NoSuchForms`.
    """
    row = DesignRow.objects.get(id=design_id)
    try:
        found = check_design(DesignSpec.from_dict(row.spec), current_release(), step=step)
    except BadBlueprint as error:
        raise NoSuchForms(str(error)) from None
    DesignRow.objects.filter(id=row.id, hash="").update(check_body=found.to_dict())
    return found.people


def fix_design(*, actor: Actor, design_id: UUID) -> DesignView:
    """Fix a checked draft: from now on campaigns may use it and nothing changes it.

    Raises `NotFound`, `AlreadyFixed`, `NotChecked` where the check is of another wish or another release.
    """
    with transaction.atomic():
        row = _draft(actor, design_id)
        view = design_view(row)
        if not view.checked or view.check is None or view.check.release_hash != current_release().hash:
            raise NotChecked("check the design first")
        text = canonical_json(dict(view.check.body)).decode()
        row.body, row.hash, row.fixed_at = text, digest(text.encode()), now()
        row.save(update_fields=["body", "hash", "fixed_at"])
        _record(actor, row, "design.fixed")
    return design_view(row)


def retire_design(*, actor: Actor, design_id: UUID) -> None:
    """Offer a fixed design to no more campaigns; those that use it go on. A draft is deleted. Raises `NotFound`."""
    with transaction.atomic():
        row = design_row(actor, design_id, lock=True)
        _record(actor, row, "design.retired")
        if row.hash:
            DesignRow.objects.filter(id=row.id).update(retired=True)
        else:
            DesignRow.objects.filter(id=row.id).delete()


def _draft(actor: Actor, design_id: UUID) -> DesignRow:
    row = design_row(actor, design_id, lock=True)
    if row.hash:
        raise AlreadyFixed("the design is fixed")
    return row


def _record(actor: Actor, row: DesignRow, action: str) -> None:
    details = {"number": row.number, "hash": row.hash}
    record(actor=actor, action=action, object_kind="design", object_id=row.id, details=details)
