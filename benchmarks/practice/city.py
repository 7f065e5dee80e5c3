"""python -m benchmarks.practice.city [--residents N …]: time, CPU seconds and memory of making a city; time of opening one.

Each city is made by a fresh process, as by `shuyang city make`; its peak memory is that of the process. Opening a workspace is
measured from a fresh process, too, with and without a template on disk.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MAKE = """
import sys, resource
from pathlib import Path
from shuyang.practice.city.api import make_database
make_database(Path(sys.argv[1]), residents=int(sys.argv[2]), seed=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
OPEN = """
import sys
from pathlib import Path
import duckdb
from shuyang.practice.city.api import open_copy
path = open_copy(Path(sys.argv[1]), Path(sys.argv[2]), residents=20000, seed=1)
print(duckdb.connect(str(path)).execute("SELECT count(*) FROM resident").fetchone()[0])
"""


def measured(code: str, *arguments: str) -> tuple[float, float, str]:
    """Wall seconds, CPU seconds and output of a fresh process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--residents", type=int, nargs="*", default=[20_000, 200_000, 2_000_000])
    args = parser.parse_args()
    print(f"{'residents':>10}{'seconds':>10}{'CPU s':>8}{'peak GB':>9}{'file MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for residents in args.residents:
            path = Path(folder) / f"{residents}.duckdb"
            wall, cpu, peak = measured(MAKE, str(path), str(residents))
            size = path.stat().st_size / 1e6
            print(f"{residents:>10}{wall:>10.1f}{cpu:>8.1f}{int(peak) / 1e6:>9.2f}{size:>9.1f}")
            path.unlink()
        for title, name in (("without a template", "a"), ("with a template", "b")):
            wall, cpu, _ = measured(OPEN, f"{folder}/templates", f"{folder}/{name}.duckdb")
            print(f"open a workspace of 20,000 {title}: {wall:.2f} s, {cpu:.2f} CPU s")


if __name__ == "__main__":
    main()
