"""One's own results."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from shuyang.feedback.api import result, results
from shuyang.people.api import Scope
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut
from shuyang.web.api.plain import plain

router = Router()


class ResultLine(Schema):
    """A result in the list."""

    id: UUID
    at: datetime
    purpose: str
    release_hash: str
    answered: int
    provisional: bool
    synthetic: bool


class ResultOut(Schema):
    """A result: every score with its interval; where evidence is too thin there is a word instead of a number."""

    estimate_id: UUID
    at: datetime
    purpose: str
    answered: int
    minutes: int
    stop_reason: str
    forces: list[dict[str, Any]]
    facets: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    provisional: bool
    synthetic: bool
    expert_priors: bool
    release_hash: str


@router.get("", response={200: list[ResultLine], 401: ErrorOut}, **asks(Scope.RESULTS), summary="My results")
def mine(request: HttpRequest) -> Any:
    """Newest first."""
    return [
        {
            "id": view.id,
            "at": view.at,
            "purpose": view.estimate.purpose,
            "release_hash": view.estimate.release_hash,
            "answered": view.estimate.answered,
            "provisional": view.estimate.provisional,
            "synthetic": view.estimate.synthetic,
        }
        for view in results(actor=request.actor)  # type: ignore[attr-defined]
    ]


@router.get(
    "/{uuid:estimate_id}",
    response={200: ResultOut, 401: ErrorOut, 404: ErrorOut},
    **asks(Scope.RESULTS),
    summary="One result of mine",
)
def one(request: HttpRequest, estimate_id: UUID) -> Any:
    return plain(result(actor=request.actor, estimate_id=estimate_id))  # type: ignore[attr-defined]
