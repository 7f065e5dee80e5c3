"""Where the range keeps worlds: a cache under the installation's home, safe to delete at any time."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from shuyang.kernel.errors import Conflict
from shuyang.practice.contracts import Mode, RunView
from shuyang.practice.models import Run
from shuyang.practice.package import Scenario, scenario
from shuyang.practice.worlds import World, world


def cache() -> Path:
    """The folder of cities and worlds."""
    return Path(settings.SHUYANG_HOME) / "range"


def scenario_of(row: Run) -> Scenario:
    """The scenario of a run, as it was when the run began. Raises `Changed` where it has changed since."""
    found = scenario(row.scenario)
    if found.hash != row.scenario_hash:
        raise Changed("the scenario has been changed since this run began")
    return found


def world_of(row: Run) -> World:
    """The world of a run. Raises `Changed`."""
    return world(scenario_of(row), row.seed, cache(), fresh=row.mode == Mode.ASSESSED.value)


def world_of_view(run: RunView) -> World:
    """The world of a run that its person has been shown."""
    return world(scenario(run.scenario.name), run.seed, cache(), fresh=run.mode is Mode.ASSESSED)


class Changed(Conflict):
    """The scenario was changed by an upgrade: an open run of the earlier one can only be left."""

    code = "range_changed"
