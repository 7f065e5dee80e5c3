"""Run a command with a throw-away PostgreSQL cluster: `python -m tests.on_postgres COMMAND …`.

PostgreSQL refuses to run as root, so under root the server runs as the system's user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The newest installed PostgreSQL's programs."""
    named = os.environ.get("SHUYANG_POSTGRES_BIN")
    found = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return found[-1] if found else None


def _as_server_user(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A throw-away PostgreSQL server on loopback that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        programs = binaries()
        assert programs is not None, "PostgreSQL is not installed"
        self._programs, self._folder, self.data, self.port = programs, folder, folder / "data", free_port()
        self.url = f"postgresql://shuyang@127.0.0.1:{self.port}/shuyang"

    def _run(self, program: str, *arguments: str) -> None:
        command = _as_server_user([str(self._programs / program), *arguments])
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    def create(self) -> None:
        """Make the cluster's files, start it, and make its database."""
        self._run("initdb", "-D", str(self.data), "-U", "shuyang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        self.create_database("shuyang")

    def create_database(self, name: str) -> str:
        """An empty database; returns its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "shuyang", name)
        return self.url.removesuffix("shuyang") + name

    def start(self) -> None:
        """Start the server and wait until it takes connections; after a crash it recovers first."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} "
            "-c max_connections=60"
        )
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-o", options, "-l", log, "-t", "60", "-w", "start")

    def pid(self) -> int | None:
        """The postmaster's process id, if it lives."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid

    def stop(self) -> None:
        if self.pid() is not None:
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")


@contextmanager
def server() -> Iterator[Cluster]:
    """A fresh cluster, running."""
    folder = Path(tempfile.mkdtemp(prefix="shuyang-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    made = Cluster(folder)
    try:
        made.create()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster() -> Iterator[str]:
    """A fresh cluster on loopback; yields the database URL."""
    with server() as made:
        yield made.url


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return 2
    with cluster() as url:
        return subprocess.run(sys.argv[1:], env=os.environ | {"SHUYANG_DATABASE": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
