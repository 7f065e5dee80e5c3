"""Reads of requests about one's data: one's own, and those waiting for a decision."""

from __future__ import annotations

from shuyang.people.contracts import DataRequestView, RequestKind, RequestState
from shuyang.people.models import DataRequest
from shuyang.people.policies import DecideRequest, OwnRequest
from shuyang.trust.api import Actor


def own_requests(*, actor: Actor) -> list[DataRequestView]:
    """What the acting person has asked, newest first."""
    rows = DataRequest.objects.filter(OwnRequest().visible_to(actor)).select_related("person__unit")
    return [request_view(row) for row in rows.order_by("-created_at")]


def requests_to_decide(*, actor: Actor, done: bool = False) -> list[DataRequestView]:
    """Requests that the actor may decide, the longest waiting first; with `done` the last fifty decided ones."""
    rows = DataRequest.objects.filter(DecideRequest().visible_to(actor)).select_related("person__unit")
    if done:
        return [request_view(row) for row in rows.exclude(state=RequestState.OPEN).order_by("-decided_at")[:50]]
    return [request_view(row) for row in rows.filter(state=RequestState.OPEN).order_by("created_at")]


def request_view(row: DataRequest) -> DataRequestView:
    """What others see of a row; `person__unit` should be selected with it."""
    return DataRequestView(
        id=row.id,
        person_id=row.person_id,
        number=row.person.number,
        name=row.person.name,
        unit_name=row.person.unit.name,
        synthetic=row.person.synthetic,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        text=row.text,
        answer=row.answer,
        asked_at=row.created_at,
        decided_at=row.decided_at,
    )
