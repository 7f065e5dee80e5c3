"""Reads of imports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuyang.kernel.errors import Problem
from shuyang.people.importing import store
from shuyang.people.importing.batches import own_batch, state_of
from shuyang.people.importing.contracts import Counts, ImportState, ImportView, Reading, RowReport
from shuyang.people.models import ImportBatch
from shuyang.trust.api import Actor


def import_view(*, actor: Actor, batch_id: UUID) -> ImportView:
    """An import with its first reports. Raises `NotFound` for one that somebody else uploaded."""
    batch = own_batch(actor, batch_id)
    kept: dict[str, Any] = store.get_json(batch.id, store.PREVIEW) or {}
    return _view(batch, tuple(report(r) for r in kept.get("reports", ())), tuple(kept.get("units", ())))


def imports(*, actor: Actor, limit: int = 10) -> tuple[ImportView, ...]:
    """The actor's latest imports, without reports."""
    rows = ImportBatch.objects.filter(account_id=actor.account_id).exclude(state=ImportState.DISCARDED)
    return tuple(_view(b, (), ()) for b in rows.select_related("unit").order_by("-created_at")[:limit])


def rejected_rows(*, actor: Actor, batch_id: UUID) -> tuple[list[str], list[tuple[RowReport, list[Any]]]]:
    """Heading and rejected rows of a finished import, each with its original cells."""
    batch = own_batch(actor, batch_id, ImportState.DONE)
    kept = store.get_json(batch.id, store.REJECTED) or {"head": [], "rows": []}
    return kept["head"], [(report(r[:4]), r[4]) for r in kept["rows"]]


def report(kept: list[Any]) -> RowReport:
    row, number, name, problems = kept
    return RowReport(row, number, name, tuple(Problem(w, c, tuple((k, v) for k, v in d)) for w, c, d in problems))


def _view(batch: ImportBatch, reports: tuple[RowReport, ...], units: tuple[str, ...]) -> ImportView:
    counts = Counts(**batch.summary.get("counts", {}))
    return ImportView(
        id=batch.id,
        file_name=batch.file_name,
        unit_id=batch.unit_id,
        unit_name=batch.unit.name if batch.unit else "",
        state=state_of(batch),
        reading=Reading.from_json(batch.reading) if batch.reading else None,
        counts=counts,
        reports=reports,
        new_units=units,
        has_rejected=counts.rejected > 0,
        error=batch.summary.get("error", ""),
        job_id=batch.job_id,
        created_at=batch.created_at,
        finished_at=batch.finished_at,
    )
