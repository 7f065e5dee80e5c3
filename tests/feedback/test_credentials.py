"""Credentials: only for results that merit one, readable offline, revocable, and gone with their person."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier, did_key_from_pem

from shuyang.feedback import rules
from shuyang.feedback.api import (
    CredentialKind,
    CredentialState,
    CredentialView,
    Refusal,
    badge_of,
    badge_token,
    credential_refusal,
    credentials,
    issue_credential,
    public_credential,
    revocable,
    revoke_credential,
)
from shuyang.feedback.models import Credential
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.api import destroy_person_key, public_key_pem
from shuyang.trust.models import AuditEntry
from tests.delivery.world import World, make_world
from tests.feedback.make import an_estimate, write

Advance = Callable[[timedelta], None]
AT = "https://shuyang.example/verify/{code}/"


@pytest.fixture
def world(db: None) -> World:
    return make_world()  # the real clock: a badge is checked against the wall clock


def result_of(world: World, **changes: Any) -> UUID:
    return write(an_estimate(world.cast, world.cast.learner.person_id, [0.3] * 5, **changes))


def issue(world: World, estimate_id: UUID) -> CredentialView:
    return issue_credential(actor=world.learner, estimate_id=estimate_id, organisation="云川市", verify_at=AT)


# --- which results merit one -----------------------------------------------------------------------------------------


def test_a_precise_diagnosis_gets_a_record_that_names_no_level(world: World) -> None:
    made = issue(world, result_of(world))
    assert made.statement.kind is CredentialKind.DIAGNOSIS
    assert made.state is CredentialState.VALID
    assert [f.level for f in made.statement.forces] == [None] * 5
    assert all(f.low < f.score < f.high for f in made.statement.forces)
    assert made.statement.address == AT.replace("{code}", made.statement.code)
    assert made.statement.synthetic


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"reached": (True, True, False, True, True)}, Refusal.NOT_PRECISE),
        ({"purpose": "recruitment"}, Refusal.PURPOSE),
        ({"purpose": "certification"}, Refusal.PROVISIONAL),
        (
            {"purpose": "certification", "provisional": False, "level_probabilities": ((0.7, 0.3, 0.0, 0.0, 0.0),) * 5},
            Refusal.NO_LEVEL,
        ),
    ],
)
def test_what_does_not_merit_one_is_refused_and_nothing_is_written(
    world: World, changes: dict[str, Any], refused: Refusal
) -> None:
    result = result_of(world, **changes)
    assert credential_refusal(actor=world.learner, estimate_id=result) is refused
    with pytest.raises(Invalid) as error:
        issue(world, result)
    assert error.value.problems[0].code == refused.value
    assert not Credential.objects.exists()


def test_a_certification_on_confirmed_cuts_names_levels_that_are_sure(world: World) -> None:
    sure = ((0.0, 0.05, 0.6, 0.3, 0.05), (0.1, 0.8, 0.1, 0.0, 0.0), *((0.9, 0.1, 0.0, 0.0, 0.0),) * 3)
    made = issue(world, result_of(world, purpose="certification", provisional=False, level_probabilities=sure))
    assert made.statement.kind is CredentialKind.CERTIFICATION
    assert [f.level for f in made.statement.forces] == [3, 2, None, None, None]


def test_a_level_is_certified_only_from_eighty_per_cent_on() -> None:
    assert rules.certified_level((0.1, 0.1, 0.8, 0.0, 0.0)) == 3
    assert rules.certified_level((0.1, 0.11, 0.79, 0.0, 0.0)) == 2
    assert rules.certified_level((0.21, 0.79, 0.0, 0.0, 0.0)) is None
    assert rules.certified_level((0.0, 0.0, 0.0, 0.0, 1.0)) == 5


def test_asking_twice_gives_the_same_and_a_revised_result_gives_none(world: World) -> None:
    sitting, person = new_id(), world.cast.learner.person_id
    first = write(an_estimate(world.cast, person, [0.3] * 5), source_id=sitting)
    made = issue(world, first)
    assert issue(world, first).statement == made.statement
    write(an_estimate(world.cast, person, [0.1] * 5), source_id=sitting)  # some items were neutralised
    assert public_credential(code=made.statement.code).state is CredentialState.SUPERSEDED
    assert credential_refusal(actor=world.learner, estimate_id=first) is Refusal.REVISED


def test_nobody_makes_or_reads_that_of_another(world: World) -> None:
    result = result_of(world)
    made = issue(world, result)
    for member in (world.cast.organiser, world.cast.colleague, world.cast.stranger):
        with pytest.raises(NotFound):
            issue_credential(actor=member.actor, estimate_id=result, organisation="云川市", verify_at=AT)
        with pytest.raises(NotFound):
            badge_of(actor=member.actor, credential_id=made.id)
        assert credentials(actor=member.actor) == []


# --- the badge -------------------------------------------------------------------------------------------------------


def test_the_badge_is_checked_with_nothing_but_the_public_key(world: World) -> None:
    made = issue(world, result_of(world))
    badge = OB3Verifier(public_key_pem()).verify(badge_of(actor=world.learner, credential_id=made.id))
    assert badge.issuer.id == did_key_from_pem(public_key_pem())
    assert badge.achievement.name == "【模拟数据 Synthetic】数字素养诊断测评凭证（非认证）"
    assert badge.identifiers[0].identity_hash == world.cast.learner.name
    assert [r.value for r in badge.results] == [f"{f.score} ({f.low}–{f.high})" for f in made.statement.forces]
    assert badge.id == made.statement.address
    assert badge_token(made.statement) == badge_of(actor=world.learner, credential_id=made.id), (
        "it is the same each time"
    )


def test_a_badge_that_was_altered_does_not_hold(world: World) -> None:
    import base64

    head, body, signature = badge_token(issue(world, result_of(world)).statement).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    said["credentialSubject"]["identifier"][0]["identityHash"] = "别人"
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    with pytest.raises(OB3VerificationError):
        OB3Verifier(public_key_pem()).verify(f"{head}.{forged}.{signature}")


# --- the public page's view ------------------------------------------------------------------------------------------


def test_anyone_with_the_code_reads_it_however_it_was_typed(world: World) -> None:
    made = issue(world, result_of(world))
    code = made.statement.code
    typed = f" {code[:4].lower()} {code[4:8]}-{code[8:]}"
    assert public_credential(code=typed).statement == made.statement
    for wrong in ("", "A" * 16, code[:-1], "'; drop table"):
        with pytest.raises(NotFound):
            public_credential(code=wrong)


def test_what_is_stored_can_not_be_read_without_the_persons_key(world: World) -> None:
    made = issue(world, result_of(world))
    row = Credential.objects.get()
    assert world.cast.learner.name.encode() not in bytes(row.statement)
    destroy_person_key(world.cast.learner.person_id)
    with pytest.raises(NotFound):
        public_credential(code=made.statement.code)


# --- revoking --------------------------------------------------------------------------------------------------------


def test_the_person_revokes_without_a_reason_and_may_make_another(world: World) -> None:
    result = result_of(world)
    code = issue(world, result).statement.code
    revoke_credential(actor=world.learner, code=code, reason="")
    assert public_credential(code=code).state is CredentialState.REVOKED
    again = issue(world, result)
    assert again.statement.code != code
    assert [c.state for c in credentials(actor=world.learner)] == [CredentialState.VALID, CredentialState.REVOKED]
    with pytest.raises(Conflict):
        revoke_credential(actor=world.learner, code=code, reason="")


def test_an_organiser_revokes_with_a_reason_that_the_person_reads(world: World) -> None:
    code, organiser = issue(world, result_of(world)).statement.code, world.cast.organiser.actor
    with pytest.raises(Invalid):
        revoke_credential(actor=organiser, code=code, reason="  ")
    with pytest.raises(Invalid):
        revoke_credential(actor=organiser, code=code, reason="长" * 301)
    revoke_credential(actor=organiser, code=code, reason="发现替考")
    (mine,) = credentials(actor=world.learner)
    assert (mine.state, mine.reason) == (CredentialState.REVOKED, "发现替考")
    entry = AuditEntry.objects.get(action="credential.revoked")
    assert "替考" not in json.dumps(entry.details, ensure_ascii=False)


def test_others_can_not_revoke(world: World) -> None:
    code = issue(world, result_of(world)).statement.code
    for member in (world.cast.colleague, world.cast.stranger):
        assert revocable(actor=member.actor, code=code) is None
        with pytest.raises(NotFound):
            revoke_credential(actor=member.actor, code=code, reason="x")
    assert public_credential(code=code).state is CredentialState.VALID


def test_a_report_about_nothing_precise_is_refused_before_its_purpose_is_asked(world: World) -> None:
    from shuyang.feedback.api import result

    report = result(actor=world.learner, estimate_id=result_of(world))
    thin = replace(report, forces=tuple(replace(f, precise=False) for f in report.forces), purpose="certification")
    assert rules.refusal(thin, latest=True) is Refusal.NOT_PRECISE
    assert rules.refusal(thin, latest=False) is Refusal.REVISED
