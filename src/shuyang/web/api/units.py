"""Units one may read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from shuyang.people.api import Scope, unit, unit_tree
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut

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
