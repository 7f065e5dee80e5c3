"""An installation for a benchmark: a throw-away home and database, web processes, a job worker, their cost."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.on_postgres import Cluster, free_port, server

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Server:
    """A running installation and what clients need to know of it."""

    environment: Mapping[str, str]
    cluster: Cluster | None
    port: int
    workers: int
    campaign: str = ""
    sessions: list[str] = field(default_factory=list)
    usernames: list[str] = field(default_factory=list)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self, *arguments: str, code: int = 0) -> str:
        """A Python program with this installation's environment; its output."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=dict(self.environment), capture_output=True, text=True, cwd=ROOT)
        if done.returncode != code:
            raise RuntimeError(f"{arguments}: {done.stdout}\n{done.stderr}")
        return done.stdout

    def prepare(self, people: int) -> None:
        """Make database, content, and people with a campaign."""
        self.run("-m", "shuyang.cli", "prepare", "--no-demo")
        known = json.loads(self.run("-m", "benchmarks.delivery.prepare", str(people)).splitlines()[-1])
        self.campaign, self.sessions, self.usernames = known["campaign"], known["sessions"], known["usernames"]

    def start(self, name: str) -> None:
        """Start `web` or `worker`, each with a process group of its own."""
        arguments = {"web": ["serve", "--port", str(self.port), "--workers", str(self.workers)], "worker": ["worker"]}[
            name
        ]
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "shuyang.cli", *arguments],
            env=dict(self.environment),
            start_new_session=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        """SIGKILL to all processes of `web` or `worker`."""
        process = self.processes[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        stop = time.monotonic() + seconds
        while time.monotonic() < stop:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/ready/")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def cpu_seconds(self) -> dict[str, float]:
        """User and system CPU seconds spent so far by the web processes and by PostgreSQL."""
        root = self.cluster.pid() if self.cluster else None
        return {"web": _tree_cpu(self.processes["web"].pid), "database": _tree_cpu(root) if root else 0.0}

    def memory_mib(self) -> dict[str, float]:
        """Memory of the web processes and of PostgreSQL; what processes share is counted once (PSS)."""
        roots = {"web": self.processes["web"].pid, "database": self.cluster.pid() if self.cluster else None}
        return {name: sum(map(_pss, tree(pid))) / 1024 if pid else 0.0 for name, pid in roots.items()}


def tree(root: int) -> list[int]:
    """A process and all below it."""
    pids, parents = [root], {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = stat.read_text()
            parents[int(stat.parent.name)] = int(text.rsplit(")", 1)[1].split()[1])
    for pid in pids:
        pids += [child for child, parent in parents.items() if parent == pid]
    return pids


def _tree_cpu(root: int) -> float:
    """CPU of all living processes below `root`, and of their children that have ended."""
    ticks = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


@contextlib.contextmanager
def installation(database: str, *, workers: int = 2, people: int = 200) -> Iterator[Server]:
    """A prepared installation on `database` ("sqlite" or "postgres"), nothing started but PostgreSQL."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="shuyang-bench-"))
        cluster = stack.enter_context(server()) if database == "postgres" else None
        made = Server(environment(home, cluster.url if cluster else ""), cluster, free_port(), workers)
        made.prepare(people)
        try:
            yield made
        finally:
            for name in made.processes:
                made.kill(name)


def environment(home: str, database: str) -> dict[str, str]:
    """The environment of an installation in `home` on the database with this URL (none: SQLite)."""
    return os.environ | {
        "SHUYANG_HOME": home,
        "SHUYANG_DATABASE": database,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "shuyang.config.settings",
        "PYTHONWARNINGS": "ignore",
    }


@contextlib.contextmanager
def running(database: str, workers: int, *, people: int = 200) -> Iterator[Server]:
    """An installation whose web processes are ready."""
    with installation(database, workers=workers, people=people) as made:
        made.start("web")
        made.wait_until_ready()
        yield made
