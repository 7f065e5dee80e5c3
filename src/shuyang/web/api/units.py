"""Units one may read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from shuyang.feedback.api import Breakdown, findings, unit_picture
from shuyang.people.api import Scope, unit, unit_tree
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut
from shuyang.web.api.plain import plain

router = Router()


class UnitOut(Schema):
    """A unit; `path` begins with the path of every unit above it."""

    id: UUID
    code: str
    name: str
    kind: str
    path: str
    parent_id: UUID | None
    active: bool


@router.get("", response={200: list[UnitOut], 401: ErrorOut}, **asks(Scope.UNITS), summary="Units I may read")
def units(request: HttpRequest) -> Any:
    """Parents before children."""
    return [line.unit for line in unit_tree(actor=request.actor)]  # type: ignore[attr-defined]


@router.get(
    "/{uuid:unit_id}", response={200: UnitOut, 401: ErrorOut, 404: ErrorOut}, **asks(Scope.UNITS), summary="One unit"
)
def one_unit(request: HttpRequest, unit_id: UUID) -> Any:
    return unit(actor=request.actor, unit_id=unit_id)  # type: ignore[attr-defined]


class PictureOut(Schema):
    """What was published of a unit, its parts and its groups; points on the reporting scale, intervals 95 %.

    `publication` is null where nothing is published yet; figures that are not published are null or empty.
    """

    publication: dict[str, Any] | None
    whole: dict[str, Any]
    parts: list[dict[str, Any]]
    breakdowns: list[Any]
    campaigns: list[dict[str, Any]]
    dimension: str
    group: str
    minimum: int


class FindingsOut(Schema):
    """All comparisons of a unit, those that are more than noise first."""

    unit_id: UUID
    name: str
    level: float
    compared: int
    findings: list[dict[str, Any]]


@router.get(
    "/{uuid:unit_id}/report", response={200: PictureOut, 401: ErrorOut, 404: ErrorOut, 422: ErrorOut}, **asks(Scope.UNITS),
    summary="Published figures of a unit",
)  # fmt: skip
def report(
    request: HttpRequest,
    unit_id: UUID,
    campaign: UUID | None = None,
    dimension: Breakdown = Breakdown.NONE,
    group: str = "",
) -> Any:
    """The same figures as the page: of the campaign published last, or of the one asked for."""
    picture = unit_picture(
        actor=request.actor,  # type: ignore[attr-defined]
        unit_id=unit_id, campaign_id=campaign, dimension=dimension, group=group,
    )  # fmt: skip
    return plain(picture)


@router.get(
    "/{uuid:unit_id}/findings", response={200: FindingsOut, 401: ErrorOut, 404: ErrorOut, 422: ErrorOut}, **asks(Scope.UNITS),
    summary="Comparisons of a unit",
)  # fmt: skip
def comparisons(request: HttpRequest, unit_id: UUID, campaign: UUID | None = None) -> Any:
    """Every comparison with effect, interval, decision and power."""
    found = findings(actor=request.actor, unit_id=unit_id, campaign_id=campaign)  # type: ignore[attr-defined]
    return plain(found)
