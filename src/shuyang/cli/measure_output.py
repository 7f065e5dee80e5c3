"""How the measurement commands show progress and results."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shuyang.cli.tables import write_table
from shuyang.kernel.errors import Invalid

SHOWN = 20


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """A bar on the error stream; the body calls report(text) or report(text, share done)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    layout = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[text]}"),
    )
    with Progress(*layout, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, text="")

        def report(text: str, share: float | None = None) -> None:
            bar.update(task, text=text, total=None if share is None else 1.0, completed=share or 0.0)

        yield report


def conclude(path: Path | None, table: Mapping[str, Sequence[Any]], *lines: str) -> int:
    """Write the table where a file is named (first, so that a closed pipe loses nothing), print the lines, and show
    the table's first rows where none is."""
    write(path, table)
    for line in lines:
        print(line)
    if path is None:
        _show(table)
    return 0


def _show(table: Mapping[str, Sequence[Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console.width = 200  # into a pipe or a file: nothing is cut off
    view = Table(*(str(name) for name in table), box=box.SIMPLE)
    rows = list(zip(*table.values(), strict=True))
    for row in rows[:SHOWN]:
        view.add_row(*(_cell(cell) for cell in row))
    console.print(view)
    if len(rows) > SHOWN:
        print(f"{len(rows) - SHOWN} more rows: name a file with --out")


def _cell(cell: Any) -> str:
    if cell is None or cell != cell:
        return "–"
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)


def write(path: Path | None, table: Mapping[str, Sequence[Any]]) -> None:
    """Write a table where a file is named."""
    if path is not None:
        write_table(path, table)
        _written(path)


def need_json(path: Path) -> None:
    """Refuse, before the work is done, a name under which a bank can't be written."""
    if path.suffix.lower() != ".json":
        raise Invalid(message=f"{path}: a bank is written to a .json file")


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a calibration or a bank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    _written(path)


def draw(path: Path | None, make: Callable[[], Any]) -> None:
    """Save the figure that `make` returns, where a file is named."""
    if path is not None:
        make().savefig(path, dpi=150)
        _written(path)


def _written(path: Path) -> None:
    print(f"✓ 已写出 written: {path}", file=sys.stderr)
