"""`shuyang scenario list | check`: the scenarios of the practice range and their proofs."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from rich.progress import track

from shuyang.cli.main import example

LEAST_NOTICED = 0.8


def register(commands: Any) -> None:
    top = commands.add_parser("scenario", help="scenarios of the practice range", **example("  shuyang scenario list"))
    parts = top.add_subparsers(metavar="ACTION", required=True)
    listing = parts.add_parser("list", help="which there are", **example("  shuyang scenario list"))
    listing.set_defaults(run=list_scenarios)
    check = parts.add_parser(
        "check",
        help="prove a scenario: reference, empty work, named mistakes, tricks, many seeds, broken checkers",
        **example("  shuyang scenario check service_satisfaction --seeds 200"),
    )
    check.add_argument("name", nargs="*", help="folder names; all when none is given")
    check.add_argument("--seeds", type=int, default=5, help="how many seeds to try (default 5)")
    check.add_argument("--first", type=int, default=1, help="the first seed (default 1)")
    check.add_argument("--mutants", action="store_true", help="break the checkers on purpose and see what is noticed")
    check.set_defaults(run=check_scenarios)


def list_scenarios(arguments: argparse.Namespace) -> int:
    from shuyang.practice.proving import scenario, scenario_names

    for name in scenario_names():
        spec = scenario(name).spec
        print(f"{spec.id:<4} {name:<28} {len(spec.tasks)} tasks, {spec.minutes} min  {spec.title}")
    return 0


def check_scenarios(arguments: argparse.Namespace) -> int:
    from shuyang.practice.proving import scenario_names

    with tempfile.TemporaryDirectory() as folder:
        results = [_check(name, arguments, Path(folder)) for name in arguments.name or scenario_names()]
    return 0 if all(results) else 1


def _check(name: str, arguments: argparse.Namespace, cache: Path) -> bool:
    from shuyang.practice.proving import mutants, scenario, shape_findings, world_findings

    found = scenario(name)
    findings = shape_findings(found)
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    for seed in track(seeds, description=name, transient=True):
        findings += world_findings(found, seed, cache)
    for finding in findings:
        print(f"{name}: seed {finding.seed}: {finding.rule}: {finding.what}")
    print(f"{name}: {len(seeds)} seeds, {len(findings)} findings")
    if not arguments.mutants:
        return not findings
    seen = mutants(found, arguments.first, cache)
    print(f"{name}: {seen.noticed} of {seen.made} broken checkers noticed")
    for missed in seen.missed:
        print(f"  not noticed: {missed}")
    return not findings and seen.noticed >= LEAST_NOTICED * seen.made
