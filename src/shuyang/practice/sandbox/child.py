"""One query in a process of its own: limits first, then the engine, shut off from everything but one file."""

from __future__ import annotations

import os
import resource
import signal
import time
from typing import Any

import duckdb

from shuyang.practice.sandbox.contracts import Failure, Limits, Outcome, Request, plain

ADDRESS_SPACE_MIB = 1_536  # beyond the engine's own limit: the interpreter, the mapped file, allocator slack
SETTINGS: dict[str, Any] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "temp_directory": "",
}


def confine(limits: Limits) -> None:
    """Limit this process for good: memory, processor time, no file to write, few open files, low priority, a death date."""
    os.setsid()
    os.nice(5)
    _limit(resource.RLIMIT_AS, (ADDRESS_SPACE_MIB + limits.memory_mib) << 20)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + 1.0)  # in case nobody is left to kill it


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def run(request: Request) -> Outcome:
    """The outcome of one query; never raises for what the query did."""
    start = time.process_time()
    try:
        outcome = _run(request)
    except MemoryError:
        return Outcome(failure=Failure.TOO_MUCH)
    except duckdb.OutOfMemoryException:
        return Outcome(failure=Failure.TOO_MUCH)
    except (duckdb.Error, RuntimeError, UnicodeError, OverflowError, ValueError) as error:
        return Outcome(failure=Failure.WRONG, detail=_first_words(error))
    return Outcome(
        outcome.columns,
        outcome.types,
        outcome.rows,
        outcome.truncated,
        cpu_ms=round(1000 * (time.process_time() - start)),
    )


def _run(request: Request) -> Outcome:
    limits = request.limits
    with duckdb.connect(
        request.database, read_only=True, config={**SETTINGS, "memory_limit": f"{limits.memory_mib}MiB"}
    ) as connection:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for query in request.named:
            connection.execute(f"CREATE TEMP VIEW {_quoted(query.name)} AS {query.sql}")  # checked by the caller
        found = connection.execute(request.sql)
        described = found.description or []
        rows = found.fetchmany(limits.rows + 1)
    wide = slice(0, limits.columns)
    return Outcome(
        tuple(str(d[0]) for d in described[wide]),
        tuple(str(d[1]) for d in described[wide]),
        tuple(tuple(plain(v, limits.text) for v in row[wide]) for row in rows[: limits.rows]),
        len(rows) > limits.rows or len(described) > limits.columns,
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_words(error: BaseException) -> str:
    """The engine's message without its hints and positions, and without any path."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
