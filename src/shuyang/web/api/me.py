"""Who am I."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from shuyang.people.api import Scope, own_account, person
from shuyang.trust.api import Actor
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut

router = Router()


class GrantOut(Schema):
    """A role, over a unit and all below ("" is the whole installation)."""

    role: str
    unit_path: str


class MeOut(Schema):
    """The account that acts, the person it belongs to, if any, and its roles."""

    account_id: UUID
    username: str
    person_id: UUID | None
    name: str
    unit_name: str
    unit_path: str
    synthetic: bool
    roles: list[GrantOut]


@router.get("", response={200: MeOut, 401: ErrorOut}, **asks(Scope.ME), summary="Who am I")
def me(request: HttpRequest) -> MeOut:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    who = person(actor=actor, person_id=actor.person_id) if actor.person_id else None
    account = own_account(actor=actor)
    return MeOut(
        account_id=account.id,
        username=account.username,
        person_id=actor.person_id,
        name=who.name if who else "",
        unit_name=who.unit_name if who else "",
        unit_path=actor.unit_path,
        synthetic=who.synthetic if who else False,
        roles=[GrantOut(role=grant.role, unit_path=grant.unit_path) for grant in actor.grants],
    )
