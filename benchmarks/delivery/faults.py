"""Fault test: people answer while web, worker and database processes are killed; then the log must hold what they know.

    python -m benchmarks.delivery.faults                               200 people, 2 minutes of killing, PostgreSQL
    python -m benchmarks.delivery.faults --people 12 --seconds 15      a short one
    python -m benchmarks.delivery.faults --database sqlite

Every process is killed with SIGKILL at random moments and started again by a supervisor, as systemd would. Afterwards
the log is compared with what each person wrote down: nothing acknowledged may be missing, nothing may count twice,
every sitting must finish, and every score must be what its log gives.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.delivery.server import Server, installation, tree
from benchmarks.delivery.stubborn import Stubborn


@dataclass
class Supervisor:
    """Starts again what has died, until it is told to rest."""

    server: Server
    kills: Counter[str] = field(default_factory=Counter)
    resting: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.resting.wait(0.2):
            for name, process in self.server.processes.items():
                if process.poll() is not None:
                    self.server.start(name)
            cluster = self.server.cluster
            if cluster is not None and cluster.pid() is None:
                with contextlib.suppress(subprocess.CalledProcessError):  # not yet: shared memory is still in use
                    cluster.start()

    def kill_one(self, rng: random.Random) -> None:
        """SIGKILL to one thing: a web process, all of them, the worker, a database process, or the whole database."""
        kind = rng.choice(["web process", "web process", "all web processes", "worker", "database process", "database"])
        if self.server.cluster is None and kind.startswith("database"):
            kind = "web process"
        pids = self._pids(kind, rng)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kills[kind] += bool(pids)

    def _pids(self, kind: str, rng: random.Random) -> list[int]:
        web = tree(self.server.processes["web"].pid)
        if kind == "all web processes":
            return web
        if kind == "web process":
            return [rng.choice(web[1:])] if len(web) > 1 else []
        if kind == "worker":
            return tree(self.server.processes["worker"].pid)
        postmaster = self.server.cluster.pid() if self.server.cluster else None
        if postmaster is None:
            return []
        return [postmaster] if kind == "database" else [rng.choice(tree(postmaster)[1:] or [postmaster])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long processes are killed")
    parser.add_argument("--every", type=float, default=4.0, help="mean seconds between kills")
    parser.add_argument("--think", type=float, default=2.0, help="mean seconds a person thinks")
    parser.add_argument("--patience", type=float, default=600.0, help="seconds after which people give up")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with installation(args.database, people=args.people) as server:
        outcome = run(server, args)
    for name, value in outcome.items():
        print(f"{name:<58}  {value}")
    sys.exit(0 if holds(outcome) else 1)


def run(server: Server, args: argparse.Namespace) -> dict[str, Any]:
    """The whole test on a prepared installation; the figures by name."""
    supervisor, deadline = Supervisor(server), time.monotonic() + args.patience
    for name in ("web", "worker"):
        server.start(name)
    server.wait_until_ready()
    watcher = threading.Thread(target=supervisor.watch, daemon=True)
    watcher.start()
    people = [Stubborn(server.port, s, server.campaign, args.seed + n, deadline) for n, s in enumerate(server.sessions)]
    threads = [threading.Thread(target=sit, args=(person, args.think), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    _kill(supervisor, threads, args)
    for thread in threads:
        thread.join()
    supervisor.resting.set()
    watcher.join()
    return compare(people, json.loads(server.run("-m", "benchmarks.delivery.reading").splitlines()[-1]), supervisor)


def sit(person: Stubborn, think: float) -> None:
    rng = random.Random(person.seed + 10_000)
    with contextlib.suppress(TimeoutError):
        person.begin()
        while not person.finished:
            time.sleep(rng.expovariate(1 / think))
            person.answer()


def _kill(supervisor: Supervisor, threads: list[threading.Thread], args: argparse.Namespace) -> None:
    rng, stop = random.Random(args.seed), time.monotonic() + args.seconds
    while any(thread.is_alive() for thread in threads):
        time.sleep(min(rng.expovariate(1 / args.every), 3 * args.every))
        if time.monotonic() >= stop:
            return
        supervisor.kill_one(rng)


def compare(people: list[Stubborn], stored: Mapping[str, Any], supervisor: Supervisor) -> dict[str, Any]:
    """What people wrote down against what is stored (see `reading`)."""
    log = {sitting: [tuple(entry) for entry in entries] for sitting, entries in stored["logs"].items()}
    lost = twice = unknown = 0
    for person in people:
        entries = log.get(getattr(person, "path", "//").split("/")[2], [])
        keys = Counter(key for _, key in entries)
        lost += sum(place not in entries for place in person.record.acknowledged)
        twice += sum(count - 1 for count in keys.values()) + len(entries) - len({position for position, _ in entries})
        unknown += sum(place not in person.record.sent for place in entries)
    return {
        "people, kills": f"{len(people)}, {dict(supervisor.kills)}",
        "answers acknowledged": sum(len(p.record.acknowledged) for p in people),
        "requests sent again": sum(p.record.repeats for p in people),
        "acknowledged answers lost (0)": lost,
        "answers counted twice (0)": twice,
        "answers in the log that nobody sent (0)": unknown,
        "answers refused (0)": sum(len(p.record.refused) for p in people),
        "sittings not finished (0)": sum(not p.finished for p in people) + stored["unfinished"],
        "sittings": stored["sittings"],
        "scores that differ from their recomputation (0)": stored["differing"],
        "sittings whose evidence is not their log (0)": stored["evidence"],
        "breaks in the chains (0)": stored["breaks"],
    }


def holds(outcome: Mapping[str, Any]) -> bool:
    """Is everything zero that must be, and was anything tested at all?"""
    zero = [value for name, value in outcome.items() if name.endswith("(0)")]
    return not any(zero) and outcome["answers acknowledged"] > 0 and outcome["sittings"] > 0


if __name__ == "__main__":
    main()
