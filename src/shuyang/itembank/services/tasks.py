"""Register tasks of the range as polytomous items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from shuyang.itembank.contracts import NewTask
from shuyang.itembank.models import TaskVersion
from shuyang.itembank.storing import version_id
from shuyang.kernel.errors import Invalid, Problem


def register_tasks(*, tasks: Sequence[NewTask]) -> Mapping[str, UUID]:
    """Make the tasks known, those not known yet, and return the version id of each by key.

    Part of the act that first uses them, in its transaction. Raises `Invalid` for a task without two categories.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tasks are registered in the transaction of the act that uses them")
    if unsound := [task for task in tasks if len(task.categories) < 2 or not 1 <= task.level <= 5]:
        raise Invalid([Problem(task.key, "task_unsound") for task in unsound])
    rows = [
        TaskVersion(
            id=version_id(task.content_hash),
            key=task.key,
            facet=task.facet,
            level=task.level,
            categories=list(task.categories),
            content_hash=task.content_hash,
        )
        for task in tasks
    ]
    TaskVersion.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.key: row.id for row in rows}
