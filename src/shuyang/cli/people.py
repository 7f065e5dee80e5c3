"""`shuyang import people`: a roster from the command line, checked first, written when accepted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from shuyang.cli.main import setup

if TYPE_CHECKING:
    from shuyang.people.api import Counts

EXAMPLE = """examples:
  shuyang import people roster.xlsx                      check, show problems, ask, write
  shuyang import people roster.xlsx --check              check only
  shuyang import people roster.xlsx --yes --create-units --rejected rejected.xlsx
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `import people` to the command line."""
    parser = subparsers.add_parser(
        "import",
        help="import people from an Excel workbook",
        epilog="example:\n  shuyang import people roster.xlsx",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    people = kinds.add_parser(
        "people",
        help="import a roster",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Import a roster of people from an Excel workbook (.xlsx). Nothing is written before the check is accepted.",
    )
    people.add_argument("file", type=Path, metavar="FILE")
    people.add_argument(
        "--unit",
        default="",
        metavar="CODE",
        help="code or name of the unit the roster is for (default: rows name theirs)",
    )
    people.add_argument("--sheet", default="", help="name of the sheet (default: the first that is not empty)")
    people.add_argument("--create-units", action="store_true", help="make units that do not exist yet")
    people.add_argument("--check", action="store_true", help="check only, write nothing")
    people.add_argument("--yes", action="store_true", help="accept without asking")
    people.add_argument(
        "--rejected", type=Path, metavar="OUT", help="write rejected rows with reasons to this workbook"
    )
    people.set_defaults(run=import_people)


def import_people(args: argparse.Namespace) -> int:
    """Exit status: 0 all rows fit, 1 some were rejected, 2 the file can't be read or the import was not accepted."""
    setup()
    from shuyang.kernel.errors import Invalid, ShuyangError
    from shuyang.web.errors import error_words, words

    try:
        return _import(args)
    except Invalid as error:
        for problem in error.problems:
            print(f"{problem.where}: {words(problem)}", file=sys.stderr)
    except ShuyangError as error:
        print(error_words(error) or error.message, file=sys.stderr)
    except OSError as error:
        print(f"{args.file}: {error.strerror}", file=sys.stderr)
    return 2


def _import(args: argparse.Namespace) -> int:
    from shuyang.people import api
    from shuyang.trust.api import SYSTEM

    batch = api.upload_import(
        actor=SYSTEM, file_name=args.file.name, data=args.file.read_bytes(), unit_id=_unit_id(args.unit)
    )
    head, reading = api.import_head(actor=SYSTEM, batch_id=batch, sheet=args.sheet)
    api.check_import(
        actor=SYSTEM,
        batch_id=batch,
        sheet=head.sheet,
        header_row=reading.header_row,
        matched=reading.columns,
        create_units=args.create_units,
        in_job=False,
    )
    _with_progress("check", lambda step: api.run_import_check(batch, step))
    counts = _show(batch)
    if args.check or not (args.yes or _agreed()):
        api.discard_import(actor=SYSTEM, batch_id=batch)
        return (1 if counts.rejected else 0) if args.check else 2
    api.accept_import(actor=SYSTEM, batch_id=batch, in_job=False)
    _with_progress("write", lambda step: api.run_import_write(batch, step))
    if args.rejected and counts.rejected:
        _save_rejected(batch, args.rejected)
    return 1 if counts.rejected else 0


def _unit_id(wanted: str) -> UUID | None:
    from shuyang.kernel.errors import Invalid, Problem
    from shuyang.people import api
    from shuyang.trust.api import SYSTEM

    if not wanted:
        return None
    units = [line.unit for line in api.unit_tree(actor=SYSTEM)]
    found = [u for u in units if u.code == wanted.upper()] or [u for u in units if u.name == wanted]
    if len(found) > 1:
        raise Invalid([Problem("--unit", "unit_ambiguous", (("name", wanted), ("count", str(len(found)))))])
    if not found:
        raise Invalid([Problem("--unit", "unit_unknown", (("name", wanted),))])
    return found[0].id


def _with_progress(title: str, work: Callable[[Callable[[int, int], None]], object]) -> None:
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task(title, total=None)
        work(lambda done, total: bar.update(task, completed=done, total=total))


def _show(batch: UUID) -> Counts:
    from rich.console import Console
    from rich.table import Column, Table

    from shuyang.people import api
    from shuyang.trust.api import SYSTEM
    from shuyang.web.errors import words

    view, console = api.import_view(actor=SYSTEM, batch_id=batch), Console()
    counts = view.counts
    console.print(
        f"{counts.rows} rows: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged, "
        f"{counts.rejected} rejected; {counts.units} new units {'、'.join(view.new_units)}"
    )
    if view.reports:
        table = Table("row", "number", "name", Column("problems", overflow="fold"))
        for report in view.reports[:50]:
            table.add_row(
                str(report.row),
                report.number,
                report.name,
                "\n".join(f"{p.where}：{words(p)}" for p in report.problems),
            )
        console.print(table)
    return counts


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("not accepted: add --yes to write", file=sys.stderr)
        return False
    return input("Write the rows that fit? [y/N] ").strip().lower() in ("y", "yes")


def _save_rejected(batch: UUID, out: Path) -> None:
    from shuyang.people import api
    from shuyang.trust.api import SYSTEM
    from shuyang.web.errors import words

    heading, rows = api.rejected_rows(actor=SYSTEM, batch_id=batch)
    lines = ((r.row, "；".join(f"{p.where}：{words(p)}" for p in r.problems), cells) for r, cells in rows)
    data = api.rejected_workbook(
        heading=heading, rows=lines, sheet="未通过的行", row_heading="原文件行号", reason_heading="原因"
    )
    out.write_bytes(data)
    print(f"rejected rows: {out}")
