"""Which function does which kind of job, and which kinds run by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shuyang.kernel.errors import NotFound

Work = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class JobKind:
    """`work(progress, **arguments)` returns a JSON result; `every` seconds it is started by itself (0: never)."""

    name: str
    work: Work
    attempts: int
    every: int


_kinds: dict[str, JobKind] = {}


def job(name: str, *, attempts: int = 1, every: int = 0) -> Callable[[Work], Work]:
    """Register a function as the work of jobs called `name`. Retried work must be safe to repeat."""

    def register(work: Work) -> Work:
        _kinds[name] = JobKind(name, work, attempts, every)
        return work

    return register


def kind(name: str) -> JobKind:
    try:
        return _kinds[name]
    except KeyError:
        raise NotFound(f"no job kind {name}") from None


def scheduled() -> list[JobKind]:
    return [k for k in _kinds.values() if k.every]
