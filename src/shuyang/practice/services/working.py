"""Change the work of a run: queries, artifacts, notes; undo, checkpoints, hints. Every change is kept, so that each can be
taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.practice.contracts import Mode
from shuyang.practice.examining import given_names
from shuyang.practice.models import Change, Run
from shuyang.practice.places import scenario_of
from shuyang.practice.rules import LARGEST_WORK, LONGEST_NOTES
from shuyang.practice.services.holding import open_for_change
from shuyang.practice.spec import Task
from shuyang.practice.work import artifact, named_queries
from shuyang.trust.api import Actor

QUERIES = "queries"


def save_queries(*, actor: Actor, run_id: UUID, revision: int, queries: Sequence[Mapping[str, Any]]) -> int:
    """Keep the named queries. Returns the new revision. Raises `Invalid`, `Stale`, `Closed`, `NotFound`."""
    with transaction.atomic():
        row = open_for_change(actor, run_id, revision)
        checked = named_queries(queries, given_names(scenario_of(row)))
        return _put(row, QUERIES, [{"name": q.name, "sql": q.sql} for q in checked])


def save_artifact(*, actor: Actor, run_id: UUID, revision: int, task_id: str, raw: Mapping[str, Any]) -> int:
    """Keep what was made for a task. Returns the new revision. Raises `Invalid`, `Stale`, `Closed`, `NotFound`."""
    with transaction.atomic():
        row = open_for_change(actor, run_id, revision)
        return _put(row, f"artifact:{task_id}", artifact(_task(row, task_id).workspace, raw))


def _task(row: Run, task_id: str) -> Task:
    try:
        return scenario_of(row).spec.task(task_id)
    except KeyError:
        raise NotFound("no such task") from None


def _put(row: Run, part: str, after: Any) -> int:
    """Set a part of the work and keep the change; the same value again is no change."""
    before = part_of(row.work, part)
    if before == after:
        return row.revision
    work = with_part(row.work, part, after)
    if len(msgspec.json.encode(work)) > LARGEST_WORK:
        raise Invalid([Problem(part, "range_work_too_large")])
    Change.objects.filter(run=row, undone=True).delete()  # after a new change there is nothing to redo
    row.work, row.revision = work, row.revision + 1
    row.save(update_fields=["work", "revision"])
    Change.objects.create(run=row, number=row.revision, part=part, before=before, after=after)
    return row.revision


def part_of(work: Mapping[str, Any], part: str) -> Any:
    """A part of the work as stored; None where there is none."""
    return work.get(QUERIES) if part == QUERIES else work.get("artifacts", {}).get(part.removeprefix("artifact:"))


def with_part(work: Mapping[str, Any], part: str, value: Any) -> dict[str, Any]:
    """The work with a part replaced; None takes it out."""
    changed = {**work, "artifacts": dict(work.get("artifacts", {}))}
    place, key = (changed, QUERIES) if part == QUERIES else (changed["artifacts"], part.removeprefix("artifact:"))
    if value is None:
        place.pop(key, None)
    else:
        place[key] = value
    return changed


def undo(*, actor: Actor, run_id: UUID) -> str:
    """Take the last change back. Returns the part that changed, or "" where there was nothing. Raises `Closed`, `NotFound`."""
    with transaction.atomic():
        row = open_for_change(actor, run_id)
        last = Change.objects.filter(run=row, undone=False, checkpoint="").order_by("-number").first()
        return _turn(row, last, undone=True)


def redo(*, actor: Actor, run_id: UUID) -> str:
    """Do again what was taken back last. Returns the part, or "". Raises `Closed`, `NotFound`."""
    with transaction.atomic():
        row = open_for_change(actor, run_id)
        first = Change.objects.filter(run=row, undone=True).order_by("number").first()
        return _turn(row, first, undone=False)


def _turn(row: Run, change: Change | None, *, undone: bool) -> str:
    if change is None:
        return ""
    row.work = with_part(row.work, change.part, change.before if undone else change.after)
    row.revision = _next_number(row)
    row.save(update_fields=["work", "revision"])
    change.undone = undone
    change.save(update_fields=["undone"])
    return change.part


def _next_number(row: Run) -> int:
    return row.revision + 1


def set_checkpoint(*, actor: Actor, run_id: UUID, name: str) -> None:
    """Name the present state, to come back to. Raises `Invalid` without a name, `Closed`, `NotFound`."""
    if not name.strip() or len(name) > 60:
        raise Invalid([Problem("name", "range_checkpoint_name")])
    with transaction.atomic():
        row = open_for_change(actor, run_id)
        row.revision = _next_number(row)
        row.save(update_fields=["revision"])
        Change.objects.create(run=row, number=row.revision, part="", after=row.work, checkpoint=name.strip())


def go_back(*, actor: Actor, run_id: UUID, number: int | None) -> None:
    """Bring the work back to a checkpoint, or (None) to the empty beginning. This is a change too: it can be undone, part
    by part. Raises `NotFound`, `Closed`."""
    with transaction.atomic():
        row = open_for_change(actor, run_id)
        wanted: dict[str, Any] = {}
        if number is not None:
            found = Change.objects.filter(run=row, number=number).exclude(checkpoint="").first()
            if found is None:
                raise NotFound("no such checkpoint")
            wanted = found.after or {}
        for part in sorted({*_parts(row.work), *_parts(wanted)}):
            _put(row, part, part_of(wanted, part))


def _parts(work: Mapping[str, Any]) -> list[str]:
    artifacts = [f"artifact:{task_id}" for task_id in work.get("artifacts", {})]
    return [*artifacts, *([QUERIES] if work.get(QUERIES) else [])]


def take_hint(*, actor: Actor, run_id: UUID, task_id: str) -> int:
    """Take the next hint of a task; its cost counts from now. Returns how many were taken. Raises `NoHints` in assessed
    mode, `Closed`, `NotFound`."""
    with transaction.atomic():
        row = open_for_change(actor, run_id)
        if row.mode == Mode.ASSESSED.value:
            raise NoHints("no hints in assessed mode")
        taken = min(row.hints.get(task_id, 0) + 1, len(_task(row, task_id).hints))
        row.hints = {**row.hints, task_id: taken}
        row.save(update_fields=["hints"])
        return taken


class NoHints(Conflict):
    """An assessed run gives no hints."""

    code = "range_no_hints"


def write_notes(*, actor: Actor, run_id: UUID, text: str) -> None:
    """Keep the person's notes. Raises `Invalid` when too long, `Closed`, `NotFound`."""
    if len(text) > LONGEST_NOTES:
        raise Invalid([Problem("notes", "too_long", (("most", str(LONGEST_NOTES)),))])
    with transaction.atomic():
        row = open_for_change(actor, run_id)
        row.notes = text
        row.save(update_fields=["notes"])
