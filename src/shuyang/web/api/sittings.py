"""Taking a sitting: begin, the item at hand, answer, end. The same services as the pages, the same promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from shuyang.delivery import api as delivery
from shuyang.people.api import Scope
from shuyang.trust.api import Actor
from shuyang.web.answer_size import check_size
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut
from shuyang.web.api.plain import plain
from shuyang.web.consent import Terms, require_consent, terms_of

router = Router()
_REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422), ErrorOut)


class SittingOut(Schema):
    """A sitting as its person sees it. `position` is the number of the item at hand, from 1."""

    id: UUID
    campaign_id: UUID
    campaign_name: str
    purpose: str
    state: str
    position: int
    answered: int
    remaining: int
    active_seconds: int
    max_seconds: int
    max_items: int
    deadline: datetime
    stop_reason: str
    estimate_id: UUID | None
    synthetic: bool


class ItemOut(Schema):
    """The item at hand as this person sees it: no key, options in the person's own order."""

    type: str
    stem: str
    stimulus: list[dict[str, Any]]
    options: list[dict[str, str]]
    left: list[dict[str, str]]
    right: list[dict[str, str]]
    reuse: bool
    unit: str
    hint_format: str
    target: int | None


class PageOut(Schema):
    """The sitting and the item at hand; no item when the sitting is over."""

    sitting: SittingOut
    item: ItemOut | None


class OutcomeOut(PageOut):
    """What became of an answer: recorded now, or acknowledged before with the same key."""

    recorded: bool
    repeated: bool


class AnswerIn(Schema):
    """An answer to the item at `position`.

    `key` is a UUID of your own making, new for each answer: send the same again after a lost reply, and it counts once.
    `answer` by type of item: {"choice": id}, {"choices": [id]}, {"order": [id]}, {"pairs": {left: right}},
    {"value": "12.5"}, {"cells": [[row, column]]}, {"points": [[series, point]]}, or {"omitted": true}.
    """

    position: int = Field(ge=1, le=9999)
    key: UUID
    answer: dict[str, Any]


class BeginIn(Schema):
    """Which campaign."""

    campaign_id: UUID


def _page(page: delivery.ItemPage) -> dict[str, Any]:
    item = plain(page.presentation) if page.presentation is not None else None
    return {"sitting": page.sitting, "item": item}


def _terms(actor: Actor, campaign_id: UUID) -> Terms:
    """What the person must have agreed to; where he is not invited the room refuses after the general terms."""
    invited = [i.campaign for i in delivery.invitations(actor=actor) if i.campaign.id == campaign_id]
    return terms_of(invited[0]) if invited else Terms()


@router.post("", response={200: SittingOut, **_REFUSALS}, **asks(Scope.SITTINGS), summary="Begin my sitting")
def begin(request: HttpRequest, body: BeginIn) -> Any:
    """Or return the one already begun. The person must have agreed to the notice on personal data on its page."""
    actor = request.actor  # type: ignore[attr-defined]
    require_consent(actor, _terms(actor, body.campaign_id))
    return delivery.begin(actor=actor, campaign_id=body.campaign_id)


@router.get(
    "/{uuid:sitting_id}", response={200: PageOut, **_REFUSALS}, **asks(Scope.SITTINGS), summary="The item at hand"
)
def page(request: HttpRequest, sitting_id: UUID) -> Any:
    return _page(delivery.page(actor=request.actor, sitting_id=sitting_id))  # type: ignore[attr-defined]


@router.post(
    "/{uuid:sitting_id}/answers",
    response={200: OutcomeOut, **_REFUSALS},
    **asks(Scope.SITTINGS),
    summary="Answer the item at hand",
)
def answer(request: HttpRequest, sitting_id: UUID, body: AnswerIn) -> Any:
    """The reply comes after the answer is stored for good."""
    check_size(request, sitting_id)
    outcome = delivery.answer(
        actor=request.actor,  # type: ignore[attr-defined]
        sitting_id=sitting_id,
        position=body.position,
        key=body.key,
        raw=body.answer,
    )
    return _page(outcome.page) | {"recorded": outcome.recorded, "repeated": outcome.repeated}


@router.post(
    "/{uuid:sitting_id}/end", response={200: SittingOut, **_REFUSALS}, **asks(Scope.SITTINGS), summary="Hand in early"
)
def end(request: HttpRequest, sitting_id: UUID) -> Any:
    return delivery.end_by_person(actor=request.actor, sitting_id=sitting_id)  # type: ignore[attr-defined]
