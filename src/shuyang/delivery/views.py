"""Rows to contracts: the one mapper of this room."""

from __future__ import annotations

from typing import Any

from shuyang.delivery import engine
from shuyang.delivery.campaign_contracts import AudienceKind, Showing, ShownWhen
from shuyang.delivery.contracts import CampaignState, CampaignView, ItemPage, Purpose, SittingState, SittingView
from shuyang.delivery.live.rules import pauses_left
from shuyang.delivery.models import Campaign, Response, Sitting
from shuyang.delivery.rules import response_payload
from shuyang.itembank.api import presentation


def campaign_view(row: Campaign) -> CampaignView:
    return CampaignView(
        id=row.id,
        name=row.name,
        purpose=Purpose(row.purpose),
        unit_id=row.unit_id,
        unit_path=row.unit_path,
        unit_name=row.unit_name,
        blueprint=row.blueprint,
        release_hash=row.release_hash,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        state=CampaignState(row.state),
        synthetic=row.synthetic,
        plan_hash=row.plan_hash,
        audience=AudienceKind(row.audience),
        criteria=row.criteria,
        pretest_id=row.pretest_id,
        attempts=row.attempts,
        days_between=row.days_between,
        showing=Showing(ShownWhen(row.shown_when), row.shown_to_person, row.shown_to_unit),
        released_at=row.released_at,
        needs_code=row.needs_code,
        remind=row.remind,
    )


def sitting_view(row: Sitting) -> SittingView:
    blueprint = engine.blueprint_of(row)
    return SittingView(
        id=row.id,
        campaign_id=row.campaign_id,
        campaign_name=row.post.get("campaign", ""),
        purpose=Purpose(row.post["purpose"]),
        state=SittingState(row.state),
        position=row.position,
        answered=len(row.answers),
        remaining=row.remaining,
        active_seconds=row.active_ms // 1000,
        max_seconds=int(blueprint.max_seconds + row.extra_seconds) if blueprint.max_seconds else 0,
        max_items=blueprint.max_items,
        deadline=row.deadline,
        stop_reason=row.stop_reason,
        estimate_id=row.estimate_id,
        synthetic=row.synthetic,
        attempt=row.attempt,
        large_type=row.large_type,
        watch_focus=row.watch_focus,
        paused_by=row.paused_by if row.state == SittingState.RUNNING else "",
        pauses_left=pauses_left(row.pauses, row.pauses_allowed),
    )


def item_page(row: Sitting) -> ItemPage:
    """The item at hand, as this person sees it; none when the sitting is over or paused."""
    if row.state != SittingState.RUNNING or row.current_index is None or row.paused_at is not None:
        return ItemPage(sitting_view(row), None, None)
    item = engine.item_at(row)
    return ItemPage(sitting_view(row), item.version_id, presentation(engine.content(item.version_id), str(row.id)))


def payload_of(r: Response) -> dict[str, Any]:
    """What the link of a stored response covers."""
    return response_payload(
        sitting_id=r.sitting_id,
        position=r.position,
        key=r.key,
        item_index=r.item_index,
        item_version_id=r.item_version_id,
        response=r.response,
        category=r.category,
        max_category=r.max_category,
        omitted=r.omitted,
        elapsed_ms=r.elapsed_ms,
        presented_at=r.presented_at,
        answered_at=r.answered_at,
    )
