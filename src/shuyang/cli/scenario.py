"""`shuyang scenario list | check`: the scenarios of the practice range and their proofs."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.progress import track

from shuyang.cli.main import example

if TYPE_CHECKING:
    from shuyang.practice.proving import Finding, Proof, Scenario

LEAST_NOTICED = 0.8


def register(commands: Any) -> None:
    top = commands.add_parser("scenario", help="scenarios of the practice range", **example("  shuyang scenario list"))
    parts = top.add_subparsers(metavar="ACTION", required=True)
    listing = parts.add_parser("list", help="which there are", **example("  shuyang scenario list"))
    listing.set_defaults(run=list_scenarios)
    check = parts.add_parser(
        "check",
        help="prove a scenario: reference, empty work, named mistakes, tricks, many seeds, broken checkers",
        **example("  shuyang scenario check service_satisfaction --seeds 200 --mutants"),
    )
    check.add_argument("name", nargs="*", help="names, or folders of scenarios of your own; all when none is given")
    check.add_argument(
        "--seeds", type=int, default=5, help="how many seeds to try, each in a city of its own (default 5)"
    )
    check.add_argument("--first", type=int, default=1, help="the first seed (default 1)")
    check.add_argument("--mutants", action="store_true", help="break the checkers on purpose and see what is noticed")
    check.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes at once (default 2)")
    check.set_defaults(run=check_scenarios)


def list_scenarios(arguments: argparse.Namespace) -> int:
    from shuyang.practice.proving import scenario, scenario_names

    for name in scenario_names():
        spec = scenario(name).spec
        print(f"{spec.id:<4} {name:<28} {len(spec.tasks)} tasks, {spec.minutes} min  {spec.title}")
    return 0


def check_scenarios(arguments: argparse.Namespace) -> int:
    from shuyang.practice.proving import scenario_names, shape_findings, steadiness_findings

    names = list(dict.fromkeys(arguments.name)) or list(scenario_names())
    findings: dict[str, list[Finding]] = {
        name: [*shape_findings(_found(name)), *_repeated(name, arguments.first)] for name in names
    }
    proofs: dict[str, list[Proof]] = {name: [] for name in names}
    for proved in _proved(names, range(arguments.first, arguments.first + arguments.seeds), arguments.jobs):
        for name, proof in proved.items():
            proofs[name].append(proof)
    sound = True
    for name in names:
        own = [
            *findings[name],
            *(f for proof in proofs[name] for f in proof.findings),
            *steadiness_findings(proofs[name]),
        ]
        _report(name, proofs[name], own)
        sound &= not own and (not arguments.mutants or _mutants(name, arguments.first))
    return 0 if sound else 1


def _found(name: str) -> Scenario:
    """A built-in scenario by its name, or one of one's own by its folder."""
    from shuyang.practice.proving import scenario, scenario_in

    return scenario_in(Path(name)) if os.sep in name or Path(name).is_dir() else scenario(name)


def _repeated(name: str, seed: int) -> list[Finding]:
    from shuyang.practice.proving import repeat_findings

    with tempfile.TemporaryDirectory() as folder:
        return repeat_findings(_found(name), seed, Path(folder))


def _proved(names: Sequence[str], seeds: range, jobs: int) -> Iterator[dict[str, Proof]]:
    """What each seed showed, as it comes."""
    with ProcessPoolExecutor(max(1, jobs), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_prove, list(names), seed) for seed in seeds]
        for done in track(as_completed(waiting), total=len(waiting), description="seeds", transient=True):
            yield done.result()


def _prove(names: list[str], seed: int) -> dict[str, Proof]:
    """All scenarios at one seed: they share its city, and nothing of it is kept."""
    from shuyang.practice.proving import prove

    with tempfile.TemporaryDirectory() as folder:
        return {name: prove(_found(name), seed, Path(folder), fresh=True) for name in names}


def _report(name: str, proofs: list[Proof], findings: list[Finding]) -> None:
    from shuyang.practice.proving import earned_between, measured_between

    for finding in sorted(findings, key=lambda one: one.seed):
        print(f"{name}: {f'seed {finding.seed}: ' if finding.seed else ''}{finding.rule}: {finding.what}")
    print(f"{name}: {len(proofs)} seeds, {len(findings)} findings")
    for what, (least, most) in measured_between(proofs).items():
        print(f"  {what}: {least:.3g} to {most:.3g}")
    for task, (least, most) in earned_between(proofs).items():
        print(f"  mistakes in {task} earn {least:.2f} to {most:.2f}")


def _mutants(name: str, seed: int) -> bool:
    from shuyang.practice.proving import mutants

    with tempfile.TemporaryDirectory() as folder:
        seen = mutants(_found(name), seed, Path(folder))
    print(f"{name}: {seen.noticed} of {seen.made} broken checkers noticed")
    for missed in seen.missed:
        print(f"  not noticed: {missed}")
    return seen.noticed >= LEAST_NOTICED * seen.made
