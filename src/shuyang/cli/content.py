"""`shuyang content check` and `shuyang content load`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shuyang.cli.main import setup

if TYPE_CHECKING:
    from shuyang.packs.api import Finding, Pack

EPILOG = """examples:
  shuyang content check
  shuyang content check ./my-pack --warnings
  shuyang content information
  shuyang content load
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `content`."""
    parser = subparsers.add_parser(
        "content", help="check and load content packs", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="content_command", required=True)
    check = commands.add_parser("check", help="check items, framework and lessons of a pack")
    check.add_argument("folder", nargs="?", type=Path, help="folder of the pack (default: the built-in one)")
    check.add_argument("--warnings", action="store_true", help="print warnings too, not only their number")
    check.set_defaults(run=check_command)
    information = commands.add_parser("information", help="how precisely the bank could measure, by expert priors")
    information.add_argument("folder", nargs="?", type=Path, help="folder of the pack (default: the built-in one)")
    information.set_defaults(run=information_command)
    load = commands.add_parser("load", help="load the built-in content and publish a release if something changed")
    load.set_defaults(run=load_command)


def check_command(args: argparse.Namespace) -> int:
    """Print coverage and findings; 0 without errors, 1 with some, 2 where there is no such folder."""
    setup()
    from shuyang.packs.api import Severity, builtin_folder, check, read_pack

    console = Console()
    folder = args.folder or builtin_folder()
    if not folder.is_dir():
        console.print(f"[red]{folder}: no such folder[/red]")
        return 2
    pack, _ = read_pack(folder)
    if pack is not None:
        _print_coverage(console, pack)
    findings = check(folder)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    warnings = [one for one in findings if one.severity is Severity.WARNING]
    _print_findings(console, [*errors, *(warnings if args.warnings else ())])
    console.print(f"{len(errors)} errors, {len(warnings)} warnings")
    return 1 if errors else 0


def information_command(args: argparse.Namespace) -> int:
    """Print information and the smallest standard errors of every force; 1 where the pack can't be read."""
    setup()
    from shuyang.packs.api import ABILITIES, builtin_folder, information_of, read_pack

    console = Console()
    pack, problems = read_pack(args.folder or builtin_folder())
    if pack is None or problems:
        console.print("the pack has problems: see shuyang content check")
        return 1
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title="secure items by expert priors, ability in logits")
    for name in ("force", "items", "slope", "", *(f"{ability:+.0f}" for ability in ABILITIES)):
        table.add_column(name, justify="left" if name in {"force", ""} else "right", no_wrap=True)
    for one in information_of(pack):
        curves = (
            ("information", one.information, 1), ("SE, all", one.smallest_se, 2), ("SE, best 12", one.best_dozen_se, 2)
        )
        for number, (name, values, places) in enumerate(curves):
            head = [one.force, str(one.items), f"{one.mean_slope:.2f}"] if number == 0 else ["", "", ""]
            table.add_row(*head, name, *(f"{value:.{places}f}" for value in values), end_section=number == 2)
    console.print(table)
    return 0


def load_command(args: argparse.Namespace) -> int:
    """Load the built-in pack and say what changed."""
    setup()
    from shuyang.packs.api import load_builtin
    from shuyang.trust.api import SYSTEM

    console = Console()
    report = load_builtin(actor=SYSTEM)
    if report.framework is None or report.items is None or report.release is None:
        console.print("unchanged")
        return 0
    items = report.items
    console.print(f"framework {report.framework.hash[:12]}{' (new)' if report.framework.new else ''}")
    counts = (len(items.added), len(items.changed), items.unchanged, len(items.retired))
    console.print("items: {} added, {} changed, {} unchanged, {} retired".format(*counts))
    console.print(
        f"release {report.release.hash[:12]} with {report.release.items} items{' (new)' if report.release.new else ''}"
    )
    if report.lessons is not None:
        one = report.lessons
        counts = (len(one.added), len(one.changed), one.unchanged, len(one.withdrawn))
        console.print("lessons: {} added, {} changed, {} unchanged, {} withdrawn".format(*counts))
    return 0


def _print_coverage(console: Console, pack: Pack) -> None:
    """Secure items by facet and level, then by type, and practice items by facet."""
    from shuyang.itembank.api import ItemType, Purpose
    from shuyang.packs.api import coverage_of

    contents = [item.content for item in pack.items]
    secure, practice = (coverage_of(contents, purpose) for purpose in (Purpose.SECURE, Purpose.PRACTICE))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title="items by facet, level and type")
    table.add_column("", no_wrap=True)
    for name in (*(f"L{level}" for level in range(1, 6)), "all", *ItemType, "practice"):
        table.add_column(name[:4], justify="right", no_wrap=True)
    for facet in pack.framework.facets:
        cells = [secure.get((facet.id, level), Counter()) for level in range(1, 6)]
        totals = [sum(cell.values()) for cell in cells]
        types = [sum(cell.get(kind, 0) for cell in cells) for kind in ItemType]
        drill = sum(sum(cell.values()) for (where, _), cell in practice.items() if where == facet.id)
        table.add_row(facet.id, *_texts([*totals, sum(totals), *types, drill]))
    table.add_section()
    columns = [sum(sum(cell.values()) for (_, at), cell in secure.items() if at == level) for level in range(1, 6)]
    types = [sum(cell.get(kind, 0) for cell in secure.values()) for kind in ItemType]
    table.add_row("", *_texts([*columns, sum(columns), *types, sum(sum(c.values()) for c in practice.values())]))
    console.print(table)


def _texts(numbers: Iterable[int]) -> list[str]:
    return [str(number) for number in numbers]


def _print_findings(console: Console, findings: Sequence[Finding]) -> None:
    from shuyang.web.errors import words

    for one in findings:
        style = "red" if one.severity == "error" else "yellow"
        line = Text.assemble((f"{one.severity:8}", style), one.problem.where, ": ", words(one.problem))
        console.print(line, soft_wrap=True)
