"""Fifty people at the range at once: how long an interactive query takes, and what it costs.

    python -m benchmarks.practice.load [--people 50] [--seconds 60] [--worlds 6]

Each person has a workspace of 20,000 residents, thinks for 3 seconds in the mean (exponential) and asks one of the queries
that people ask in the scenario: a look at rows, a pivot, a join, a chain of named queries. Reported: wall time at the median
and at 95 % of all queries, the processor time of the queries themselves, what was refused or stopped. The goal is 500 ms at
95 % on two cores.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from shuyang.practice.package import scenario
from shuyang.practice.sandbox.client import ask
from shuyang.practice.sandbox.contracts import NamedQuery
from shuyang.practice.worlds import world

CLEAN = NamedQuery(
    "有效评价",
    "SELECT * FROM ratings WHERE source <> '窗口终端' "
    "QUALIFY row_number() OVER (PARTITION BY application_id ORDER BY rated_at DESC) = 1",
)
QUERIES = (
    "SELECT * FROM cases WHERE channel = '窗口' ORDER BY submitted_at LIMIT 200",
    "SELECT hall_id, month(submitted_at) AS m, avg(waited) AS w FROM cases WHERE channel = '窗口' GROUP BY ALL ORDER BY ALL",
    "SELECT item_id, avg((returns > 0)::INTEGER) AS share, count(*) AS n FROM cases GROUP BY item_id ORDER BY share DESC",
    "SELECT c.hall_id, avg((r.score <= 2)::INTEGER) FROM 有效评价 r JOIN cases c USING (application_id) GROUP BY c.hall_id",
    "SELECT p.item_id, median(date_diff('minute', a.happened_at, b.happened_at)) FROM events a JOIN events b USING "
    "(application_id) JOIN cases p USING (application_id) WHERE a.event = '审核' AND b.event = '决定' GROUP BY p.item_id",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--worlds", type=int, default=6, help="different cities they are spread over")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        places = [world(scenario("service_satisfaction"), n, Path(folder)).given for n in range(chosen.worlds)]
        print(f"{chosen.worlds} worlds of 20,000 residents made in {time.perf_counter() - start:.1f} s")
        waits, cpu, failures = run(places, chosen.people, chosen.seconds)
    print(f"{len(waits)} queries by {chosen.people} people in {chosen.seconds:.0f} s, {failures} failed")
    print(f"wall: median {np.median(waits) * 1000:.0f} ms, p95 {np.quantile(waits, 0.95) * 1000:.0f} ms")
    print(f"processor time in the query: mean {np.mean(cpu):.0f} ms, p95 {np.quantile(cpu, 0.95):.0f} ms")


def run(places: list[Path], people: int, seconds: float) -> tuple[list[float], list[float], int]:
    """Wall seconds and processor milliseconds of each query, and how many failed."""
    ask(database=places[0], sql="SELECT 1")  # the zygote starts once
    waits: list[float] = []
    cpu: list[float] = []
    failures = [0]
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_person, args=(n, places[n % len(places)], end, waits, cpu, failures))
        for n in range(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits, cpu, failures[0]


def _person(number: int, place: Path, end: float, waits: list[float], cpu: list[float], failures: list[int]) -> None:
    choice = random.Random(number)
    time.sleep(choice.random() * 3)
    while time.perf_counter() < end:
        start = time.perf_counter()
        found = ask(database=place, sql=choice.choice(QUERIES), named=[CLEAN])
        waits.append(time.perf_counter() - start)
        if found.ok:
            cpu.append(found.cpu_ms)
        else:
            failures[0] += 1
        time.sleep(choice.expovariate(1 / 3))


if __name__ == "__main__":
    main()
