"""Grade what was handed in, and give the grades of assessed runs to evidence."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuyang.evidence.api import NewObservation, record_observations
from shuyang.kernel.clock import now
from shuyang.practice.authoring import Verdict
from shuyang.practice.contracts import Mode, RunState
from shuyang.practice.examining import NOTHING, judge
from shuyang.practice.models import Graded, Run
from shuyang.practice.package import Scenario
from shuyang.practice.places import scenario_of, world_of
from shuyang.practice.queries import work_as_stored
from shuyang.practice.registering import version_ids
from shuyang.practice.services.running import hand_in
from shuyang.trust.api import SYSTEM, record


def grade_run(*, run_id: UUID) -> int:
    """Grade a run that was handed in; safe to repeat. Returns the number of tasks graded."""
    row = Run.objects.get(id=run_id)
    if row.state != RunState.SUBMITTED.value:
        return 0
    found = scenario_of(row)
    verdicts = judge(found, world_of(row), work_as_stored(row))
    with transaction.atomic():
        row = Run.objects.select_for_update().get(id=run_id)
        if row.state != RunState.SUBMITTED.value:
            return 0
        _keep(row, found, verdicts)
        if row.mode == Mode.ASSESSED.value:
            _observe(row, found, verdicts)
        row.state, row.graded_at = RunState.GRADED.value, now()
        row.save(update_fields=["state", "graded_at"])
        record(
            actor=SYSTEM,
            action="run.graded",
            object_kind="run",
            object_id=row.id,
            unit_path=row.unit_path,
            subject=row.person_id,
            details={"scenario": row.scenario, "hash": row.scenario_hash[:12]},
        )
    return len(verdicts)


def _keep(row: Run, found: Scenario, verdicts: dict[str, Verdict]) -> None:
    Graded.objects.bulk_create(
        Graded(
            run=row,
            task=task.id,
            category=verdicts[task.id].category,
            max_category=len(task.categories) - 1,
            reason=verdicts[task.id].reason,
            evidence=dict(verdicts[task.id].evidence),
            clause=verdicts[task.id].clause,
        )
        for task in found.spec.tasks
    )


def _observe(row: Run, found: Scenario, verdicts: dict[str, Verdict]) -> None:
    """Each task is a polytomous item of its own: its category is an observation, not yet on the scale of the test."""
    ids = version_ids(found)
    elapsed = round(((row.submitted_at or now()) - row.created_at).total_seconds() * 1000)
    record_observations(
        source="practice",
        source_id=row.id,
        person_id=row.person_id,
        unit_path=row.unit_path,
        synthetic=row.synthetic,
        observations=[
            NewObservation(
                position=position,
                item_version_id=ids[task.id],
                category=verdicts[task.id].category,
                max_category=len(task.categories) - 1,
                omitted=verdicts[task.id].reason == NOTHING,
                elapsed_ms=elapsed if position == 1 else 0,
                at=row.submitted_at or now(),
                conditions={"scenario": row.scenario, "scenario_hash": row.scenario_hash, "seed": row.seed},
            )
            for position, task in enumerate(found.spec.tasks, 1)
        ],
    )


def hand_in_overdue() -> int:
    """Hand in the assessed runs whose time is over, as they stand. Returns how many."""
    due = Run.objects.filter(state=RunState.OPEN.value, deadline__lt=now()).values_list("id", flat=True)[:200]
    count = 0
    for run_id in list(due):
        with transaction.atomic():
            row = Run.objects.select_for_update().get(id=run_id)
            if row.state == RunState.OPEN.value:
                hand_in(row)
                count += 1
    return count
