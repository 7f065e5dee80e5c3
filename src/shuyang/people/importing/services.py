"""Upload, match columns, check, accept, discard; and the two passes over the file that the jobs make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from shuyang.kernel.clock import now, today
from shuyang.kernel.errors import NotFound, Problem, ShuyangError
from shuyang.kit.api import cancel, enqueue
from shuyang.people.importing import columns, store
from shuyang.people.importing.batches import ImportMoved, own_batch
from shuyang.people.importing.cells import is_blank, read_row
from shuyang.people.importing.contracts import Counts, Field, ImportState, Reading, Row, SheetHead
from shuyang.people.importing.deciding import Changes, Decider
from shuyang.people.importing.inserting import without_mapping
from shuyang.people.importing.places import Places, named_path
from shuyang.people.importing.workbook import Roster, address, shown
from shuyang.people.importing.writing import write
from shuyang.people.models import ImportBatch, Unit
from shuyang.people.policies import MANAGERS, ManageUnit
from shuyang.people.queries.actors import actor_of
from shuyang.people.rules import clean_identity, clean_number
from shuyang.people.services.units import managed_unit
from shuyang.trust.api import NOBODY, SYSTEM, Actor, record

CHECK_JOB, WRITE_JOB = "people.import_check", "people.import_write"
BATCH = 200  # rows a transaction: some 40 ms for which a sitting's answer waits at most
SHOWN_REPORTS, SHOWN_UNITS, KEPT = 200, 30, timedelta(days=7)
PULSE = timedelta(seconds=10)
Step = Callable[[int, int], None]


def upload(*, actor: Actor, file_name: str, data: bytes, unit_id: UUID | None) -> UUID:
    """Take a workbook in and guess how to read it; nothing is written to people.

    `unit_id`: the unit the import is for; rows without a unit belong to it. Raises `Invalid` for a file that can't be
    read (where "file").
    """
    unit = managed_unit(actor, unit_id) if unit_id else None
    if unit is None and not actor.has(*MANAGERS, at=""):
        raise NotFound("choose a unit")
    reading = columns.guess(Roster(data).head())
    batch = ImportBatch(
        account_id=actor.account_id,
        unit=unit,
        unit_path=unit.path if unit else "",
        file_name=file_name[-200:],
        reading=reading.to_json(),
    )
    with transaction.atomic():
        batch.save(force_insert=True)
        store.open_store(batch.id)
        record(
            actor=actor, action="import.uploaded", object_kind="import", object_id=batch.id, unit_path=batch.unit_path
        )
    store.put(batch.id, store.WORKBOOK, data)
    return batch.id


def head(*, actor: Actor, batch_id: UUID, sheet: str = "") -> tuple[SheetHead, Reading]:
    """The first rows of the sheet, and how it would be read: as chosen before, or as guessed for another sheet."""
    batch = own_batch(actor, batch_id, ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    reading = Reading.from_json(batch.reading)
    found = Roster(store.get(batch.id, store.WORKBOOK), trusted=True).head(sheet or reading.sheet)
    return found, reading if found.sheet == reading.sheet else columns.guess(found)


def check(
    *,
    actor: Actor,
    batch_id: UUID,
    sheet: str,
    header_row: int,
    matched: Mapping[Field, int],
    create_units: bool,
    in_job: bool = True,
) -> None:
    """Settle how the file is read and start the check. Raises `Invalid` when a needed column is missing."""
    batch = own_batch(actor, batch_id, ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    found = Roster(store.get(batch.id, store.WORKBOOK), trusted=True).head(sheet)
    reading = columns.checked(matched, found, header_row, create_units, has_base=batch.unit_id is not None)
    with transaction.atomic():
        ImportBatch.objects.filter(id=batch.id).update(
            reading=reading.to_json(), state=ImportState.CHECKING, summary={}
        )
        if in_job:
            _start(batch, CHECK_JOB, actor)


def accept(*, actor: Actor, batch_id: UUID, in_job: bool = True) -> None:
    """Write the checked file to people, as a job. An import that stopped on the way is taken up again."""
    batch = own_batch(actor, batch_id, ImportState.CHECKED, ImportState.FAILED)
    if not batch.summary.get("counts"):
        raise ImportMoved("not checked yet")
    with transaction.atomic():
        ImportBatch.objects.filter(id=batch.id).update(state=ImportState.WRITING, moved_at=now())
        record(
            actor=actor, action="import.accepted", object_kind="import", object_id=batch.id, unit_path=batch.unit_path
        )
        if in_job:
            _start(batch, WRITE_JOB, actor)


def stop(*, actor: Actor, batch_id: UUID) -> None:
    """Ask a running check or writing to stop after its present batch of rows."""
    batch = own_batch(actor, batch_id, ImportState.CHECKING, ImportState.WRITING)
    if batch.job_id:
        cancel(job_id=batch.job_id, owner_id=actor.account_id)


def discard(*, actor: Actor, batch_id: UUID) -> None:
    """Throw an import away; people are not touched."""
    batch = own_batch(actor, batch_id, ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    with transaction.atomic():
        ImportBatch.objects.filter(id=batch.id).update(state=ImportState.DISCARDED, finished_at=now())
        record(
            actor=actor, action="import.discarded", object_kind="import", object_id=batch.id, unit_path=batch.unit_path
        )
    store.drop(batch.id)


def _start(batch: ImportBatch, name: str, actor: Actor) -> None:
    job_id = enqueue(name=name, arguments={"batch_id": str(batch.id)}, owner_id=actor.account_id)
    ImportBatch.objects.filter(id=batch.id).update(job_id=job_id)


def run_check(batch_id: UUID, step: Step) -> Counts:
    """Read and check the whole file; keeps the counts and the first reports."""
    batch = ImportBatch.objects.select_related("unit").get(id=batch_id)
    with _failing(batch):
        run = _Pass(batch, dry=True)
        for _ in run.batches(step):
            pass
        store.put_json(batch.id, store.PREVIEW, {"reports": run.reports(), "units": run.unit_names[:SHOWN_UNITS]})
        _save(batch, ImportState.CHECKED, run.counts)
    return run.counts


def run_write(batch_id: UUID, step: Step) -> Counts:
    """Read the whole file again and write it, batch by batch; keeps the rejected rows, forgets the workbook."""
    batch = ImportBatch.objects.select_related("unit").get(id=batch_id)
    with _failing(batch), without_mapping():
        run = _Pass(batch)
        for changes in run.batches(step):
            planned = run.take_planned()
            write(changes, planned, actor=run.actor, batch_id=batch.id, unit_path=batch.unit_path)
        store.put_json(batch.id, store.PREVIEW, {"reports": run.reports(), "units": run.unit_names[:SHOWN_UNITS]})
        store.put_json(batch.id, store.REJECTED, {"head": run.heading, "rows": run.rejected})
        with transaction.atomic():
            _save(batch, ImportState.DONE, run.counts)
            record(
                actor=run.actor,
                action="import.done",
                object_kind="import",
                object_id=batch.id,
                unit_path=batch.unit_path,
                details=asdict(run.counts),
            )
    store.drop(batch.id, store.WORKBOOK)
    return run.counts


def _save(batch: ImportBatch, state: ImportState, counts: Counts) -> None:
    finished = now() if state == ImportState.DONE else None
    ImportBatch.objects.filter(id=batch.id).update(
        state=state, summary={"counts": asdict(counts)}, finished_at=finished
    )


class _failing:  # noqa: N801  (used as a statement: with _failing(batch))
    """Marks the batch as failed, with the error's code, when the pass over it ends in an error."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is not None:
            code = error.code if isinstance(error, ShuyangError) else "unexpected"
            summary = self.batch.summary | {"error": code}
            ImportBatch.objects.filter(id=self.batch.id).update(state=ImportState.FAILED, summary=summary)


