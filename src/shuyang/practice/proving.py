"""A second door, for the command line and tests: proves scenarios without a database."""

from shuyang.practice.checking import (
    Finding,
    Proof,
    earned_between,
    measured_between,
    prove,
    shape_findings,
    steadiness_findings,
)
from shuyang.practice.mutating import Mutants, mutants
from shuyang.practice.package import scenario, scenario_names

__all__ = [
    "Finding",
    "Mutants",
    "Proof",
    "earned_between",
    "measured_between",
    "mutants",
    "prove",
    "scenario",
    "scenario_names",
    "shape_findings",
    "steadiness_findings",
]
