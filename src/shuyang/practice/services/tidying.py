"""Remove worlds that nobody is working in, and the cities of assessed runs: they can be made again at any time."""

from __future__ import annotations

import shutil

from shuyang.practice.contracts import Mode, RunState
from shuyang.practice.models import Run
from shuyang.practice.places import cache
from shuyang.practice.worlds import FRESH, world_name


def forget_worlds() -> int:
    """Remove the worlds of runs that are no longer open. Returns how many."""
    wanted = Run.objects.filter(state__in=[RunState.OPEN.value, RunState.SUBMITTED.value])
    rows = list(wanted.values_list("scenario", "scenario_hash", "seed", "mode"))
    kept = {world_name(name, hash_, seed, fresh=mode == Mode.ASSESSED.value) for name, hash_, seed, mode in rows}
    gone = [place for place in (cache() / "worlds").glob("*-*-*") if place.name not in kept]
    for place in gone:
        shutil.rmtree(place, ignore_errors=True)
    _forget_cities({seed + FRESH for _, _, seed, mode in rows if mode == Mode.ASSESSED.value})
    return len(gone)


def _forget_cities(kept: set[int]) -> None:
    for city in (cache() / "cities").glob("city-*"):
        seed = city.name.split("-")[2]
        if seed.isdecimal() and int(seed) > FRESH and int(seed) not in kept:
            city.unlink(missing_ok=True)
