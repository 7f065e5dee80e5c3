"""Import a roster of 100,000 rows into a fresh SQLite database, while somebody else writes all the time.

    python benchmarks/people_import.py [ROWS]

Prints, for the check and for the writing: seconds, rows per second, CPU seconds, peak memory; and how long a
small write of another process (a sitting's answer) took meanwhile: median, 95th percentile, longest.
"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000


def make_workbook(path: Path, rows: int) -> None:
    import xlsxwriter
    from tests.people.rosters import HEADER, identity

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for i in range(1, rows + 1):
        name = "王李张刘陈"[i % 5] + "建晓志文思"[i // 5 % 5] + "华明强博远"[i // 25 % 5]
        unit = f"第{i % 40 + 1}局/第{i % 200 + 1}科"
        cells = (f"{i:08d}", name, unit, "", "一般干部", "综合管理", "科员", "2024.1.1", identity(i), f"138{i:08d}")
        for column, text in enumerate(cells):
            sheet.write_string(i, column, text)
    book.close()


def other_writer(
    database: str, stop: multiprocessing.synchronize.Event, out: multiprocessing.Queue[list[float]]
) -> None:
    """Somebody answering: one small committed row every 20 ms."""
    connection = sqlite3.connect(database, timeout=30, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS probe (n INTEGER)")
    took = []
    while not stop.is_set():
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO probe VALUES (1)")
        connection.execute("COMMIT")
        took.append(time.perf_counter() - begun)
        time.sleep(0.02)
    out.put(took)


def memory(*names: str) -> float:
    """Sum of some of the process's memory figures, in MiB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in names) / 1024


def measured(name: str, work: Callable[[Callable[[int, int], None]], object]) -> None:
    """Private memory is sampled after each batch; the rest of the peak are database pages mapped from the file."""
    private = 0.0

    def step(done: int, total: int) -> None:
        nonlocal private
        private = max(private, memory("RssAnon"))

    wall, cpu = time.perf_counter(), time.process_time()
    work(step)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = memory("VmHWM")
    print(
        f"{name:<6} {wall:6.1f} s {ROWS / wall:7.0f} rows/s  CPU {cpu:5.1f} s  private {private:4.0f}, peak {peak:4.0f} MiB"
    )


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="shuyang-bench-"))
    roster = home / "roster.xlsx"
    maker = multiprocessing.get_context("spawn").Process(target=make_workbook, args=(roster, ROWS))
    maker.start()
    maker.join()
    os.environ |= {"SHUYANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shuyang.config.settings"}
    os.environ.pop("SHUYANG_DATABASE", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    run(home, roster)


def run(home: Path, roster: Path) -> None:
    from shuyang.people import api
    from shuyang.trust.api import SYSTEM

    print(f"{ROWS} rows, {roster.stat().st_size / 2**20:.1f} MiB, memory before {memory('VmRSS'):.0f} MiB")
    batch = api.upload_import(actor=SYSTEM, file_name="roster.xlsx", data=roster.read_bytes(), unit_id=None)
    head, reading = api.import_head(actor=SYSTEM, batch_id=batch)
    api.check_import(
        actor=SYSTEM,
        batch_id=batch,
        sheet=head.sheet,
        header_row=reading.header_row,
        matched=reading.columns,
        create_units=True,
        in_job=False,
    )
    measured("check", lambda step: api.run_import_check(batch, step))
    api.accept_import(actor=SYSTEM, batch_id=batch, in_job=False)
    spawn = multiprocessing.get_context("spawn")
    stop, out = spawn.Event(), spawn.Queue()
    writer = spawn.Process(target=other_writer, args=(str(home / "shuyang.sqlite3"), stop, out))
    writer.start()
    measured("write", lambda step: api.run_import_write(batch, step))
    stop.set()
    took = sorted(out.get())
    writer.join()
    n = len(took)
    print(
        f"meanwhile {n} writes by another: median {took[n // 2] * 1e3:.1f} ms, "
        f"95 % {took[n * 95 // 100] * 1e3:.0f} ms, longest {took[-1] * 1e3:.0f} ms"
    )
    print(api.import_view(actor=SYSTEM, batch_id=batch).counts)


if __name__ == "__main__":
    main()
