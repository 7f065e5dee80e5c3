"""The start of a campaign: many people sign in within two minutes, and nobody may be turned away.

    python -m benchmarks.delivery.start                      2,000 people in 120 s on PostgreSQL
    python -m benchmarks.delivery.start --people 300 --seconds 20 --database sqlite

Each arrives at a random moment, opens the sign-in page, proves a password (Argon2), consents, begins, and sees the first
item. Every request is sent once: a refusal or a broken connection counts as a person shed.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Sequence

from benchmarks.delivery.client import Person
from benchmarks.delivery.prepare import PASSWORD
from benchmarks.delivery.server import running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    threading.stack_size(512 * 1024)
    with running(args.database, args.workers, people=args.people) as server:
        before, started = server.cpu_seconds(), time.monotonic()
        rng = random.Random(1)
        arrivals = sorted(rng.uniform(0, args.seconds) for _ in server.usernames)
        waits: list[float] = []
        shed: list[str] = []
        threads = [
            threading.Thread(target=_come, args=(server.port, server.campaign, name, started + at, waits, shed))
            for name, at in zip(server.usernames, arrivals, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall, after = time.monotonic() - started, server.cpu_seconds()
        memory = server.memory_mib()
    report(args, waits, shed, {k: after[k] - before[k] for k in before}, wall, sum(memory.values()))
    sys.exit(1 if shed else 0)


def _come(port: int, campaign: str, username: str, at: float, waits: list[float], shed: list[str]) -> None:
    time.sleep(max(0.0, at - time.monotonic()))
    started = time.monotonic()
    person = Person(port, "", campaign, seed=1)
    person.cookies = {}
    try:
        person.request("GET", "/sign-in/")
        signed = person.request("POST", "/sign-in/", [("username", username), ("secret", PASSWORD)])
        if signed.status != 302:
            raise RuntimeError(f"sign-in: {signed.status}")
        person.begin()
        if "data-item" not in person.html:
            raise RuntimeError("no first item")
    except Exception as error:
        shed.append(f"{type(error).__name__}: {error}")
    else:
        waits.append(time.monotonic() - started)
    finally:
        person.connection.close()


def report(
    args: argparse.Namespace,
    waits: Sequence[float],
    shed: Sequence[str],
    cpu: dict[str, float],
    wall: float,
    mib: float,
) -> None:
    ordered, total = sorted(waits) or [0.0], sum(cpu.values())
    print(f"database, people, web processes             {args.database}, {args.people}, {args.workers}")
    print(f"arrivals over, all served after             {args.seconds:.0f} s, {wall:.0f} s")
    print(f"turned away (goal 0)                        {len(shed)} {sorted(set(shed))[:3] if shed else ''}")
    print(f"sign-in to first item, median               {ordered[len(ordered) // 2]:.2f} s")
    print(f"sign-in to first item, 95 %                 {ordered[int(0.95 * len(ordered))]:.2f} s")
    print(f"sign-in to first item, longest              {ordered[-1]:.2f} s")
    print(f"server CPU per person, all                  {1000 * total / args.people:.0f} ms")
    print(f"memory of web processes and database        {mib:.0f} MiB")


if __name__ == "__main__":
    main()
