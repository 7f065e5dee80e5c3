"""Memory of an installation with thousands of open sittings: all web processes and the database together.

    python -m benchmarks.delivery.memory                     10,000 open sittings on PostgreSQL
    python -m benchmarks.delivery.memory --sittings 1000 --database sqlite

The sittings are begun through the service; then some of the people open their page and answer, so that the processes
hold what they hold under load. What processes share is counted once.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from benchmarks.delivery.client import Person
from benchmarks.delivery.server import running

AT_WORK = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--sittings", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with running(args.database, args.workers, people=args.sittings) as server:
        server.run("-m", "benchmarks.delivery.memory_begin", server.campaign)
        failures = sum(_work(server.port, key, server.campaign) for key in server.sessions[:AT_WORK])
        memory = server.memory_mib()
        held = server.run("-m", "benchmarks.delivery.memory_begin", "--count")
    print(f"database, web processes                {args.database}, {args.workers}")
    print(f"open sittings                          {held.splitlines()[-1]}")
    print(f"people at work meanwhile, failures     {min(AT_WORK, args.sittings)}, {failures}")
    print(f"memory of web processes                {memory['web']:.0f} MiB")
    print(f"memory of the database                 {memory['database']:.0f} MiB")
    print(f"memory in all (goal below 1,000)       {sum(memory.values()):.0f} MiB")
    sys.exit(1 if failures else 0)


def _work(port: int, session: str, campaign: str) -> int:
    """Open the page and answer three items; how many of these failed."""
    person: Any = Person(port, session, campaign, seed=hash(session) % 10_000)
    person.begin()
    for _ in range(3):
        person.answer()
    person.connection.close()
    return int(person.failures)


if __name__ == "__main__":
    main()
