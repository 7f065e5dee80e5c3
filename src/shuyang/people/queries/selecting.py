"""Choosing people for an occasion: by numbers, by age, and how many stand below a unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count

from shuyang.kernel.clock import today
from shuyang.people.contracts import PersonView
from shuyang.people.models import Person
from shuyang.people.policies import SeePerson
from shuyang.people.queries.persons import CHUNK, views
from shuyang.people.rules import age_on
from shuyang.trust.api import Actor, open_for_many


def persons_by_number(*, actor: Actor, numbers: Sequence[str]) -> dict[str, PersonView]:
    """Those of the persons with these numbers (in their one spelling) whom the actor may see, active or not."""
    found: dict[str, PersonView] = {}
    seen = Person.objects.filter(SeePerson().visible_to(actor)).select_related("unit")
    for start in range(0, len(numbers), CHUNK):
        rows = list(seen.filter(number__in=numbers[start : start + CHUNK]))
        found.update((view.number, view) for view in views(rows))
    return found


def ages(*, person_ids: Sequence[UUID], day: date | None = None) -> dict[UUID, int]:
    """Ages in full years on a day (today), from the identity numbers; who has none recorded is missing.

    For rooms that choose people by age band and have checked that the actor may see them: the identity number is
    opened to compute the age and goes nowhere else.
    """
    on, found = day or today(), dict[UUID, int]()
    for start in range(0, len(person_ids), CHUNK):
        part = person_ids[start : start + CHUNK]
        rows = Person.objects.filter(id__in=part, identity_number__isnull=False).values_list("id", "identity_number")
        sealed = {person_id: bytes(number) for person_id, number in rows if number}
        for person_id, number in open_for_many(sealed, field="identity_number").items():
            found[person_id] = age_on(number, on)
    return found


def people_below(*, unit_paths: Iterable[str]) -> dict[str, int]:
    """Active people of each unit and all below it, for counts in lists: one statement, whatever the number of units."""
    asked = set(unit_paths)
    counted = Person.objects.filter(active=True).values_list("unit_path").annotate(n=Count("id")).order_by()
    total = dict.fromkeys(asked, 0)
    for path, number in counted if asked else ():
        for end in [0, *(i + 1 for i, c in enumerate(path) if c == "/")]:
            if path[:end] in asked:
                total[path[:end]] += number
    return total
