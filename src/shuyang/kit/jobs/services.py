"""Enqueue, run, cancel."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django_tasks import task

from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound, ShuyangError
from shuyang.kit.jobs.contracts import JobState, JobView
from shuyang.kit.jobs.models import Job
from shuyang.kit.jobs.registry import kind, scheduled

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(seconds=20)
# A running job that has not stepped for so long lost its worker; no step of ours takes nearly as long.
LOST_AFTER = timedelta(minutes=10)
# Rows of jobs that ran by the clock are of no use to anyone after this.
FORGOTTEN_AFTER = timedelta(days=2)


class Cancelled(ShuyangError):
    """The one who waits for the job asked for it to stop."""

    code = "cancelled"


class Progress:
    """Handed to the work: reports steps and notices a wish to stop. Call it between transactions, not inside one."""

    def __init__(self, job_id: UUID) -> None:
        self._job_id = job_id

    def step(self, done: int, total: int, note: str = "") -> None:
        """Record progress. Raises `Cancelled` if the owner asked for the job to stop."""
        Job.objects.filter(id=self._job_id).update(done=done, total=total, note=note, beat_at=now())
        if Job.objects.filter(id=self._job_id, cancel_requested=True).exists():
            raise Cancelled


def enqueue(*, name: str, arguments: dict[str, Any], owner_id: UUID | None = None, slot: str | None = None) -> UUID:
    """Queue a job in the caller's transaction: it starts after the commit, or not at all."""
    kind(name)
    row = Job.objects.create(kind=name, arguments=arguments, owner_id=owner_id, slot=slot)
    run_job.enqueue(str(row.id))
    return row.id


def under_way(*, name: str, arguments: dict[str, Any]) -> bool:
    """Whether such a job waits or runs."""
    return Job.objects.filter(kind=name, arguments=arguments, state__in=("waiting", "running")).exists()


def cancel(*, job_id: UUID, owner_id: UUID | None) -> None:
    """Ask a job to stop at its next step. Raises `NotFound` for a job of someone else."""
    if not Job.objects.filter(id=job_id, owner_id=owner_id).update(cancel_requested=True):
        raise NotFound("no such job")


def view(*, job_id: UUID, owner_id: UUID | None) -> JobView:
    """The job as its owner sees it. Raises `NotFound` for a job of someone else."""
    row = Job.objects.filter(id=job_id, owner_id=owner_id).first()
    if row is None:
        raise NotFound("no such job")
    return JobView(
        id=row.id,
        kind=row.kind,
        state=JobState(row.state),
        done=row.done,
        total=row.total,
        note=row.note,
        result=row.result,
        error=row.error,
        owner_id=row.owner_id,
        created_at=row.created_at,
    )


@task()
def run_job(job_id: str) -> None:
    """Do one job: its result or its error is written to its row; a failure is tried again as its kind allows."""
    row = Job.objects.filter(id=job_id).exclude(state__in=["done", "failed", "cancelled"]).first()
    if row is None:  # finished before: the queue may deliver twice
        return
    if row.cancel_requested:
        _finish(row.id, "cancelled", error="cancelled")
        return
    work = kind(row.kind)
    Job.objects.filter(id=row.id).update(
        state="running", attempts=row.attempts + 1, started_at=now(), beat_at=now(), error=""
    )
    try:
        result = work.work(Progress(row.id), **row.arguments)
    except Cancelled:
        _finish(row.id, "cancelled", error="cancelled")
    except ShuyangError as error:
        _finish(row.id, "failed", error=error.code, result=error.to_dict())
    except Exception:
        log.exception("job %s (%s) failed", row.id, row.kind)
        if row.attempts + 1 < work.attempts:
            Job.objects.filter(id=row.id).update(state="waiting")
            run_job.using(run_after=now() + RETRY_AFTER * (row.attempts + 1)).enqueue(str(row.id))
        else:
            _finish(row.id, "failed", error="unexpected")
    else:
        _finish(row.id, "done", result=result)


def _finish(job_id: UUID, state: str, *, error: str = "", result: dict[str, Any] | None = None) -> None:
    Job.objects.filter(id=job_id).update(state=state, error=error, result=result or {}, finished_at=now())


def start_due() -> int:
    """Start every scheduled kind whose time slot nobody has started yet; safe with many workers. Returns how many."""
    started = 0
    for due in scheduled():
        slot = f"{due.name}@{int(now().timestamp()) // due.every}"
        if Job.objects.filter(slot=slot).exists():
            continue
        try:
            with transaction.atomic():
                enqueue(name=due.name, arguments={}, slot=slot)
            started += 1
        except IntegrityError:  # another worker was first
            continue
    return started


def revive() -> int:
    """Take up jobs whose worker died: again where their kind allows another try, else as failed. Returns how many."""
    lost = list(Job.objects.filter(state="running", beat_at__lt=now() - LOST_AFTER))
    for row in lost:
        if row.attempts < kind(row.kind).attempts:
            Job.objects.filter(id=row.id, state="running").update(state="waiting")
            run_job.enqueue(str(row.id))
        else:
            _finish(row.id, "failed", error="worker_lost")
    return len(lost)


def forget() -> int:
    """Delete the rows of scheduled jobs that ended long ago. Returns how many."""
    ended = Job.objects.filter(slot__isnull=False, finished_at__lt=now() - FORGOTTEN_AFTER)
    return ended.delete()[0]
