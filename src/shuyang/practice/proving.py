"""A second door, for the command line and tests: proves scenarios without a database."""

from shuyang.practice.checking import (
    Finding,
    Proof,
    earned_between,
    measured_between,
    prove,
    repeat_findings,
    shape_findings,
    steadiness_findings,
)
from shuyang.practice.mutating import Mutants, mutants
from shuyang.practice.package import Scenario, scenario, scenario_in, scenario_names

__all__ = [
    "Finding",
    "Mutants",
    "Proof",
    "Scenario",
    "earned_between",
    "measured_between",
    "mutants",
    "prove",
    "repeat_findings",
    "scenario",
    "scenario_in",
    "scenario_names",
    "shape_findings",
    "steadiness_findings",
]
