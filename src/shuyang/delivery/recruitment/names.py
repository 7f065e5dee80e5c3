"""Numbers instead of names: everywhere staff look at a sealed recruitment."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.delivery.contracts import Purpose
from shuyang.delivery.models import Campaign, Candidate
from shuyang.delivery.recruitment.rules import new_number

_TRIES = 20


def names_sealed(campaign: Campaign) -> bool:
    """Do staff see numbers instead of names? In a recruitment, until its results are released."""
    return campaign.purpose == Purpose.RECRUITMENT and campaign.released_at is None


def number_of(campaign_id: UUID, person_id: UUID) -> str:
    """The person's number in a campaign; given out at the first time of asking."""
    for _ in range(_TRIES):
        known = Candidate.objects.filter(campaign_id=campaign_id, person_id=person_id).first()
        if known is not None:
            return known.number
        try:
            with transaction.atomic():
                Candidate.objects.create(campaign_id=campaign_id, person_id=person_id, number=new_number())
        except IntegrityError:  # the number is taken, or another request was faster
            continue
    raise RuntimeError("no free candidate number was found")


def numbers_of(campaign_id: UUID, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Numbers of many: two statements, but for those who have none yet."""
    wanted = list(dict.fromkeys(person_ids))
    known = Candidate.objects.filter(campaign_id=campaign_id, person_id__in=wanted)
    numbers = dict(known.values_list("person_id", "number"))
    return numbers | {p: number_of(campaign_id, p) for p in wanted if p not in numbers}
