"""Reads of credentials: one's own, and the public page of one code."""

from __future__ import annotations

from uuid import UUID

import msgspec

from shuyang.evidence.api import EstimateView, estimate, estimate_of
from shuyang.feedback.contracts import CredentialState, CredentialView, Refusal, Statement
from shuyang.feedback.models import Credential
from shuyang.feedback.policies import OwnCredential, RevokeCredential
from shuyang.feedback.queries import result
from shuyang.feedback.rules import refusal
from shuyang.frameworks.api import current
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import SYSTEM, Actor, decrypt_for, public_key_pem, sign_jws

FIELD = "statement"


def credential_refusal(*, actor: Actor, estimate_id: UUID) -> Refusal | None:
    """Why one of the actor's own results merits no credential; None where it does. Raises `NotFound`."""
    report = result(actor=actor, estimate_id=estimate_id)
    return refusal(report, latest=is_latest(estimate(actor=actor, estimate_id=estimate_id)))


def is_latest(view: EstimateView) -> bool:
    """Is this still the newest revision of its sitting's result?"""
    newest = estimate_of(actor=SYSTEM, source=view.source, source_id=view.source_id)
    return newest is not None and newest.id == view.id


def credentials(*, actor: Actor) -> list[CredentialView]:
    """All credentials of the acting person, newest first."""
    rows = Credential.objects.filter(OwnCredential().visible_to(actor)).order_by("-created_at")
    return [credential_view(row) for row in rows]


def credential(*, actor: Actor, credential_id: UUID) -> CredentialView:
    """One of the actor's own. Raises `NotFound`."""
    row = Credential.objects.filter(OwnCredential().visible_to(actor), id=credential_id).first()
    if row is None:
        raise NotFound("no such credential")
    return credential_view(row)


def revocable(*, actor: Actor, code: str) -> CredentialView | None:
    """The credential with this code if the actor may revoke it, and it has not been revoked yet."""
    rows = Credential.objects.filter(RevokeCredential().visible_to(actor), code=clean_code(code), revoked_at=None)
    row = rows.first()
    return None if row is None else credential_view(row)


def public_credential(*, code: str) -> CredentialView:
    """What the public page of a code shows, to anyone. Raises `NotFound`: unknown, or its person was deleted."""
    row = Credential.objects.filter(code=clean_code(code)).first()
    if row is None:
        raise NotFound("no such credential")
    return credential_view(row)


def clean_code(text: str) -> str:
    """A code as it may have been typed from paper: blanks and hyphens don't matter, nor does case."""
    return "".join(c for c in text.upper() if c.isalnum())[:24]


def badge_of(*, actor: Actor, credential_id: UUID) -> str:
    """The Open Badge of one of the actor's own credentials: a signed JWT. Raises `NotFound`."""
    return badge_token(credential(actor=actor, credential_id=credential_id).statement)


def badge_token(statement: Statement) -> str:
    """The signed JWT. The same statement gives the same text as long as the installation's key is the same."""
    from shuyang.feedback.badges import badge_payload  # 25 MB that only making one needs

    names = {force.id: force.name.zh for force in current().forces}
    return sign_jws(badge_payload(statement, names, public_key_pem()))


def sealed_form(statement: Statement) -> str:
    """The statement as it is sealed."""
    return msgspec.json.encode(statement).decode()


def credential_view(row: Credential) -> CredentialView:
    """What others see of a row. Raises `NotFound` where the person's key was destroyed."""
    statement = msgspec.json.decode(decrypt_for(row.person_id, bytes(row.statement), field=FIELD), type=Statement)
    return CredentialView(row.id, row.estimate_id, statement, _state(row), row.revoked_at, row.reason)


def _state(row: Credential) -> CredentialState:
    if row.revoked_at is not None:
        return CredentialState.REVOKED
    valid = is_latest(estimate(actor=SYSTEM, estimate_id=row.estimate_id))
    return CredentialState.VALID if valid else CredentialState.SUPERSEDED
