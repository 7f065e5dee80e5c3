"""Cost and latency of answers.

    python -m benchmarks.delivery                              64 sittings for 60 s on SQLite
    python -m benchmarks.delivery --database postgres          the same on PostgreSQL
    python -m benchmarks.delivery --sittings 32 --seconds 90   another load

Each simulated person thinks for an exponentially distributed time (mean 3 s) between items. Server CPU is read from
/proc and holds everything: web processes, choice of the next item, database. Clients run on the same machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time

from benchmarks.delivery.client import Person
from benchmarks.delivery.server import Server, running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--sittings", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with running(args.database, args.workers, people=args.sittings) as server:
        measure(server, args)


def measure(server: Server, args: argparse.Namespace) -> None:
    people = [Person(server.port, s, server.campaign, i) for i, s in enumerate(server.sessions[: args.sittings])]
    for person in people:
        person.begin()
    before, started = server.cpu_seconds(), time.monotonic()
    stop = started + args.seconds
    threads = [threading.Thread(target=_sit, args=(p, stop, args.think)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, after = time.monotonic() - started, server.cpu_seconds()
    latencies = sorted(t for p in people for t in p.latencies)
    memory = sum(server.memory_mib().values())
    report(args, people, latencies, {k: after[k] - before[k] for k in before}, wall, memory)


def _sit(person: Person, stop: float, think: float) -> None:
    rng = random.Random(person.seed + 10_000)
    while not person.finished:
        pause = rng.expovariate(1 / think)
        if time.monotonic() + pause >= stop:
            return
        time.sleep(pause)
        person.answer()


def report(
    args: argparse.Namespace,
    people: list[Person],
    latencies: list[float],
    cpu: dict[str, float],
    wall: float,
    memory: float,
) -> None:
    n = len(latencies)
    sizes = [size for p in people for size in p.sizes]
    rows = [
        ("database, sittings, web processes", f"{args.database}, {args.sittings}, {args.workers}"),
        ("answers in seconds", f"{n} in {wall:.0f} s"),
        ("answers refused or failed", f"{sum(p.failures for p in people)}"),
        ("server CPU per answer, web", f"{1000 * cpu['web'] / n:.2f} ms"),
        ("server CPU per answer, database server", f"{1000 * cpu['database'] / n:.2f} ms"),
        ("server CPU per answer, all (goal 4)", f"{1000 * sum(cpu.values()) / n:.2f} ms"),
        ("answer to next item, median", f"{1000 * statistics.median(latencies):.1f} ms"),
        ("answer to next item, 95 % (goal 100)", f"{1000 * latencies[int(0.95 * n)]:.1f} ms"),
        ("answer to next item, longest", f"{1000 * latencies[-1]:.1f} ms"),
        (
            "bytes per reply, mean and largest (goal 15 KB)",
            f"{statistics.mean(sizes) / 1000:.1f} and {max(sizes) / 1000:.1f} KB",
        ),
        ("memory of web processes and database", f"{memory:.0f} MiB"),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


if __name__ == "__main__":
    main()
