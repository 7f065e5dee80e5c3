"""Campaigns: those one manages, those one is invited to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from shuyang.delivery import api as delivery
from shuyang.people.api import Scope
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut

router = Router()


class CampaignOut(Schema):
    """An occasion to be measured."""

    id: UUID
    name: str
    purpose: str
    unit_id: UUID
    unit_name: str
    blueprint: str
    release_hash: str
    opens_at: datetime
    closes_at: datetime
    state: str
    synthetic: bool


class ProgressOut(Schema):
    """Counts, no names."""

    invited: int
    running: int
    finished: int


class InvitationOut(Schema):
    """A campaign open to me, and my sitting in it, if I began one."""

    campaign: CampaignOut
    sitting_id: UUID | None


@router.get("", response={200: list[CampaignOut], 401: ErrorOut}, **asks(Scope.CAMPAIGNS), summary="Campaigns I manage")
def managed(request: HttpRequest) -> Any:
    return delivery.campaigns(actor=request.actor)  # type: ignore[attr-defined]


@router.get(
    "/invitations",
    response={200: list[InvitationOut], 401: ErrorOut},
    **asks(Scope.CAMPAIGNS),
    summary="Campaigns I am invited to",
)
def invitations(request: HttpRequest) -> Any:
    found = delivery.invitations(actor=request.actor)  # type: ignore[attr-defined]
    return [{"campaign": one.campaign, "sitting_id": one.sitting.id if one.sitting else None} for one in found]


@router.get(
    "/{uuid:campaign_id}/progress",
    response={200: ProgressOut, 401: ErrorOut, 404: ErrorOut},
    **asks(Scope.CAMPAIGNS),
    summary="How far a campaign of mine is",
)
def progress(request: HttpRequest, campaign_id: UUID) -> Any:
    return delivery.progress(actor=request.actor, campaign_id=campaign_id)  # type: ignore[attr-defined]
