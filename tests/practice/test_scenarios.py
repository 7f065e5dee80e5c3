"""Every scenario is proved: `shuyang scenario check` at one seed; more by the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuyang.frameworks.api import citation_problem
from shuyang.packs.api import builtin_folder, read_pack
from shuyang.practice.proving import (
    Finding,
    Proof,
    earned_between,
    mutants,
    prove,
    scenario,
    scenario_names,
    shape_findings,
    steadiness_findings,
)


@pytest.mark.parametrize("name", scenario_names())
def test_it_holds_what_a_scenario_must(name: str, worlds: Path) -> None:
    found = scenario(name)
    assert shape_findings(found) == []
    proof = prove(found, 0, worlds / "proofs")
    assert proof.findings == ()
    assert set(proof.earned) == {task.id for task in found.spec.tasks}
    assert set(proof.measures) == {band.name for band in found.bands}


@pytest.mark.parametrize("name", scenario_names())
def test_it_notices_checkers_that_are_broken(name: str, worlds: Path) -> None:
    seen = mutants(scenario(name), 0, worlds / "proofs")
    assert seen.made >= 20
    assert seen.noticed >= 0.9 * seen.made, seen.missed


def test_what_mistakes_earn_may_not_depend_on_the_seed() -> None:
    proofs = [Proof(1, (), {}, {"a": 0.3, "b": 0.1}), Proof(2, (), {}, {"a": 0.4, "b": 0.5})]
    assert earned_between(proofs) == {"a": (0.3, 0.4), "b": (0.1, 0.5)}
    assert steadiness_findings(proofs) == [
        Finding("steady", 0, "b: mistakes earn 0.10 at one seed and 0.50 at another")
    ]


@pytest.mark.parametrize("name", scenario_names())
def test_it_cites_only_what_may_be_cited(name: str) -> None:
    pack, _ = read_pack(builtin_folder())
    assert pack is not None
    for task in scenario(name).spec.tasks:
        for reference in (*task.clauses, *task.rests_on.values()):
            assert citation_problem(reference, pack.citations) is None, reference
