"""Writes of feedback: issue a credential, revoke it."""

from __future__ import annotations

import base64
import os
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.evidence.api import estimate, receipt
from shuyang.feedback import rules
from shuyang.feedback.contracts import (
    CertifiedForce,
    CredentialKind,
    CredentialView,
    ForceResult,
    PersonReport,
    Statement,
)
from shuyang.feedback.credentials import FIELD, clean_code, credential_view, is_latest, sealed_form
from shuyang.feedback.models import Credential
from shuyang.feedback.policies import RevokeCredential
from shuyang.feedback.queries import result
from shuyang.kernel.clock import BEIJING, now
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.people.api import person
from shuyang.trust.api import Actor, encrypt_for, person_keys, record

REASON_LENGTH = 300


def issue_credential(*, actor: Actor, estimate_id: UUID, organisation: str, verify_at: str) -> CredentialView:
    """Make a credential of one of the actor's own results, because he asks for it.

    `verify_at` is the address of the public page, with `{code}` in place of the code. A result has at most one valid
    credential: asking again gives the same. Raises `NotFound`, and `Invalid` where the result merits none.
    """
    report = result(actor=actor, estimate_id=estimate_id)
    view = estimate(actor=actor, estimate_id=estimate_id)
    refused = rules.refusal(report, latest=is_latest(view))
    if refused is not None:
        raise Invalid([Problem("credential", refused.value)])
    statement = _statement(actor, report, organisation, verify_at)
    row = Credential(
        code=statement.code,
        person_id=view.estimate.person_id,
        unit_path=view.estimate.post.unit_path,
        estimate_id=estimate_id,
        kind=statement.kind,
        synthetic=statement.synthetic,
    )
    row.statement = encrypt_for(person_keys([row.person_id])[row.person_id], sealed_form(statement), field=FIELD)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(actor, "credential.issued", row)
    except IntegrityError:
        return credential_view(Credential.objects.get(estimate_id=estimate_id, revoked_at=None))
    return credential_view(row)


def _statement(actor: Actor, report: PersonReport, organisation: str, verify_at: str) -> Statement:
    assert actor.person_id is not None
    code = base64.b32encode(os.urandom(10)).decode()  # 80 random bits, 16 letters and digits: nobody guesses it
    kind = CredentialKind.CERTIFICATION if report.purpose == "certification" else CredentialKind.DIAGNOSIS
    return Statement(
        code=code,
        kind=kind,
        name=person(actor=actor, person_id=actor.person_id).name,
        organisation=organisation,
        unit_name=report.unit_name,
        measured_on=report.at.astimezone(BEIJING).date(),
        issued_at=now().replace(microsecond=0),
        forces=tuple(_force(f, kind) for f in report.forces),
        release_hash=report.release_hash,
        receipt_hash=receipt(actor=actor, estimate_id=report.estimate_id).hash,
        synthetic=report.synthetic,
        address=verify_at.replace("{code}", code),
    )


def _force(force: ForceResult, kind: CredentialKind) -> CertifiedForce:
    level = rules.certified_level(force.level_probabilities) if kind is CredentialKind.CERTIFICATION else None
    score = force.score
    return CertifiedForce(force.force, round(score.score), round(score.low), round(score.high), level)


def revoke_credential(*, actor: Actor, code: str, reason: str) -> None:
    """Revoke for good; the public page says so from now on. An organiser gives a reason, the person need not.

    Raises `NotFound`, `Invalid` for a missing or too long reason, `Conflict` when it is revoked already.
    """
    row = Credential.objects.filter(code=clean_code(code)).first()
    if row is None:
        raise NotFound("no such credential")
    RevokeCredential().require(actor, row)
    words = " ".join(reason.split())
    if not words and not actor.is_person(row.person_id):
        raise Invalid([Problem("reason", "required")])
    if len(words) > REASON_LENGTH:
        raise Invalid([Problem("reason", "too_long", (("most", str(REASON_LENGTH)),))])
    with transaction.atomic():
        changed = Credential.objects.filter(id=row.id, revoked_at=None).update(
            revoked_at=now(), revoked_by=actor.person_id, reason=words
        )
        if not changed:
            raise Conflict("it is revoked already")
        _record(actor, "credential.revoked", row)


def _record(actor: Actor, action: str, row: Credential) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="credential",
        object_id=row.id,
        unit_path=row.unit_path,
        subject=row.person_id,
        details={"kind": str(row.kind), "estimate": str(row.estimate_id)},
    )
