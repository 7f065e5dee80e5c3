"""Jobs: progress, cancelling, failing, trying again, and schedules that start once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.kernel.ids import new_id
from shuyang.kit.api import JobState, Progress, cancel, enqueue, job, start_due, view
from shuyang.kit.jobs import registry, services
from shuyang.kit.jobs.models import Job

pytestmark = pytest.mark.django_db
OWNER = new_id()


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """No kinds but those of the test."""
    empty: dict[str, Any] = {}
    monkeypatch.setattr(registry, "_kinds", empty)
    return empty


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Instead of running at once, what is enqueued is noted: (job id, not before)."""
    calls: list[tuple[str, Any]] = []
    task = services.run_job

    class Queue:
        run_after: Any = None
        call = staticmethod(task.call)

        def using(self, *, run_after: Any) -> Queue:
            later = Queue()
            later.run_after = run_after
            return later

        def enqueue(self, job_id: str) -> None:
            calls.append((job_id, self.run_after))

    monkeypatch.setattr(services, "run_job", Queue())
    return calls


@pytest.fixture
def clock() -> Iterator[Callable[[timedelta], None]]:
    with frozen(datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)) as advance:
        yield advance


def _seen(job_id: UUID) -> tuple[JobState, int, int, str, str]:
    now = view(job_id=job_id, owner_id=OWNER)
    return now.state, now.done, now.total, now.note, now.error


def _enqueue(name: str = "test", **arguments: Any) -> UUID:
    with transaction.atomic():
        return enqueue(name=name, arguments=arguments, owner_id=OWNER)


def test_it_runs_with_its_arguments_and_keeps_result_and_progress() -> None:
    @job("test")
    def work(progress: Progress, *, rows: int) -> dict[str, Any]:
        progress.step(rows, 10, "halfway")
        return {"rows": rows}

    job_id = _enqueue(rows=5)
    assert _seen(job_id) == (JobState.DONE, 5, 10, "halfway", "")
    done = view(job_id=job_id, owner_id=OWNER)
    assert (done.result, done.finished, done.percent) == ({"rows": 5}, True, 100)


def test_it_shows_how_far_it_is_while_it_runs() -> None:
    during: list[Any] = []

    @job("test")
    def work(progress: Progress) -> dict[str, Any]:
        (row,) = Job.objects.all()
        progress.step(3, 4)
        during.append(view(job_id=row.id, owner_id=OWNER))
        return {}

    _enqueue()
    assert (during[0].state, during[0].percent, during[0].finished) == (JobState.RUNNING, 75, False)


def test_it_is_not_queued_when_the_act_fails(queued: list[Any]) -> None:
    job("test")(lambda progress: {})
    with transaction.atomic():
        _enqueue()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_it_refuses_a_kind_nobody_knows() -> None:
    with pytest.raises(NotFound):
        _enqueue("no such kind")
    assert not Job.objects.exists()


def test_it_is_its_owners_alone(queued: list[Any]) -> None:
    job("test")(lambda progress: {})
    job_id = _enqueue()
    for stranger in (None, new_id()):
        with pytest.raises(NotFound):
            view(job_id=job_id, owner_id=stranger)
        with pytest.raises(NotFound):
            cancel(job_id=job_id, owner_id=stranger)
    assert not Job.objects.get().cancel_requested


def test_it_stops_at_its_next_step_when_cancelled(queued: list[Any]) -> None:
    steps: list[int] = []

    @job("test", attempts=3)
    def work(progress: Progress) -> dict[str, Any]:
        for number in range(5):
            progress.step(number, 5)
            steps.append(number)
            if number == 1:
                cancel(job_id=job_id, owner_id=OWNER)
        return {}

    job_id = _enqueue()
    services.run_job.call(str(job_id))
    assert steps == [0, 1]
    assert _seen(job_id)[0] == JobState.CANCELLED
    services.run_job.call(str(job_id))  # delivered again by the queue: stays cancelled
    assert steps == [0, 1]


def test_it_does_not_even_begin_when_cancelled_before(queued: list[Any]) -> None:
    ran: list[int] = []

    @job("test")
    def work(progress: Progress) -> dict[str, Any]:
        ran.append(1)
        return {}

    job_id = _enqueue()
    cancel(job_id=job_id, owner_id=OWNER)
    services.run_job.call(str(job_id))
    assert ran == []
    assert _seen(job_id)[0] == JobState.CANCELLED


