"""Score confirmed answers from paper through the same log, evidence and receipt as answers on the screen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery import engine
from shuyang.delivery.contracts import SittingState
from shuyang.delivery.entry import accommodation_of
from shuyang.delivery.models import Campaign, PaperImport, PaperSheet, Sitting
from shuyang.delivery.paper.contracts import PaperCheck
from shuyang.delivery.paper.reading import check_view, import_row
from shuyang.delivery.services.answering import next_entry
from shuyang.delivery.services.finishing import finish
from shuyang.delivery.services.sittings import new_sitting
from shuyang.itembank.api import grade, normalise, plan
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict
from shuyang.kernel.ids import new_id
from shuyang.people.api import PersonView, persons
from shuyang.trust.api import Actor, record


class ProblemsLeft(Conflict):
    """Some rows can't be taken; writing the others has to be confirmed."""

    code = "paper_problems_left"


def write_answers(*, actor: Actor, campaign_id: UUID, import_id: UUID, good_rows_only: bool = False) -> PaperCheck:
    """Write the rows that were read, each in a transaction of its own; doing it twice writes each once.

    Raises `NotFound`, `ProblemsLeft` where rows have problems and `good_rows_only` does not say to leave them out.
    """
    found = import_row(actor, campaign_id, import_id)
    if found.problems and not good_rows_only:
        raise ProblemsLeft("some rows have problems")
    people = persons(actor=actor, person_ids=[UUID(row["person"]) for row in found.rows])
    written = sum(_write(actor, found, row, people) for row in found.rows)
    with transaction.atomic():
        record(
            actor=actor,
            action="paper.answers_written",
            object_kind="campaign",
            object_id=found.campaign_id,
            unit_path=found.campaign.unit_path,
            details={"count": written, "held_on": found.held_on.isoformat(), "consent_on_paper": True},
        )
        PaperImport.objects.filter(id=found.id).update(rows=[], problems=[], state="written", written=written)
    found.refresh_from_db()
    return check_view(found)


def discard_answers(*, actor: Actor, campaign_id: UUID, import_id: UUID) -> None:
    """Forget a workbook that was read; nothing of it counts. Raises `NotFound`."""
    found = import_row(actor, campaign_id, import_id)
    PaperImport.objects.filter(id=found.id, state="checked").delete()


def _write(actor: Actor, found: PaperImport, row: dict[str, Any], people: dict[UUID, PersonView]) -> bool:
    """One person's sheet: sitting, log, estimate. False where the sheet was written before, or the person is gone."""
    who = people.get(UUID(row["person"]))
    if who is None:
        return False
    with transaction.atomic():
        sheet = PaperSheet.objects.select_for_update().filter(campaign_id=found.campaign_id, code=row["code"]).first()
        if sheet is None or sheet.sitting_id is not None:
            return False
        sitting = _sitting(found.campaign, who, sheet.form)
        _log(sitting, found.campaign, sheet.form, row["answers"])
        finish(sitting, actor=actor, reason="form_complete")
        PaperSheet.objects.filter(id=sheet.id).update(sitting_id=sitting.id)
    return True


def _sitting(campaign: Campaign, who: PersonView, form: int) -> Sitting:
    before = Sitting.objects.filter(campaign=campaign, person_id=who.id).count()
    given = accommodation_of(campaign_id=campaign.id, person_id=who.id)
    row = new_sitting(campaign, who, given, attempt=before + 1)
    row.mode, row.form, row.state = "paper", form, SittingState.RUNNING
    row.save(force_insert=True)
    return row


def _log(sitting: Sitting, campaign: Campaign, form: int, answers: list[dict[str, Any]]) -> None:
    """Append every answer to the sitting's log, in the order of the form. Time at an item is not known on paper."""
    at, bank = now(), engine.compiled(campaign.release_hash)
    for place, (item_id, raw) in enumerate(zip(plan(hash=campaign.plan_hash).forms[form], answers, strict=True)):
        sitting.position, sitting.current_index, sitting.presented_at = place + 1, bank.index[item_id], at
        version_id = engine.item_at(sitting).version_id
        content = engine.content(version_id)
        response = normalise(content, raw)
        entry = next_entry(sitting, new_id(), version_id, response, grade(content, response), at)
        entry.save(force_insert=True)
        sitting.answers = [*sitting.answers, [entry.item_index, entry.category]]
        sitting.chain_hash = entry.hash
