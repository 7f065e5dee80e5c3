"""Audit what was refused: forged sittings, other people's, items not shown yet, second answers, broken bodies.

A refusal has no act it could stand or fall with, so it is written by itself. One entry goes to the chain for the first,
the tenth, the hundredth … refusal of a kind to an account within an hour: whoever sends a million bad requests makes
seven entries, and all of them are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuyang.delivery.models import Refusal, Sitting
from shuyang.delivery.rules import AheadOfItself, AlreadyAnswered, SittingOver, worth_an_entry
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.trust.api import Actor, record

# What no page of ours ever sends.
_FORGED = frozenset({"unknown_option", "wrong_shape", "broken_form"})
_KEPT = timedelta(days=2)


@contextmanager
def refusals_noted(actor: Actor, sitting_id: UUID) -> Iterator[None]:
    """Whatever is refused inside is refused all the same, and noted."""
    try:
        yield
    except (AheadOfItself, AlreadyAnswered, SittingOver) as error:
        note_refusal(actor=actor, sitting_id=sitting_id, kind=error.code)
        raise
    except NotFound:
        exists = Sitting.objects.filter(id=sitting_id).exists()
        note_refusal(actor=actor, sitting_id=sitting_id, kind="others_sitting" if exists else "forged_sitting")
        raise
    except Invalid as error:
        if any(problem.code in _FORGED for problem in error.problems):
            note_refusal(actor=actor, sitting_id=sitting_id, kind="forged_answer")
        raise


def note_refusal(*, actor: Actor, sitting_id: UUID, kind: str) -> None:
    """Count a refusal of this kind, and audit it if it is the first of its order of magnitude within the hour."""
    who = actor.account_id or actor.person_id
    if who is None:
        return  # nobody signed in: refused at the door, and there is no one to write it to
    hour = now().replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        row, _ = Refusal.objects.get_or_create(account_id=who, kind=kind, hour=hour)
        Refusal.objects.filter(id=row.id).update(count=F("count") + 1)
        row.refresh_from_db(fields=["count"])
        if worth_an_entry(row.count):
            record(
                actor=actor,
                action="answer.refused",
                object_kind="sitting",
                object_id=sitting_id,
                unit_path=actor.unit_path,
                subject=actor.person_id,
                details={"kind": kind, "within_the_hour": row.count},
            )


def forget_refusals() -> int:
    """Delete counts of days ago; their entries stay. Returns how many."""
    return Refusal.objects.filter(hour__lt=now() - _KEPT).delete()[0]
