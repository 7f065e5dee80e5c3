"""A production rehearsal on one machine: load, a backup, an upgrade and a restore, and what was found.

    script/production-rehearsal                      40 people on PostgreSQL, about three minutes
    script/production-rehearsal --people 12 --think 0.3

It makes a throw-away PostgreSQL, starts several web processes and a job worker, lets simulated people take their
sittings, makes a backup meanwhile, stops the web processes as an upgrade does and starts them again, and waits until
everyone has finished. Then the log is compared with what the people know, the backup is restored into a second
installation, and both are verified.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.delivery.faults import Supervisor, compare, holds, sit
from benchmarks.delivery.server import Server, environment, installation
from benchmarks.delivery.stubborn import Stubborn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds a person thinks")
    parser.add_argument("--patience", type=float, default=600.0)
    args = parser.parse_args()
    with step("database, content and people prepared"), contextlib.ExitStack() as stack:
        server = stack.enter_context(installation("postgres", workers=args.workers, people=args.people))
        kept = stack.pop_all()
    with kept, tempfile.TemporaryDirectory(prefix="shuyang-rehearsal-") as folder:
        sys.exit(0 if rehearse(server, args, Path(folder)) else 1)


@contextlib.contextmanager
def step(name: str) -> Any:
    """Say what was done and how long it took."""
    started = time.monotonic()
    yield
    print(f"✓ {name} ({time.monotonic() - started:.1f} s)", flush=True)


def rehearse(server: Server, args: argparse.Namespace, folder: Path) -> bool:
    """All steps; True when everything holds."""
    with step(f"{args.workers} web processes and a job worker started"):
        server.start("web")
        server.start("worker")
        server.wait_until_ready()
    deadline = time.monotonic() + args.patience
    people = [Stubborn(server.port, key, server.campaign, n, deadline) for n, key in enumerate(server.sessions)]
    threads = [threading.Thread(target=sit, args=(person, args.think), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    _wait_for(people, 10)
    with step("backup made while people answer"):
        server.run("-m", "shuyang.cli", "backup", str(folder / "backup.tar.gz"))
    _wait_for(people, 20)
    with step("web processes stopped, data upgraded, started again while people answer"):
        upgrade(server)
    with step("everyone finished"):
        for thread in threads:
            thread.join()
    stored = read(server.run)
    outcome = compare(people, stored, Supervisor(server))
    _show("The log against what people know", outcome)
    with step("backup restored into a second installation"):
        second = restored(server, folder)
    copy = read(second)
    longer = sum(stored["logs"].get(one, [])[: len(log)] != log for one, log in copy["logs"].items())
    backup = {
        "answers in the backup": sum(map(len, copy["logs"].values())),
        "sittings under way in it": copy["unfinished"],
        "logs that are no beginning of the final log (0)": longer,
        "scores that differ from their recomputation (0)": copy["differing"],
        "breaks in the chains (0)": copy["breaks"],
    }
    _show("The restored backup", backup)
    return (
        holds(outcome) and backup["answers in the backup"] > 0 and not any(v for k, v in backup.items() if "(0)" in k)
    )


def _wait_for(people: list[Stubborn], answers: int) -> None:
    """Until the people have given so many answers on average."""
    while sum(len(one.record.acknowledged) for one in people) < answers * len(people):
        time.sleep(0.2)
        if all(one.finished for one in people):
            return


def upgrade(server: Server) -> None:
    """What the guide says: let the web processes end their work, prepare, start again. Browsers wait meanwhile."""
    web = server.processes["web"]
    os.kill(web.pid, signal.SIGTERM)
    web.wait(timeout=60)
    server.run("-m", "shuyang.cli", "prepare", "--no-demo")
    server.start("web")
    server.wait_until_ready()


def restored(server: Server, folder: Path) -> Callable[..., str]:
    """A second installation on a database of its own that holds the backup; returns its `run`."""
    assert server.cluster is not None
    home = folder / "second"
    home.mkdir()
    second = Server(environment(str(home), server.cluster.create_database("second")), None, 0, 1)
    second.run("-m", "shuyang.cli", "restore", str(folder / "backup.tar.gz"))
    second.run("-m", "shuyang.cli", "audit", "verify")
    return second.run


def read(run: Callable[..., str]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(run("-m", "benchmarks.delivery.reading").splitlines()[-1])
    return found


def _show(title: str, figures: Mapping[str, Any]) -> None:
    print(f"\n{title}")
    for name, value in figures.items():
        print(f"  {name:<56}{value}")
    print(flush=True)


if __name__ == "__main__":
    main()
