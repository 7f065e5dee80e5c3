"""Background work of people."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from shuyang.kernel.clock import now
from shuyang.kit.api import Progress, job
from shuyang.people.importing.services import CHECK_JOB, WRITE_JOB, Step, run_check, run_write, sweep
from shuyang.people.services.signing import forget_expired

EVERY = timedelta(milliseconds=500)


def paced(progress: Progress) -> Step:
    """Report at most twice a second: each report is a commit, and a file has hundreds of batches."""
    last = now() - EVERY

    def step(done: int, total: int) -> None:
        nonlocal last
        if done == total or now() - last >= EVERY:
            last = now()
            progress.step(done, total)

    return step


@job(CHECK_JOB)
def check_import(progress: Progress, *, batch_id: str) -> dict[str, Any]:
    return asdict(run_check(UUID(batch_id), paced(progress)))


@job(WRITE_JOB)
def write_import(progress: Progress, *, batch_id: str) -> dict[str, Any]:
    return asdict(run_write(UUID(batch_id), paced(progress)))


@job("people.import_sweep", every=3600)
def sweep_imports(progress: Progress) -> dict[str, Any]:
    return {"forgotten": sweep()}


@job("people.session_sweep", every=3600)
def sweep_sessions(progress: Progress) -> dict[str, Any]:
    return {"forgotten": forget_expired()}
