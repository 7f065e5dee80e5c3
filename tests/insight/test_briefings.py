"""From a draft to an issue: who may do what, numbers without gaps, nothing changes after the signature."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from shuyang.feedback.api import publish_campaign
from shuyang.insight import services
from shuyang.insight.api import (
    BriefingState,
    Language,
    Moved,
    NoFigures,
    StatementKind,
    archive,
    briefing,
    briefings,
    check,
    discard,
    draft,
    save,
    send_back,
    sign,
    statements,
    submit,
    verify,
    waiting,
    withdraw,
)
from shuyang.insight.models import Briefing
from shuyang.insight.source import read_archived
from shuyang.itembank.api import release
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Forbidden, Invalid, NotFound, Tampered
from shuyang.people.api import merge_units
from shuyang.people.models import Unit
from shuyang.trust.api import SYSTEM
from shuyang.trust.models import AuditEntry
from tests.cast import make_unit
from tests.delivery.world import NOON, make_world
from tests.feedback.organisation import hire, write
from tests.insight.world import Office, as_typed, drafted, make_office


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Iterator[Office]:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON):
        yield make_office()


def issued(office: Office) -> UUID:
    view = drafted(office)
    view = submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)
    return sign(actor=office.leader.actor, briefing_id=view.head.id, revision=view.revision).head.id


def test_the_findings_of_a_unit_in_words(office: Office) -> None:
    told = statements(actor=office.leader.actor, unit_id=office.finance.id)
    found = [s for s in told if s.kind is StatementKind.FINDING]
    assert any("支付科" in s.plain and "低" in s.plain for s in found)
    english = statements(actor=office.leader.actor, unit_id=office.finance.id, language=Language.ENGLISH)
    assert [s.key for s in english] == [s.key for s in told]
    assert any("points lower" in s.plain for s in english)


def test_where_there_are_no_figures_one_sentence_says_why(office: Office) -> None:
    (told,) = statements(actor=office.leader.actor, unit_id=office.small.id)
    assert (told.kind, told.key) == (StatementKind.ABSENT, "not_shown")
    empty = make_unit("新设科", "F9", office.finance)
    (told,) = statements(actor=office.organiser.actor, unit_id=empty.id)
    assert told.kind is StatementKind.ABSENT
    for unit_id in (office.small.id, empty.id):
        with pytest.raises(NoFigures):
            draft(actor=office.organiser.actor, unit_id=unit_id, campaign_id=None, language=Language.CHINESE)
    assert not Briefing.objects.exists()


def test_from_draft_to_issue(office: Office) -> None:
    view = drafted(office)
    edit = as_typed(view)
    text = edit.paragraphs["summary"].replace("计入统计", "列入统计")
    edit = dataclasses.replace(edit, title=edit.title + "，请阅", paragraphs={**edit.paragraphs, "summary": text})
    view = save(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision, edit=edit)
    assert view.head.title.endswith("，请阅")
    view = submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)
    assert [h.id for h in waiting(actor=office.leader.actor)] == [view.head.id]
    view = sign(actor=office.leader.actor, briefing_id=view.head.id, revision=view.revision)
    assert (view.head.state, view.head.year, view.head.number, view.head.running) == (BriefingState.ISSUED, 2026, 1, 1)
    assert view.document.issue == "2026年第1期（总第1期）"
    assert view.document.foot == ("拟稿：组织员", "签发：林局长")
    assert any("列入统计" in line for line in view.document.lines)
    assert verify(actor=office.leader.actor, briefing_id=view.head.id).holds
    actions = [a for a in AuditEntry.objects.order_by("at").values_list("action", flat=True) if "briefing" in a]
    assert actions == ["briefing.drafted", "briefing.edited", "briefing.submitted", "briefing.signed"]
    assert AuditEntry.objects.get(action="briefing.signed").details["document"] == view.document_hash


def test_the_same_figures_give_the_same_draft(office: Office) -> None:
    first, second = drafted(office), drafted(office)
    assert first.content == second.content
    assert first.source_hash == second.source_hash


def test_nothing_changes_after_the_signature(office: Office) -> None:
    issue = issued(office)
    view = briefing(actor=office.organiser.actor, briefing_id=issue)
    assert not any((view.may.edit, view.may.submit, view.may.sign, view.may.discard, view.may.send_back))
    before = Briefing.objects.values().get(id=issue)
    acts = (
        lambda: save(actor=office.organiser.actor, briefing_id=issue, revision=view.revision, edit=as_typed(view)),
        lambda: submit(actor=office.organiser.actor, briefing_id=issue, revision=view.revision),
        lambda: sign(actor=office.leader.actor, briefing_id=issue, revision=view.revision),
        lambda: send_back(actor=office.leader.actor, briefing_id=issue, revision=view.revision, reason="再改"),
        lambda: discard(actor=office.organiser.actor, briefing_id=issue, revision=view.revision),
    )
    for act in acts:
        with pytest.raises(Moved):
            act()
    assert Briefing.objects.values().get(id=issue) == before


def test_numbers_have_no_gaps_and_begin_anew_each_year(office: Office) -> None:
    first = issued(office)
    dropped = drafted(office)
    discard(actor=office.organiser.actor, briefing_id=dropped.head.id, revision=dropped.revision)
    withdraw(actor=office.leader.actor, briefing_id=first, reason="数据有误")
    issued(office)
    with frozen(NOON + timedelta(days=60)):
        issued(office)
    heads = briefings(actor=office.leader.actor, unit_id=office.finance.id)
    assert sorted((h.year, h.number, h.running) for h in heads) == [(2026, 1, 1), (2026, 2, 2), (2027, 1, 3)]
    assert [h.year for h in heads] == [2027, 2026, 2026]
    assert len(briefings(actor=office.leader.actor, year=2026)) == 2


def test_two_who_sign_at_the_same_moment_get_two_numbers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    issued(office)
    real, asked = services._number, []

    def late(row: Briefing) -> None:
        """As if the other signature were not to be seen yet when the first number is looked for."""
        real(row)
        asked.append(row.number)
        if len(asked) == 1:
            row.number = row.running = 1

    monkeypatch.setattr(services, "_number", late)
    second = briefing(actor=office.leader.actor, briefing_id=issued(office))
    assert (second.head.number, second.head.running) == (2, 2)
    assert len(asked) == 2


def test_a_unit_that_was_merged_can_still_be_written_about(office: Office) -> None:
    part = Unit.objects.get(name="支付科")
    before = office.organiser.actor
    merge_units(actor=before, unit_id=part.id, into_id=Unit.objects.get(name="国库科").id)
    view = draft(actor=before, unit_id=part.id, campaign_id=None, language=Language.CHINESE)
    assert "支付科" in view.head.title
    assert drafted(office).head.unit_name == "财政局"


def test_a_unit_where_everyone_is_the_same_has_nobody_that_stands_out(db: None, settings: Any, tmp_path: Path) -> None:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON):
        world = make_world()
        found = release(hash=world.campaign.release_hash)
        for code in ("S1", "S2"):
            for official in hire(make_unit(f"同{code}科", code, world.cast.finance), 10):
                write(world.campaign, found, official, np.zeros(len(found.forces)))
        publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id)
        told = statements(actor=world.cast.organiser.actor, unit_id=world.cast.finance.id)
        found_kinds = {s.key.split("|")[1] for s in told if s.kind is StatementKind.FINDING}
        assert found_kinds <= {"gap"}  # all alike, they may still lie off their target together
        view = draft(
            actor=world.cast.organiser.actor, unit_id=world.cast.finance.id, campaign_id=None, language=Language.CHINESE
        )
        assert verify(actor=world.cast.organiser.actor, briefing_id=view.head.id).holds


def test_a_withdrawn_issue_stays_with_its_reason_and_its_text(office: Office) -> None:
    issue = issued(office)
    before = briefing(actor=office.leader.actor, briefing_id=issue)
    with pytest.raises(Invalid):
        withdraw(actor=office.leader.actor, briefing_id=issue, reason="  ")
    after = withdraw(actor=office.leader.actor, briefing_id=issue, reason="数据有误")
    assert (after.head.state, after.head.withdrawn_reason) == (BriefingState.WITHDRAWN, "数据有误")
    assert after.document == before.document
    assert verify(actor=office.leader.actor, briefing_id=issue).holds
    with pytest.raises(Moved):
        withdraw(actor=office.leader.actor, briefing_id=issue, reason="再次")


def test_nobody_signs_what_he_wrote(office: Office) -> None:
    own = drafted(office, by=office.both)
    own = submit(actor=office.both.actor, briefing_id=own.head.id, revision=own.revision)
    assert not own.may.sign
    with pytest.raises(Forbidden):
        sign(actor=office.both.actor, briefing_id=own.head.id, revision=own.revision)
    view = drafted(office)
    view = save(actor=office.both.actor, briefing_id=view.head.id, revision=view.revision, edit=as_typed(view))
    view = submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)
    with pytest.raises(Forbidden):  # edited by him
        sign(actor=office.both.actor, briefing_id=view.head.id, revision=view.revision)
    with pytest.raises(Forbidden):  # no leader
        sign(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)


def test_a_leader_sees_drafts_only_once_they_are_submitted(office: Office) -> None:
    view = drafted(office)
    assert briefings(actor=office.leader.actor) == ()
    with pytest.raises(NotFound):
        briefing(actor=office.leader.actor, briefing_id=view.head.id)
    with pytest.raises(NotFound):
        draft(actor=office.leader.actor, unit_id=office.finance.id, campaign_id=None, language=Language.CHINESE)
    for member in (office.world.cast.stranger, office.world.cast.learner):
        with pytest.raises(NotFound):
            briefing(actor=member.actor, briefing_id=view.head.id)


def test_sending_back_gives_the_reason_and_opens_it_again(office: Office) -> None:
    view = drafted(office)
    view = submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)
    with pytest.raises(Invalid):
        send_back(actor=office.leader.actor, briefing_id=view.head.id, revision=view.revision, reason="")
    send_back(actor=office.leader.actor, briefing_id=view.head.id, revision=view.revision, reason="补充成本")
    again = briefing(actor=office.organiser.actor, briefing_id=view.head.id)
    assert (again.returned, again.may.edit) == ("补充成本", True)


def test_an_edit_of_an_old_revision_is_refused(office: Office) -> None:
    view = drafted(office)
    save(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision, edit=as_typed(view))
    with pytest.raises(Moved):
        save(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision, edit=as_typed(view))
    with pytest.raises(Moved):
        submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)


def test_a_refused_edit_writes_nothing(office: Office) -> None:
    view = drafted(office)
    edit = dataclasses.replace(as_typed(view), title="提高31分")
    with pytest.raises(Invalid):
        save(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision, edit=edit)
    assert briefing(actor=office.organiser.actor, briefing_id=view.head.id).revision == view.revision


def test_what_was_tampered_with_is_not_signed(office: Office) -> None:
    view = drafted(office)
    view = submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)
    row = Briefing.objects.get(id=view.head.id)
    Briefing.objects.filter(id=row.id).update(content=row.content.replace("支付科", "国库科"))
    with pytest.raises(Tampered):
        sign(actor=office.leader.actor, briefing_id=view.head.id, revision=view.revision)
    assert Briefing.objects.get(id=row.id).number is None


def test_the_archive_can_be_computed_again_without_the_database(office: Office) -> None:
    issue = issued(office)
    held = archive(actor=office.leader.actor, briefing_id=issue)
    Briefing.objects.all().delete()
    assert check(**held).holds
    assert check(**held).figures > 10
    assert read_archived(held["source"]).unit_name == "财政局"


def test_an_english_briefing_is_english_whoever_reads_it(office: Office) -> None:
    view = drafted(office, language=Language.ENGLISH)
    assert view.document.name == "Briefing for decisions"
    assert "points lower" in " ".join(view.document.lines)