def test_it_keeps_the_words_of_an_error_of_ours_and_does_not_try_again(queued: list[Any]) -> None:
    @job("test", attempts=3)
    def work(progress: Progress) -> dict[str, Any]:
        raise Invalid([Problem("B7", "not_a_number")])

    job_id = _enqueue()
    services.run_job.call(str(job_id))
    failed = view(job_id=job_id, owner_id=OWNER)
    assert (failed.state, failed.error) == (JobState.FAILED, "invalid")
    assert failed.result["problems"][0]["where"] == "B7"
    assert len(queued) == 1


def test_it_tries_again_later_and_later_and_then_gives_up(
    queued: list[Any], clock: Callable[[timedelta], None], caplog: pytest.LogCaptureFixture
) -> None:
    @job("test", attempts=3)
    def work(progress: Progress) -> dict[str, Any]:
        raise ZeroDivisionError

    job_id = _enqueue()
    for state in (JobState.WAITING, JobState.WAITING, JobState.FAILED):
        services.run_job.call(str(job_id))
        assert _seen(job_id)[0] == state
    start = datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)
    waits = [None if after is None else after - start for _, after in queued]
    assert waits == [None, timedelta(seconds=20), timedelta(seconds=40)]
    assert _seen(job_id)[4] == "unexpected"
    assert len(caplog.records) == 3


def test_it_is_done_when_a_later_try_succeeds(queued: list[Any]) -> None:
    tries: list[int] = []

    @job("test", attempts=2)
    def work(progress: Progress) -> dict[str, Any]:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError
        return {"tries": len(tries)}

    job_id = _enqueue()
    services.run_job.call(str(job_id))
    services.run_job.call(str(job_id))
    assert view(job_id=job_id, owner_id=OWNER).result == {"tries": 2}
    services.run_job.call(str(job_id))  # delivered once more: nothing is done twice
    assert tries == [1, 1]


def test_a_failed_job_is_not_run_again(queued: list[Any]) -> None:
    tries: list[int] = []

    @job("test")
    def work(progress: Progress) -> dict[str, Any]:
        tries.append(1)
        raise ZeroDivisionError

    job_id = _enqueue()
    services.run_job.call(str(job_id))
    services.run_job.call(str(job_id))
    assert tries == [1]


def test_a_schedule_starts_once_in_each_slot(clock: Callable[[timedelta], None], queued: list[Any]) -> None:
    job("each minute", every=60)(lambda progress: {})
    job("each hour", every=3600)(lambda progress: {})
    job("by hand")(lambda progress: {})
    assert [start_due(), start_due()] == [2, 0]
    clock(timedelta(seconds=29))
    assert start_due() == 0
    clock(timedelta(seconds=1))
    assert [start_due(), start_due()] == [1, 0]
    assert sorted(Job.objects.values_list("kind", flat=True)) == ["each hour", "each minute", "each minute"]


def test_of_two_workers_one_starts_a_slot(
    clock: Callable[[timedelta], None], queued: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look before either writes: the unique slot decides."""
    job("each minute", every=60)(lambda progress: {})
    assert start_due() == 1
    nothing = Job.objects.none()
    monkeypatch.setattr(Job.objects, "filter", lambda **_: nothing)
    assert start_due() == 0
    monkeypatch.undo()
    assert Job.objects.count() == 1


def test_it_takes_up_what_a_dead_worker_left(clock: Callable[[timedelta], None], queued: list[tuple[str, Any]]) -> None:
    job("twice", attempts=2)(lambda progress: {})
    job("once")(lambda progress: {})
    twice, once, alive = (enqueue(name=name, arguments={}) for name in ("twice", "once", "once"))
    queued.clear()
    Job.objects.update(state="running", attempts=1, beat_at=services.now())
    clock(timedelta(minutes=11))
    Progress(alive).step(1, 2)
    assert services.revive() == 2
    assert [job_id for job_id, _ in queued] == [str(twice)]
    assert view(job_id=once, owner_id=None).error == "worker_lost"
    assert view(job_id=alive, owner_id=None).state == JobState.RUNNING


def test_it_forgets_scheduled_jobs_but_not_those_of_people(clock: Callable[[timedelta], None]) -> None:
    job("by_clock", every=60)(lambda progress: {})
    job("asked_for")(lambda progress: {})
    start_due()
    kept = enqueue(name="asked_for", arguments={}, owner_id=OWNER)
    Job.objects.update(state="done", finished_at=services.now())
    assert services.forget() == 0
    clock(timedelta(days=3))
    assert services.forget() == 1
    assert view(job_id=kept, owner_id=OWNER).state == JobState.DONE
