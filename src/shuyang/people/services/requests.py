"""Ask for a correction or deletion of one's data; decide, in words."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from shuyang.people.contracts import DataRequestView, RequestKind, RequestState
from shuyang.people.models import DataRequest, Person
from shuyang.people.policies import DecideRequest, OwnRequest
from shuyang.people.queries.requests import request_view
from shuyang.people.services.erasing import erase_person
from shuyang.trust.api import Actor, record

TEXT_LENGTH = 1000


def ask_about_data(*, actor: Actor, kind: RequestKind, text: str = "") -> DataRequestView:
    """Ask for a correction (saying which) or the deletion of one's own data. Raises `Invalid`."""
    if actor.person_id is None:
        raise Forbidden("a request is made by a person")
    words = text.strip()
    problems = _text_problems("text", words, needed=kind is RequestKind.CORRECTION)
    if problems:
        raise Invalid(problems)
    person = Person.objects.select_related("unit").get(id=actor.person_id)
    row = DataRequest(person=person, unit_path=person.unit_path, kind=kind, text=words)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(actor, "data_request.asked", row)
    except IntegrityError as error:
        raise Invalid([Problem("text", "request_open")]) from error
    return request_view(row)


def _text_problems(where: str, words: str, *, needed: bool) -> list[Problem]:
    if needed and not words:
        return [Problem(where, "required")]
    if len(words) > TEXT_LENGTH:
        return [Problem(where, "too_long", (("most", str(TEXT_LENGTH)),))]
    return []


def take_back_request(*, actor: Actor, request_id: UUID) -> None:
    """Take an open request of one's own back. Raises `NotFound`, `Conflict` when it was decided already."""
    with transaction.atomic():
        row = _open_row(request_id)
        OwnRequest().require(actor, row)
        row.state, row.decided_at = RequestState.TAKEN_BACK, now()
        row.save(update_fields=["state", "decided_at"])
        _record(actor, "data_request.taken_back", row)


def decide_request(*, actor: Actor, request_id: UUID, grant: bool, answer: str) -> None:
    """Decide an open request, with words that its person reads. Granting a deletion deletes, for good.

    A correction is made on the person's own page; this closes the request. Raises `NotFound`, `Invalid` without words,
    `Conflict` when it was decided already, `Forbidden` for a deletion of someone who may do more than the actor.
    """
    words = answer.strip()
    problems = _text_problems("answer", words, needed=True)
    with transaction.atomic():
        row = _open_row(request_id)
        DecideRequest().require(actor, row, see=OwnRequest())
        if problems:
            raise Invalid(problems)
        row.state = RequestState.DONE if grant else RequestState.REFUSED
        row.answer, row.decided_by, row.decided_at = words, actor.account_id, now()
        row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        _record(actor, "data_request.granted" if grant else "data_request.refused", row)
        if grant and row.kind == RequestKind.DELETION:
            erase_person(actor=actor, person_id=row.person_id)


def _open_row(request_id: UUID) -> DataRequest:
    row = DataRequest.objects.select_for_update().filter(id=request_id).first()
    if row is None:
        raise NotFound("no such request")
    if row.state != RequestState.OPEN:
        raise Conflict("it was decided already")
    return row


def _record(actor: Actor, action: str, row: DataRequest) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="data_request",
        object_id=row.id,
        unit_path=row.unit_path,
        subject=row.person_id,
        details={"kind": str(row.kind)},
    )
