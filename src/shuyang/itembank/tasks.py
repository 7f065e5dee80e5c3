"""Jobs of the item bank."""

from __future__ import annotations

from typing import Any

from shuyang.itembank.designs.services import check_now
from shuyang.kit.api import Progress, job


@job("itembank.check_design")
def check(progress: Progress, *, design_id: str) -> dict[str, Any]:
    """Assemble what a design needs, and let simulated people take it."""
    return {"people": check_now(design_id=design_id, step=progress.step)}
