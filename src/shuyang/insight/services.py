"""Writes: draft, edit, submit, send back, sign, withdraw, discard. Policy, one transaction, one audit entry each."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from shuyang.insight import rules
from shuyang.insight.composing import compose
from shuyang.insight.content import read_content, written
from shuyang.insight.contracts import BriefingState
from shuyang.insight.document import Imprint, day_line, document, issue_line, written_document
from shuyang.insight.models import Briefing
from shuyang.insight.policies import DraftBriefing, ReadBriefing, SignBriefing, WithdrawBriefing
from shuyang.insight.queries import briefing_row, unit_source, verified, view
from shuyang.insight.rules import Edit
from shuyang.insight.source import Language, Source, archived
from shuyang.insight.text import plain
from shuyang.insight.view_contracts import BriefingView
from shuyang.kernel.canonical import digest
from shuyang.kernel.clock import BEIJING, now
from shuyang.kernel.errors import Conflict, Forbidden, Tampered
from shuyang.people.api import own_account, person, unit
from shuyang.trust.api import Actor, Policy, record

TRIES = 3
"""Two issues of one unit signed at the same moment ask for the same number; the later one takes the next."""


class NoFigures(Conflict):
    """There is nothing published of the unit to write about."""

    code = "briefing_no_figures"


class Moved(Conflict):
    """The briefing was edited, signed or taken back since the page was opened."""

    code = "briefing_moved"


def draft(*, actor: Actor, unit_id: UUID, campaign_id: UUID | None, language: Language) -> BriefingView:
    """A draft from what is published of the unit, by rules. Raises `NoFigures`, and `NotFound` as `unit_picture`."""
    place = unit(actor=actor, unit_id=unit_id)
    row = Briefing(unit_id=place.id, unit_path=place.path, unit_name=place.name, language=language)
    DraftBriefing().require(actor, row)
    account = _account(actor)
    source, published = unit_source(actor=actor, unit_id=unit_id, campaign_id=campaign_id, language=language)
    if not isinstance(source, Source) or published is None:
        raise NoFigures("nothing is published of this unit")
    content, row.campaign_id = compose(source), published
    row.source, row.content, row.title = archived(source), written(content), plain(content.title)
    row.source_hash, row.synthetic = digest(row.source.encode()), source.publication.synthetic
    row.drafted_by = row.edited_by = account
    row.drafter_name = _name(actor)
    with transaction.atomic():
        row.save(force_insert=True)
        _record(actor, "briefing.drafted", row)
    return view(actor, row)


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise Forbidden("a briefing is drafted by somebody")
    return actor.account_id


def _name(actor: Actor) -> str:
    """The actor's name, or the name of an account without a person."""
    if actor.person_id is None:
        return own_account(actor=actor).username
    return person(actor=actor, person_id=actor.person_id).name


def save(*, actor: Actor, briefing_id: UUID, revision: int, edit: Edit) -> BriefingView:
    """Store an edit. Raises `Invalid` with every problem at its field, `Moved` if another revision is current."""
    with transaction.atomic():
        row = _held(actor, briefing_id, DraftBriefing(), revision, BriefingState.DRAFT)
        content = rules.edited(read_content(row.content), edit, by=_name(actor))
        row.content, row.title, row.edited_by = written(content), plain(content.title), _account(actor)
        _step(actor, "briefing.edited", row, "content", "title", "edited_by")
    return view(actor, row)


def submit(*, actor: Actor, briefing_id: UUID, revision: int) -> BriefingView:
    """Hand a draft in for signature. It can't be edited until it is sent back."""
    with transaction.atomic():
        row = _held(actor, briefing_id, DraftBriefing(), revision, BriefingState.DRAFT)
        row.state, row.returned = BriefingState.SUBMITTED, ""
        _step(actor, "briefing.submitted", row, "state", "returned")
    return view(actor, row)


def send_back(*, actor: Actor, briefing_id: UUID, revision: int, reason: str) -> None:
    """Back to the drafters with a reason: by who could sign it, or by a drafter who wants to go on."""
    words = rules.reason(reason)
    with transaction.atomic():
        policy = DraftBriefing() if DraftBriefing().can(actor, briefing_row(actor, briefing_id)) else SignBriefing()
        row = _held(actor, briefing_id, policy, revision, BriefingState.SUBMITTED)
        row.state, row.returned = BriefingState.DRAFT, words
        _step(actor, "briefing.sent_back", row, "state", "returned")


