"""Remove worlds that nobody is working in: they can be made again at any time."""

from __future__ import annotations

import shutil

from shuyang.practice.contracts import RunState
from shuyang.practice.models import Run
from shuyang.practice.places import cache


def forget_worlds() -> int:
    """Remove the worlds of runs that are no longer open. Returns how many."""
    wanted = Run.objects.filter(state__in=[RunState.OPEN.value, RunState.SUBMITTED.value])
    kept = {
        f"{name}-{hash_[:16]}-{seed}" for name, hash_, seed in wanted.values_list("scenario", "scenario_hash", "seed")
    }
    gone = [place for place in (cache() / "worlds").glob("*-*-*") if place.name not in kept]
    for place in gone:
        shutil.rmtree(place, ignore_errors=True)
    return len(gone)
