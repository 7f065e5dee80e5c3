"""A run of the actor's own, held for a change."""

from __future__ import annotations

from uuid import UUID

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, NotFound
from shuyang.practice.contracts import RunState
from shuyang.practice.models import Run
from shuyang.practice.policies import OwnRun
from shuyang.practice.rules import may_change
from shuyang.trust.api import Actor


class Stale(Conflict):
    """Another window has changed the work since this one was loaded."""

    code = "range_stale"


class Closed(Conflict):
    """The run takes no more changes."""

    code = "range_closed"


def held(actor: Actor, run_id: UUID) -> Run:
    """The run, locked until the end of the transaction. Raises `NotFound` for another's run."""
    row = Run.objects.select_for_update().filter(OwnRun().visible_to(actor), id=run_id).first()
    if row is None:
        raise NotFound("no such run")
    return row


def open_for_change(actor: Actor, run_id: UUID, revision: int | None = None) -> Run:
    """The run, locked, if it may be changed. Raises `Closed`; `Stale` where it has moved on since `revision`."""
    row = held(actor, run_id)
    if not may_change(RunState(row.state), row.deadline, now()):
        raise Closed("the run is closed")
    if revision is not None and revision != row.revision:
        raise Stale("changed in another window")
    return row
