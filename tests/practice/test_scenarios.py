"""Every scenario is proved: `shuyang scenario check` at one seed; more by the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuyang.practice.proving import mutants, scenario, scenario_names, shape_findings, world_findings


@pytest.mark.parametrize("name", scenario_names())
def test_it_holds_what_a_scenario_must(name: str, worlds: Path) -> None:
    found = scenario(name)
    assert shape_findings(found) == []
    assert list(world_findings(found, 0, worlds / "proofs")) == []


@pytest.mark.parametrize("name", scenario_names())
def test_it_notices_checkers_that_are_broken(name: str, worlds: Path) -> None:
    seen = mutants(scenario(name), 0, worlds / "proofs")
    assert seen.made >= 20
    assert seen.noticed >= 0.9 * seen.made, seen.missed
