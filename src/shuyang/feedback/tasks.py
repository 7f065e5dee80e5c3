"""Jobs of feedback."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuyang.feedback.extract.services import update_extract
from shuyang.feedback.publishing.services import PUBLISH, TooFewResults, publish_campaign, publish_closed
from shuyang.kit.api import Progress, job
from shuyang.trust.api import SYSTEM


@job("feedback.extract", attempts=3, every=600)
def extract(progress: Progress) -> dict[str, Any]:
    """Every ten minutes: bring the extract up to date and publish campaigns that have closed."""
    report = update_extract(lambda rows: progress.step(rows, 0))
    return {"rows": report.rows, "added": report.added, "published": publish_closed()}


@job(PUBLISH, attempts=3)
def publish_one(progress: Progress, *, campaign_id: str) -> dict[str, Any]:
    """Publish a campaign whose organiser asked for it; too few results are no fault."""
    try:
        return {"publication": str(publish_campaign(actor=SYSTEM, campaign_id=UUID(campaign_id)))}
    except TooFewResults:
        return {"publication": ""}
