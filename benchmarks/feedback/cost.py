"""What a publication and a view cost, from ten thousand people to a million."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.feedback.organisations import organisation, scale, tree

STEPS = (10_000, 100_000, 1_000_000)
PER_UNIT, BELOW = 20, 12


def run(steps: tuple[int, ...] = STEPS) -> list[dict[str, Any]]:
    """Each size in a process of its own, so that its peak of memory is its own."""
    rows = []
    for people in steps:
        command = [sys.executable, "-m", "benchmarks.feedback", "one", str(people)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]
        rows.append(dict(part.split("=") for part in said.split()))
    return rows


def one(people: int) -> dict[str, str]:
    """Seconds of CPU for the extract, the choice of cells, the figures, the files, and views; peak memory."""
    from shuyang.feedback.publishing.compute import first_structure, publish

    rng = np.random.default_rng(people)
    parent = tree(max(2, people // PER_UNIT), BELOW)
    spent: dict[str, str] = {"people": str(people), "units": str(len(parent))}
    made = organisation(rng, parent, rng.integers(0, len(parent), people), spread=0.2)
    start = time.process_time()
    structure = first_structure(parent, made.rows)
    spent["cells_s"] = f"{time.process_time() - start:.1f}"
    start = time.process_time()
    published = publish(parent, made.rows, scale(), structure)
    spent["figures_s"] = f"{time.process_time() - start:.1f}"
    folder = Path(tempfile.mkdtemp(prefix="shuyang-bench-"))
    try:
        spent |= _files(folder, parent, published, structure)
    finally:
        shutil.rmtree(folder)
    spent["peak_mb"] = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    return spent


def _files(folder: Path, parent: np.ndarray, published: Any, structure: Any) -> dict[str, str]:
    """Write the tables as a publication does, and read views of units at the top, in the middle and below."""
    from shuyang.feedback.extract.store import connect, write_parquet

    paths: list[str] = []
    for unit, above in enumerate(parent):
        paths.append((paths[above] if above >= 0 else "") + f"{unit:05x}/")
    start = time.process_time()
    table = published.table
    named = np.array(paths, dtype=object)[table["unit"].astype(np.int64)]
    cells = {"path": named} | {k: v for k, v in table.items() if k != "unit"}
    write_parquet(folder / "cells.parquet", cells, order="path, dimension, groups, measure")
    spent = {"files_s": f"{time.process_time() - start:.1f}", "lines": str(len(named))}
    views = [0, 1, len(parent) // 2, len(parent) - 1]
    worst = 0.0
    for unit in views:
        wanted = [paths[unit], *(paths[u] for u in np.flatnonzero(parent == unit))]
        start = time.perf_counter()
        with connect() as db:
            query = f"SELECT * FROM read_parquet('{folder / 'cells.parquet'}') WHERE list_contains(?::VARCHAR[], path)"
            db.execute(query, [wanted]).fetchnumpy()
        worst = max(worst, time.perf_counter() - start)
    return spent | {"slowest_view_s": f"{worst:.2f}"}