class _Pass:
    """One pass over a file: the same for the check and for the writing, so that both say the same."""

    def __init__(self, batch: ImportBatch, *, dry: bool = False) -> None:
        self.batch, self.counts = batch, Counts()
        self.actor = _actor_now(batch)
        self.reading = Reading.from_json(batch.reading)
        self.roster = Roster(store.get(batch.id, store.WORKBOOK), trusted=True)
        self.heading = self._heading()
        self.rejected: list[Any] = []
        self.unit_names: list[str] = []
        self._twice = self._find_twice()
        paths = tuple(p for p in self.actor.paths(*MANAGERS))
        within = Unit.objects.filter(ManageUnit().visible_to(self.actor), active=True)
        self.places = Places(within, batch.unit, create=self.reading.create_units)
        self.decider = Decider(self.reading, self.places, paths, today(), dry=dry)

    def batches(self, step: Step) -> Iterator[Changes]:
        """Decide batch after batch; `step(done, total)` is called between them."""
        total, rows = max(1, self.roster.height(self.reading.sheet) - self.reading.header_row - 1), list[Row]()
        for index, cells in self.roster.rows(self.reading.sheet, self.reading.header_row):
            if is_blank(cells, self.reading):
                continue
            rows.append(self._read(index, cells))
            if len(rows) == BATCH:
                yield self._decide(rows)
                self._pulse()
                step(index - self.reading.header_row, total)
                rows = []
        if rows:
            yield self._decide(rows)
        step(total, total)

    def _pulse(self) -> None:
        """Say now and then that this pass is alive."""
        if now() - self.batch.moved_at > PULSE:
            self.batch.moved_at = now()
            ImportBatch.objects.filter(id=self.batch.id).update(moved_at=self.batch.moved_at)

    def _read(self, index: int, cells: tuple[Any, ...]) -> Row:
        row = read_row(index, cells, self.reading)
        self._check_twice(row, Field.NUMBER, row.number, "number_twice", row.number)
        self._check_twice(row, Field.IDENTITY_NUMBER, row.identity_number, "identity_twice", "")
        return row

    def _check_twice(self, row: Row, wanted: Field, value: str, code: str, said: str) -> None:
        places = self._twice.get((wanted, value)) if value else None
        if places:
            others = "、".join(str(i + 1) for i in places if i != row.index)[:60]
            where = address(row.index, self.reading.columns[wanted])
            row.problems.append(Problem(where, code, (("rows", others), ("value", said))))

    def _decide(self, rows: list[Row]) -> Changes:
        before = len(self.places.planned)
        changes = self.decider.decide(rows)
        made = self.places.planned[before:]
        self.unit_names += [named_path(u) for u in made]
        for name, value in asdict(changes.counts).items():
            setattr(self.counts, name, getattr(self.counts, name) + value)
        self.counts.units = len(self.unit_names)
        self.rejected += [_kept(row) for row in changes.rejected]
        return changes

    def take_planned(self) -> list[Unit]:
        """Units to be made with this batch."""
        planned, self.places.planned = self.places.planned, []
        return planned

    def reports(self) -> list[Any]:
        """The first rejected rows without their cells."""
        return [[row, number, name, problems] for row, number, name, problems, _ in self.rejected[:SHOWN_REPORTS]]

    def _heading(self) -> list[str]:
        rows = self.roster.rows(self.reading.sheet, self.reading.header_row - 1)
        index, cells = next(iter(rows), (0, ()))
        return [shown(c) for c in cells] if index == self.reading.header_row else []

    def _find_twice(self) -> dict[tuple[Field, str], list[int]]:
        """Numbers and identity numbers on more than one row, with the rows: neither row is taken."""
        twice: dict[tuple[Field, str], list[int]] = {}
        for field, clean in _UNIQUE:
            if field in self.reading.columns:
                hashes = np.fromiter((hash(value) for _, value in self._values(field, clean)), np.int64)
                seen, times = np.unique(hashes, return_counts=True)
                suspects = set(seen[times > 1].tolist())  # few: now look at the values themselves
                for index, value in self._values(field, clean) if suspects else ():
                    if hash(value) in suspects:
                        twice.setdefault((field, value), []).append(index)
        return {key: places for key, places in twice.items() if len(places) > 1}

    def _values(self, field: Field, clean: Callable[[str], str | None]) -> Iterator[tuple[int, str]]:
        """Row and cleaned value of one column, without keeping them: 100,000 would cost more than the file."""
        column = self.reading.columns[field]
        for index, cells in self.roster.rows(self.reading.sheet, self.reading.header_row):
            text = cells[column] if column < len(cells) else ""
            value = clean(text) if isinstance(text, str) and text else None
            if value is not None:
                yield index, value


