"""The tasks of a scenario as polytomous items of the bank."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from shuyang.itembank.api import NewTask, register_tasks
from shuyang.kernel.canonical import content_hash
from shuyang.practice.package import Scenario


def version_ids(found: Scenario) -> Mapping[str, UUID]:
    """The version id of each task, registered now where it was not. A changed scenario makes new versions: its checkers may
    grade differently."""
    keys = {f"{found.spec.id}/{task.id}": task.id for task in found.spec.tasks}
    ids = register_tasks(
        tasks=[
            NewTask(
                key=f"{found.spec.id}/{task.id}",
                facet=task.facet,
                level=task.level,
                categories=task.categories,
                content_hash=content_hash({"scenario": found.hash, "task": task.id}),
            )
            for task in found.spec.tasks
        ]
    )
    return {keys[key]: version for key, version in ids.items()}
