"""Ends of all audit chains, signed: kept elsewhere, they show a later rewrite of the database."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from shuyang.delivery.api import sitting_heads
from shuyang.kernel.errors import NotFound
from shuyang.people.api import Scope
from shuyang.trust.api import Role, audit_heads, heads_document
from shuyang.web.api.auth import asks
from shuyang.web.api.errors import ErrorOut

router = Router()


class HeadsOut(Schema):
    """The document that `shuyang audit check --heads` takes: [chain, length, hash] for each chain, and a signature."""

    kind: str
    at: str
    heads: list[tuple[str, int, str]]
    signature: str


@router.get(
    "/heads",
    response={200: HeadsOut, 401: ErrorOut, 404: ErrorOut},
    **asks(Scope.AUDIT),
    summary="Signed ends of all audit chains",
)
def heads(request: HttpRequest) -> Any:
    if not request.actor.has_anywhere(Role.AUDITOR, Role.ADMINISTRATOR):  # type: ignore[attr-defined]
        raise NotFound("for auditors")
    return json.loads(heads_document([*audit_heads(), *sitting_heads()]))
