"""Begin a run, leave it, hand it in."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict
from shuyang.kit.api import enqueue
from shuyang.people.api import person
from shuyang.practice.contracts import Grading, Mode, RunState
from shuyang.practice.models import Run
from shuyang.practice.package import Scenario, scenario
from shuyang.practice.places import world_of
from shuyang.practice.policies import OwnRun
from shuyang.practice.queries import run
from shuyang.practice.rules import deadline
from shuyang.practice.services.holding import held
from shuyang.trust.api import Actor, record

GRADE = "practice.grade"
SEEDS = 1 << 31


def begin(*, actor: Actor, name: str, mode: Mode) -> UUID:
    """Begin a run of a scenario, or return the open one: asking twice makes no second one. Its world is made now.

    Raises `NotFound`, `Forbidden` for an account without a person.
    """
    person_id = OwnRun().person(actor)
    found = scenario(name)
    begun = Run.objects.filter(person_id=person_id, scenario=name, mode=mode.value, state=RunState.OPEN.value).first()
    if begun is not None:
        return begun.id
    row = _new(actor, person_id, found, mode)
    world_of(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _audit(actor, "run.begun", row)
    except IntegrityError:  # a double click: the other one was first
        return Run.objects.get(person_id=person_id, scenario=name, mode=mode.value, state=RunState.OPEN.value).id
    return row.id


def _new(actor: Actor, person_id: UUID, found: Scenario, mode: Mode) -> Run:
    who = person(actor=actor, person_id=person_id)
    return Run(
        person_id=person_id,
        unit_path=actor.unit_path,
        scenario=found.name,
        scenario_hash=found.hash,
        seed=secrets.randbelow(SEEDS),
        mode=mode.value,
        deadline=deadline(found.spec, mode, now()),
        synthetic=who.synthetic,
    )


def leave(*, actor: Actor, run_id: UUID) -> None:
    """Give a run up: it is not graded. A second time changes nothing. Raises `NotFound`, and `Conflict` once handed in, unless
    an upgrade has changed the scenario, so that nobody can grade it."""
    with transaction.atomic():
        row = held(actor, run_id)
        if row.state == RunState.LEFT.value:
            return
        if row.state != RunState.OPEN.value and not _lost(row):
            raise Conflict("handed in already")
        row.state = RunState.LEFT.value
        row.save(update_fields=["state"])
        _audit(actor, "run.left", row)


def _lost(row: Run) -> bool:
    return row.state == RunState.SUBMITTED.value and scenario(row.scenario).hash != row.scenario_hash


def submit(*, actor: Actor, run_id: UUID) -> None:
    """Hand a run in to be graded. A second time changes nothing. Raises `NotFound`, `Conflict` for a run given up."""
    with transaction.atomic():
        row = held(actor, run_id)
        if row.state in (RunState.SUBMITTED.value, RunState.GRADED.value):
            return
        if row.state != RunState.OPEN.value:
            raise Conflict("given up already")
        _audit(actor, "run.submitted", row)
        hand_in(row)


def hand_in(row: Run) -> None:
    """Close a run and ask for its grades, in the caller's transaction."""
    row.state, row.submitted_at = RunState.SUBMITTED.value, now()
    row.save(update_fields=["state", "submitted_at"])
    _ask(row)


def _ask(row: Run) -> None:
    row.grading_job = enqueue(name=GRADE, arguments={"run_id": str(row.id)}, owner_id=row.person_id)
    row.save(update_fields=["grading_job"])


def ask_again(*, actor: Actor, run_id: UUID) -> None:
    """Ask once more for the grades of a run whose grading failed or takes too long; while it goes on as it should, nothing
    happens. Raises `NotFound`, `Conflict` for a run that was not handed in."""
    with transaction.atomic():
        row = held(actor, run_id)
        if row.state == RunState.GRADED.value:
            return
        if row.state != RunState.SUBMITTED.value:
            raise Conflict("not handed in")
        if run(actor=actor, run_id=run_id).grading not in (Grading.FAILED, Grading.LATE):
            return
        _ask(row)
        _audit(actor, "run.grading_asked_again", row)


def _audit(actor: Actor, action: str, row: Run) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="run",
        object_id=row.id,
        unit_path=row.unit_path,
        subject=row.person_id,
        details={"scenario": row.scenario, "mode": row.mode},
    )
