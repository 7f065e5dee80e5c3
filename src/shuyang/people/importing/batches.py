"""An import as its owner sees it, and in which step it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, NotFound
from shuyang.people.importing.contracts import ImportState
from shuyang.people.models import ImportBatch
from shuyang.trust.api import Actor

DEAD = timedelta(minutes=2)


class ImportMoved(Conflict):
    """The import is at another step than this request thinks."""

    code = "import_moved"


def own_batch(actor: Actor, batch_id: UUID, *states: ImportState) -> ImportBatch:
    """An import is seen by who uploaded it. Raises `ImportMoved` when it is in none of the `states`."""
    batch = ImportBatch.objects.filter(id=batch_id, account_id=actor.account_id).select_related("unit").first()
    if batch is None or (actor.account_id is None and not actor.system):
        raise NotFound("no such import")
    if states and state_of(batch) not in states:
        raise ImportMoved(f"the import is {batch.state}")
    return batch


def state_of(batch: ImportBatch) -> ImportState:
    """The state; a pass that has not moved for two minutes died with its process and counts as stopped."""
    running = batch.state in (ImportState.CHECKING, ImportState.WRITING)
    dead = running and batch.moved_at < now() - DEAD
    return ImportState.FAILED if dead else ImportState(batch.state)
