"""Background work of people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from shuyang.kit.api import Progress, job
from shuyang.people.importing.services import CHECK_JOB, WRITE_JOB, run_check, run_write, sweep
from shuyang.people.services.signing import forget_expired


@job(CHECK_JOB)
def check_import(progress: Progress, *, batch_id: str) -> dict[str, Any]:
    return asdict(run_check(UUID(batch_id), progress.step))


@job(WRITE_JOB)
def write_import(progress: Progress, *, batch_id: str) -> dict[str, Any]:
    return asdict(run_write(UUID(batch_id), progress.step))


@job("people.import_sweep", every=3600)
def sweep_imports(progress: Progress) -> dict[str, Any]:
    return {"forgotten": sweep()}


@job("people.session_sweep", every=3600)
def sweep_sessions(progress: Progress) -> dict[str, Any]:
    return {"forgotten": forget_expired()}
