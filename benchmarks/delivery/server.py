"""Servers for a benchmark: a throw-away home (and PostgreSQL cluster), several web processes, their CPU time."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.on_postgres import cluster, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
_PREPARE = """
import django, json; django.setup()
from datetime import timedelta
from shuyang.delivery.api import Purpose, create_campaign
from shuyang.kernel.clock import now
from shuyang.people.api import make_demo_people, unit_tree
from shuyang.people.models import Account
from shuyang.people.services.codes import accounts_of
from shuyang.people.models import Person
from shuyang.people.sessions import SessionStore, start
from shuyang.trust.api import SYSTEM
make_demo_people()
people = list(Person.objects.filter(synthetic=True).order_by("number"))
accounts = accounts_of(people)
campaign = create_campaign(actor=SYSTEM, name="benchmark", purpose=Purpose.DIAGNOSIS, unit_id=unit_tree(actor=SYSTEM)[0].unit.id,
    blueprint="diagnosis", opens_at=now() - timedelta(hours=1), closes_at=now() + timedelta(days=1), synthetic=True)
keys = []
for person in people:
    session = SessionStore(); session.create(); start(session, accounts[person.id].id, must_set_password=False); session.save()
    keys.append(session.session_key)
print(json.dumps({"campaign": str(campaign.id), "sessions": keys}))
"""


@dataclass
class Server:
    """A running server and what clients need to know."""

    port: int
    campaign: str
    sessions: list[str]
    process: subprocess.Popen[bytes]
    database_root: int | None

    def cpu_seconds(self) -> dict[str, float]:
        """User and system CPU seconds spent so far by the web processes and by PostgreSQL."""
        return {
            "web": _tree_cpu(self.process.pid),
            "database": _tree_cpu(self.database_root) if self.database_root else 0.0,
        }

    def rss_mib(self) -> float:
        """Resident memory of all web processes."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in _tree(self.process.pid))
        return pages * os.sysconf("SC_PAGESIZE") / 2**20


def _tree(root: int) -> list[int]:
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
    for pid in _tree(root):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(database: str, workers: int) -> Iterator[Server]:
    """A prepared server on `database` ("sqlite" or "postgres")."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="shuyang-bench-"))
        environment = os.environ | {
            "SHUYANG_HOME": home,
            "PYTHONPATH": f"{ROOT / 'src'}",
            "DJANGO_SETTINGS_MODULE": "shuyang.config.settings",
            "PYTHONWARNINGS": "ignore",
        }
        root = None
        if database == "postgres":
            environment["SHUYANG_DATABASE"] = stack.enter_context(cluster())

        def run(*arguments: str) -> str:
            command = [sys.executable, *arguments]
            return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=home).stdout

        run("-m", "shuyang.cli", "prepare", "--no-demo")
        known = json.loads(run("-c", _PREPARE).splitlines()[-1])
        if database == "postgres":
            root = _postmaster(environment["SHUYANG_DATABASE"])
        port = free_port()
        command = [sys.executable, "-m", "shuyang.cli", "serve", "--port", str(port), "--workers", str(workers)]
        process = subprocess.Popen(command, env=environment, start_new_session=True, cwd=home)
        stack.callback(lambda: os.killpg(process.pid, signal.SIGKILL))
        _wait(port)
        yield Server(port, known["campaign"], known["sessions"], process, root)


def _postmaster(url: str) -> int:
    port = url.rsplit(":", 1)[1].split("/")[0]
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = line.read_bytes().decode().split("\0")
            if words[0].endswith("/postgres") and port in words:
                return int(line.parent.name)
    raise RuntimeError("no postmaster found")


def _wait(port: int) -> None:
    import http.client

    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/ready/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