_UNIQUE: tuple[tuple[Field, Callable[[str], str | None]], ...] = (
    (Field.NUMBER, clean_number),
    (Field.IDENTITY_NUMBER, clean_identity),
)


def _actor_now(batch: ImportBatch) -> Actor:
    """Who started it, with the roles held now: a role taken away meanwhile ends the import."""
    actor = SYSTEM if batch.account_id is None else actor_of(batch.account_id)
    if actor is NOBODY or not actor.has(*MANAGERS, at=batch.unit_path):
        raise NotFound("the unit is no longer within reach")
    return actor


def _kept(row: Row) -> list[Any]:
    problems = [[p.where, p.code, list(p.data)] for p in row.problems]
    cells = [c if isinstance(c, bool | int | float) else shown(c) for c in row.cells]
    return [row.index + 1, row.number, row.name, problems, cells]


def sweep() -> int:
    """Forget what old imports hold (a week after they began); the counts stay. Returns how many."""
    old = ImportBatch.objects.filter(created_at__lt=now() - KEPT, parts__isnull=False).distinct()
    ids = list(old.values_list("id", flat=True))
    for batch_id in ids:
        store.drop(batch_id)
        unfinished = [ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED]
        ImportBatch.objects.filter(id=batch_id, state__in=unfinished).update(
            state=ImportState.DISCARDED, finished_at=now()
        )
    return len(ids)
