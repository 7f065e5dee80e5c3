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
  shuyang content check --cells
  shuyang content information
  shuyang content sitting --rank-layer leader --seed 3
  shuyang content load
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `content`."""
    parser = subparsers.add_parser(
        "content",
        help="check and load content packs",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="content_command", required=True)
    check = commands.add_parser("check", help="check items, framework and lessons of a pack")
    check.add_argument("folder", nargs="?", type=Path, help="folder of the pack (default: the built-in one)")
    check.add_argument("--warnings", action="store_true", help="print warnings too, not only their number")
    check.add_argument("--cells", action="store_true", help="print the coverage of every facet and level by type")
    check.set_defaults(run=check_command)
    information = commands.add_parser("information", help="how precisely the bank could measure, by expert priors")
    information.add_argument("folder", nargs="?", type=Path, help="folder of the pack (default: the built-in one)")
    information.set_defaults(run=information_command)
    sitting = commands.add_parser(
        "sitting", help="print a simulated sitting as a person would see it (synthetic; holds secure items)"
    )
    sitting.add_argument("folder", nargs="?", type=Path, help="folder of the pack (default: the built-in one)")
    sitting.add_argument("--rank-layer", default="general", help="leader, general or specialist (default: general)")
    sitting.add_argument("--blueprint", default="diagnosis", help="diagnosis or certification (default: diagnosis)")
    sitting.add_argument("--seed", type=int, default=1, help="the same seed gives the same sitting (default: 1)")
    sitting.add_argument("--output", type=Path, help="HTML file (default: sitting-LAYER-SEED.html)")
    sitting.set_defaults(run=sitting_command)
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
        if args.cells:
            _print_cells(console, pack)
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
            ("information", one.information, 1),
            ("SE, all", one.smallest_se, 2),
            ("SE, best 12", one.best_dozen_se, 2),
        )
        for number, (name, values, places) in enumerate(curves):
            head = [one.force, str(one.items), f"{one.mean_slope:.2f}"] if number == 0 else ["", "", ""]
            table.add_row(*head, name, *(f"{value:.{places}f}" for value in values), end_section=number == 2)
    console.print(table)
    return 0


def sitting_command(args: argparse.Namespace) -> int:
    """Write the items that a simulated person meets to a file; 1 where the pack or what is asked for has problems."""
    setup()
    from django.utils import translation

    from shuyang.kernel.errors import NotFound
    from shuyang.packs.api import builtin_folder, read_pack, simulated_sitting
    from shuyang.web.paper.sitting_sheet import sitting_sheet

    console = Console()
    pack, problems = read_pack(args.folder or builtin_folder())
    if pack is None or problems:
        console.print("the pack has problems: see shuyang content check")
        return 1
    try:
        sitting = simulated_sitting(pack, rank_layer=args.rank_layer, seed=args.seed, blueprint=args.blueprint)
    except NotFound as error:
        console.print(f"[red]{error}[/red]")
        return 1
    target = args.output or Path(f"sitting-{args.rank_layer}-{args.seed}.html")
    with translation.override("zh-hans"):
        target.write_text(sitting_sheet(sitting, pack.framework), "utf-8")
    console.print(
        f"{target}: {len(sitting.given)} items, {sitting.seconds / 60:.0f} minutes, stopped by {sitting.stop}"
    )
    console.print("synthetic; it holds secure items: do not give it to people who will be tested")
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


def _print_cells(console: Console, pack: Pack) -> None:
    """Secure items of every facet at every level by type."""
    from shuyang.itembank.api import ItemType, Purpose
    from shuyang.packs.api import coverage_of

    cells = coverage_of([item.content for item in pack.items], Purpose.SECURE)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title="secure items by facet, level and type")
    for name in ("", "", *(kind[:4] for kind in ItemType), "all"):
        table.add_column(name, justify="right", no_wrap=True)
    for facet in pack.framework.facets:
        for level in range(1, 6):
            counts = cells.get((facet.id, level), Counter())
            row = _texts([*(counts.get(kind, 0) for kind in ItemType), sum(counts.values())])
            table.add_row(facet.id if level == 1 else "", f"L{level}", *row, end_section=level == 5)
    console.print(table)


def _texts(numbers: Iterable[int]) -> list[str]:
    return [str(number) for number in numbers]


def _print_findings(console: Console, findings: Sequence[Finding]) -> None:
    from shuyang.web.errors import words

    for one in findings:
        style = "red" if one.severity == "error" else "yellow"
        line = Text.assemble((f"{one.severity:8}", style), one.problem.where, ": ", words(one.problem))
        console.print(line, soft_wrap=True)
