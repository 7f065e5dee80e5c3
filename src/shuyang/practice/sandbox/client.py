"""Asks the sandbox: starts its zygote when needed, kills what runs too long, and starts anew what has died."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from shuyang.practice.sandbox.contracts import Failure, Limits, NamedQuery, Outcome, Request
from shuyang.practice.sandbox.framing import receive, send
from shuyang.practice.sandbox.statements import refusal, tables_of

START_SECONDS = 20.0


class Sandbox:
    """One zygote of this process, shared by its threads; made at the first query."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._owner = 0

    def run(self, request: Request) -> Outcome:
        """The outcome of one request. Does not check the text: see `ask`."""
        try:
            with self._connect(request.limits.seconds) as connection:
                send(connection, msgspec.json.encode(request))
                return _await(connection, request.limits)
        except (OSError, EOFError):
            return Outcome(failure=Failure.BUSY)

    def close(self) -> None:
        """Stop the zygote."""
        with self._lock:
            self._stop()

    def _connect(self, seconds: float) -> socket.socket:
        for attempt in (1, 2):
            path = self._ensure()
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(seconds + 5)
            try:
                connection.connect(path)
                return connection
            except OSError:
                connection.close()
                if attempt == 2:
                    raise
                self.close()
        raise AssertionError("not reached")

    def _ensure(self) -> str:
        with self._lock:
            if self._owner != os.getpid():  # a fork of the server inherits the object, not the process
                self._process, self._folder = None, None
            if self._process is None or self._process.poll() is not None:
                self._stop()
                self._start()
            assert self._folder is not None
            return str(self._folder / "s")

    def _start(self) -> None:
        self._owner = os.getpid()
        self._folder = Path(tempfile.mkdtemp(prefix="shuyang-range-"))
        source = str(Path(__file__).resolve().parents[3])
        self._process = subprocess.Popen(  # noqa: S603  our own module, no text of a user
            [sys.executable, "-m", "shuyang.practice.sandbox.zygote", str(self._folder / "s")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": source, "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != b"ready":
            raise OSError("the sandbox did not start")

    def _stop(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            with contextlib.suppress(OSError):
                self._process.kill()
            self._process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process, self._folder = None, None


def _await(connection: socket.socket, limits: Limits) -> Outcome:
    """Wait for the answer; kill the child when its time is over."""
    pid = int(receive(connection, 100))
    end = time.monotonic() + limits.seconds
    try:
        connection.settimeout(max(0.01, end - time.monotonic()))
        return msgspec.json.decode(receive(connection, limits.reply_bytes + 1024), type=Outcome)
    except TimeoutError:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        return Outcome(failure=Failure.TOO_LONG)
    except (EOFError, ConnectionError):
        return Outcome(failure=Failure.TOO_MUCH)


_shared = Sandbox()
atexit.register(_shared.close)


def ask(*, database: Path, sql: str, named: Sequence[NamedQuery] = (), limits: Limits | None = None) -> Outcome:
    """The outcome of a learner's query over a database file, with the earlier queries he has named.

    Only the named queries that it needs are used; each text is checked first, and a failure says which one it was.
    """
    chosen, bad = _needed(sql, named)
    if bad is not None:
        return bad
    return _shared.run(Request(str(database), sql.strip().rstrip(";"), chosen, limits or Limits()))


def _needed(sql: str, named: Sequence[NamedQuery]) -> tuple[tuple[NamedQuery, ...], Outcome | None]:
    """The named queries that a query rests on, in their order. A query sees only those named before it."""
    failed = _refused(sql, "")
    if failed is not None:
        return (), failed
    wanted, chosen = set(tables_of(sql)), []
    for query in reversed(named):
        if query.name.lower() not in wanted:
            continue
        failed = _refused(query.sql, query.name)
        if failed is not None:
            return (), failed
        wanted |= tables_of(query.sql)
        chosen.append(NamedQuery(query.name, query.sql.strip().rstrip(";")))
    return tuple(reversed(chosen)), None


def _refused(sql: str, name: str) -> Outcome | None:
    found = refusal(sql)
    if found is None:
        return None
    detail = msgspec.json.encode([found.code, found.line, found.column, found.about, name]).decode()
    return Outcome(failure=Failure.REFUSED, detail=detail)
