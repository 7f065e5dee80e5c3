"""A second door, for the command line and tests: proves scenarios without a database."""

from shuyang.practice.checking import Finding, Mutants, mutants, shape_findings, world_findings
from shuyang.practice.package import scenario, scenario_names

__all__ = ["Finding", "Mutants", "mutants", "scenario", "scenario_names", "shape_findings", "world_findings"]
