"""Whom a campaign invites: found once for the preview and again for saving, by the same code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery.campaign_contracts import Audience, AudienceKind, AudiencePreview
from shuyang.delivery.campaign_rules import MOST_LISTED, Listed, line_problem, read_numbers
from shuyang.delivery.contracts import CampaignState
from shuyang.delivery.models import Campaign, Invited
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, Problem
from shuyang.people.api import (
    JobCategory,
    PersonView,
    RankLayer,
    UnitView,
    ages,
    people_ids,
    people_in,
    persons,
    persons_by_number,
)
from shuyang.trust.api import SYSTEM, Actor

SHOWN = 10
BATCH = 400


@dataclass(frozen=True, slots=True)
class Found:
    """The persons an audience names; `problems` are lines of a list that name none."""

    ids: tuple[UUID, ...]
    problems: tuple[Problem, ...] = ()
    unknown_age: int = 0


def preview(actor: Actor, place: UnitView, audience: Audience) -> AudiencePreview:
    """Whom the audience would invite now, in count and by the first names, and every line that can't be taken."""
    if audience.kind == AudienceKind.UNIT:
        page = people_in(actor=actor, unit_path=place.path, size=SHOWN)
        return AudiencePreview(page.total, page.people)
    found = find(actor, place, audience)
    first = persons(actor=actor, person_ids=found.ids[:SHOWN])
    shown = tuple(first[i] for i in found.ids[:SHOWN] if i in first)
    return AudiencePreview(len(found.ids), shown, found.problems, found.unknown_age)


def find(actor: Actor, place: UnitView, audience: Audience) -> Found:
    """The persons a filter or a list names within a unit and below."""
    if audience.kind == AudienceKind.LIST:
        return _listed(actor, place, read_numbers(audience.numbers))
    return _fitting(actor, place.path, audience)


def _listed(actor: Actor, place: UnitView, entries: Sequence[Listed]) -> Found:
    if len(entries) > MOST_LISTED:
        raise Invalid([Problem("numbers", "list_too_long", (("most", str(MOST_LISTED)),))])
    known = persons_by_number(actor=actor, numbers=[e.number for e in entries if e.problem is None])
    ids, problems = list[UUID](), list[Problem]()
    for entry in entries:
        problem = entry.problem or _refused(entry, known.get(entry.number), place)
        if problem is None:
            ids.append(known[entry.number].id)
        else:
            problems.append(problem)
    return Found(tuple(ids), tuple(problems))


def _refused(entry: Listed, who: PersonView | None, place: UnitView) -> Problem | None:
    if who is None:
        return line_problem(entry.line, "listed_number_unknown", value=entry.number)
    if not who.active:
        return line_problem(entry.line, "listed_person_inactive", value=entry.number)
    if not who.unit_path.startswith(place.path):
        return line_problem(entry.line, "listed_person_elsewhere", value=entry.number, unit=place.name)
    return None


def _fitting(actor: Actor, unit_path: str, audience: Audience) -> Found:
    ids: dict[UUID, None] = {}
    for layer in audience.rank_layers or (None,):
        for category in audience.job_categories or (None,):
            found = people_ids(actor=actor, unit_path=unit_path, rank_layer=layer, job_category=category)
            ids.update(dict.fromkeys(found))
    if audience.age_from is None and audience.age_to is None:
        return Found(tuple(ids))
    low, high = audience.age_from or 0, audience.age_to or 999
    age = ages(person_ids=list(ids))
    return Found(tuple(i for i in ids if low <= age.get(i, -1) <= high), (), len(ids) - len(age))


def criteria(audience: Audience) -> dict[str, Any]:
    """What a campaign stores of a filter."""
    if audience.kind != AudienceKind.FILTER:
        return {}
    return {
        "rank_layers": [str(one) for one in audience.rank_layers],
        "job_categories": [str(one) for one in audience.job_categories],
        "age_from": audience.age_from,
        "age_to": audience.age_to,
    }


def audience_of(row: Campaign) -> Audience:
    """The stored audience of a campaign (a list lives in its invitations alone)."""
    stored = row.criteria
    return Audience(
        kind=AudienceKind(row.audience),
        rank_layers=tuple(map(RankLayer, stored.get("rank_layers", ()))),
        job_categories=tuple(map(JobCategory, stored.get("job_categories", ()))),
        age_from=stored.get("age_from"),
        age_to=stored.get("age_to"),
    )


def invite(campaign: Campaign, ids: Sequence[UUID]) -> None:
    """Write invitations in batches of their own, so that a sitting never waits for a long list."""
    for start in range(0, len(ids), BATCH):
        rows = [Invited(campaign=campaign, person_id=one) for one in ids[start : start + BATCH]]
        with transaction.atomic():
            Invited.objects.bulk_create(rows, ignore_conflicts=True)


def refresh_filters() -> int:
    """Invite who has come to fit the filter of an open campaign; nobody loses an invitation. Returns how many came."""
    came = 0
    open_now = Campaign.objects.filter(state=CampaignState.OPEN, audience=AudienceKind.FILTER, closes_at__gt=now())
    for row in open_now:
        have = set(Invited.objects.filter(campaign=row).values_list("person_id", flat=True))
        new = [i for i in _fitting(SYSTEM, row.unit_path, audience_of(row)).ids if i not in have]
        invite(row, new)
        came += len(new)
    return came