def sign(*, actor: Actor, briefing_id: UUID, revision: int) -> BriefingView:
    """Issue it in the actor's name: figures are computed again, the number is assigned, the document is fixed and hashed."""
    for tried in range(TRIES):
        try:
            with transaction.atomic():
                return _signed(actor, briefing_id, revision)
        except IntegrityError:
            if tried == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _signed(actor: Actor, briefing_id: UUID, revision: int) -> BriefingView:
    row = _held(actor, briefing_id, SignBriefing(), revision, BriefingState.SUBMITTED)
    held = verified(row)
    if not held.holds:
        raise Tampered(f"a briefing does not agree with its data: {held.problems[0]}")
    _number(row)
    row.state, row.signed_by, row.signer_name, row.signed_at = (
        BriefingState.ISSUED,
        actor.account_id,
        _name(actor),
        now(),
    )
    row.document = written_document(document(read_content(row.content), _imprint(row), synthetic=row.synthetic))
    row.document_hash = digest(row.document.encode())
    names = ("state", "signed_by", "signer_name", "signed_at", "document", "document_hash", "year", "number", "running")
    _step(actor, "briefing.signed", row, *names)
    return view(actor, row)


def _number(row: Briefing) -> None:
    """The next number of the unit in the year of Beijing, and of all its issues."""
    row.year = now().astimezone(BEIJING).year
    issues = Briefing.objects.filter(unit_id=row.unit_id, number__isnull=False)
    row.number = (issues.filter(year=row.year).aggregate(top=Max("number"))["top"] or 0) + 1
    row.running = (issues.aggregate(top=Max("running"))["top"] or 0) + 1


def _imprint(row: Briefing) -> Imprint:
    assert row.year is not None
    assert row.number is not None
    assert row.running is not None
    assert row.signed_at is not None
    language, day = Language(row.language), row.signed_at.astimezone(BEIJING).date()
    return Imprint(
        issue=issue_line(language, year=row.year, number=row.number, running=row.running),
        day=day_line(language, day),
        drafter=row.drafter_name,
        signer=row.signer_name,
        date=day.isoformat(),
    )


def withdraw(*, actor: Actor, briefing_id: UUID, reason: str) -> BriefingView:
    """Take an issue back: it stays in the list and in the archive, marked, with the reason. Nothing in it is changed."""
    words = rules.reason(reason)
    with transaction.atomic():
        row = _held(actor, briefing_id, WithdrawBriefing(), None, BriefingState.ISSUED)
        row.state, row.withdrawn_reason = BriefingState.WITHDRAWN, words
        row.withdrawn_at, row.withdrawn_by = now(), actor.account_id
        _step(actor, "briefing.withdrawn", row, "state", "withdrawn_reason", "withdrawn_at", "withdrawn_by")
    return view(actor, row)


def discard(*, actor: Actor, briefing_id: UUID, revision: int) -> None:
    """Delete a draft. What was signed is never deleted."""
    with transaction.atomic():
        row = _held(actor, briefing_id, DraftBriefing(), revision, BriefingState.DRAFT)
        _record(actor, "briefing.discarded", row)
        row.delete()


def _held(
    actor: Actor, briefing_id: UUID, policy: Policy[Briefing], revision: int | None, state: BriefingState
) -> Briefing:
    """The row, locked, in the state and revision that the actor saw. Raises `NotFound`, `Forbidden`, `Moved`."""
    row = briefing_row(actor, briefing_id, lock=True)
    policy.require(actor, row, see=ReadBriefing())
    if row.state != state or (revision is not None and row.revision != revision):
        raise Moved()
    return row


def _step(actor: Actor, action: str, row: Briefing, *fields: str) -> None:
    row.revision += 1
    row.save(update_fields=[*fields, "revision"])
    _record(actor, action, row)


def _record(actor: Actor, action: str, row: Briefing) -> None:
    details = {"revision": row.revision, "source": row.source_hash}
    if row.document_hash:
        details |= {"document": row.document_hash, "year": row.year or 0, "number": row.number or 0}
    record(
        actor=actor, action=action, object_kind="briefing", object_id=row.id, unit_path=row.unit_path, details=details
    )
