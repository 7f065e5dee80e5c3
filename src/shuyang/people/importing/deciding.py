"""What a batch of rows means for the people stored: new, changed, unchanged or rejected. Writes nothing.

A person is known by number alone. An empty cell says nothing and changes nothing. Importing the same file again
finds everybody unchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from shuyang.kernel.errors import Problem
from shuyang.people.importing.contracts import Counts, Field, Reading, Row
from shuyang.people.importing.places import Places
from shuyang.people.importing.workbook import address
from shuyang.people.models import Person, Post, Unit
from shuyang.people.pinyin import name_keys
from shuyang.trust.api import blind_index


@dataclass(slots=True)
class Changes:
    """What a batch would write. `sensitive`: person, identity number, phone, still to be sealed."""

    counts: Counts = field(default_factory=Counts)
    new: list[Person] = field(default_factory=list)
    changed: list[Person] = field(default_factory=list)
    opened: list[Post] = field(default_factory=list)
    closed: list[Post] = field(default_factory=list)
    corrected: list[Post] = field(default_factory=list)
    sensitive: list[tuple[Person, str, str]] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about those a batch speaks of: persons by number, numbers by identity index, posts by person."""

    persons: Mapping[str, Person]
    identities: Mapping[str, str]
    posts: Mapping[UUID, Sequence[Post]]


def known_of(rows: Sequence[Row]) -> Known:
    """Read it, in three statements."""
    persons = {p.number: p for p in Person.objects.filter(number__in=[r.number for r in rows if r.number])}
    for row in rows:
        row.identity_index = blind_index(row.identity_number, field="identity_number") if row.identity_number else ""
    indexes = [r.identity_index for r in rows if r.identity_index]
    owners = (
        Person.objects.filter(identity_index__in=indexes).values_list("identity_index", "number") if indexes else ()
    )
    posts: dict[UUID, list[Post]] = defaultdict(list)
    for post in (
        Post.objects.filter(person__in=[p.id for p in persons.values()]).order_by("from_date") if persons else ()
    ):
        posts[post.person_id].append(post)
    return Known(persons, dict(owners), posts)


class Decider:
    """Decides batch after batch of one file, for an actor who may manage the units under `paths`.

    `dry`: nothing will be written, so the new are counted without being made.
    """

    def __init__(self, reading: Reading, places: Places, paths: Sequence[str], day: date, *, dry: bool) -> None:
        self.reading, self.places, self.paths, self.day, self.dry = reading, places, tuple(paths), day, dry

    def decide(self, rows: Sequence[Row]) -> Changes:
        """What to do with these rows; rows with problems gather in `rejected`, their problems on them."""
        changes, known = Changes(), known_of(rows)
        for row in rows:
            changes.counts.rows += 1
            unit = self._unit(row, known)
            if unit is None or row.problems:
                changes.counts.rejected += 1
                changes.rejected.append(row)
                continue
            self._accept(row, unit, known, changes)
        changes.counts.units = len(self.places.planned)
        return changes

    def _cell(self, row: Row, wanted: Field) -> str:
        return address(row.index, self.reading.columns.get(wanted, self.reading.columns[Field.NUMBER]))

    def _unit(self, row: Row, known: Known) -> Unit | None:
        """The row's unit, after all else was checked: a rejected row makes no unit."""
        person = known.persons.get(row.number)
        if person is not None:
            self._check_person(row, person, known.posts.get(person.id, ()))
        elif row.from_date and row.from_date > self.day:
            self._problem(row, Field.FROM_DATE, "post_in_future", day=row.from_date.isoformat())
        owner = known.identities.get(row.identity_index) if row.identity_index else None
        if owner is not None and owner != row.number:
            self._problem(row, Field.IDENTITY_NUMBER, "identity_of_other")
        if row.problems and self.places.create:
            return None
        if person is not None and not row.unit_code and not row.unit_parts:
            return person_unit(person)
        found = self.places.find(row, self._cell(row, Field.UNIT_CODE), self._cell(row, Field.UNIT))
        if isinstance(found, Problem):
            row.problems.append(found)
            return None
        return found

    def _problem(self, row: Row, where: Field, code: str, **data: str) -> None:
        row.problems.append(Problem(self._cell(row, where), code, tuple(data.items())))

    def _check_person(self, row: Row, person: Person, posts: Sequence[Post]) -> None:
        if not person.unit_path.startswith(self.paths):
            self._problem(row, Field.NUMBER, "number_elsewhere", number=row.number)
        elif not person.active:
            self._problem(row, Field.NUMBER, "person_inactive_row", number=row.number)
        elif row.from_date and row.from_date > self.day:
            self._problem(row, Field.FROM_DATE, "post_in_future", day=row.from_date.isoformat())
        elif row.from_date and row.rank_layer and any(p.to_date and p.to_date >= row.from_date for p in posts):
            last = max(p.to_date for p in posts if p.to_date)
            self._problem(row, Field.FROM_DATE, "post_before_current", day=last.isoformat())
        elif self._goes_back(row, posts):
            self._problem(row, Field.FROM_DATE, "post_before_current", day=posts[-1].from_date.isoformat())

    def _goes_back(self, row: Row, posts: Sequence[Post]) -> bool:
        """Does the row give another post than the present one, from an earlier day on?"""
        if not (row.from_date and row.rank_layer and posts and posts[-1].to_date is None):
            return False
        return row.from_date < posts[-1].from_date and not self._same_post(row, posts[-1], None)

    def _same_post(self, row: Row, post: Post, unit: Unit | None) -> bool:
        same_unit = unit is None or post.unit_id == unit.id
        same_title = not row.title or row.title == post.title
        same = post.rank_layer == (row.rank_layer or post.rank_layer) and post.job_category == (
            row.job_category or post.job_category
        )
        return same and same_unit and same_title

    def _accept(self, row: Row, unit: Unit, known: Known, changes: Changes) -> None:
        person = known.persons.get(row.number)
        if person is None:
            self._add(row, unit, changes)
            return
        touched = self._amend(row, unit, person, changes)
        posts = known.posts.get(person.id, ())
        current = posts[-1] if posts and posts[-1].to_date is None else None
        moved = self._post(row, unit, person, current, changes)
        if touched or moved:
            changes.counts.changed += 1
        else:
            changes.counts.unchanged += 1

    def _add(self, row: Row, unit: Unit, changes: Changes) -> None:
        changes.counts.new += 1
        if self.dry:
            return
        keys = name_keys(row.name)
        person = Person(number=row.number, name=row.name, name_pinyin=keys, unit=unit, unit_path=unit.path)
        changes.new.append(person)
        if row.identity_number or row.phone:
            changes.sensitive.append((person, row.identity_number, row.phone))
        if row.rank_layer:
            changes.opened.append(self._new_post(row, unit, person, None))

    def _new_post(self, row: Row, unit: Unit, person: Person, before: Post | None) -> Post:
        return Post(
            person=person,
            unit=unit,
            unit_path=unit.path,
            rank_layer=row.rank_layer or (before.rank_layer if before else ""),
            job_category=row.job_category or (before.job_category if before else ""),
            title=row.title or (before.title if before else ""),
            from_date=row.from_date or self.day,
        )

    def _amend(self, row: Row, unit: Unit, person: Person, changes: Changes) -> bool:
        """Bring the person's own fields up to date. Returns whether anything differs."""
        identity = row.identity_number if row.identity_index and row.identity_index != person.identity_index else ""
        phone = row.phone if row.phone and blind_index(row.phone, field="phone") != person.phone_index else ""
        if identity or phone:
            changes.sensitive.append((person, identity, phone))
        if person.name == row.name and person.unit_id == unit.id and not identity and not phone:
            return False
        if person.name != row.name:
            person.name, person.name_pinyin = row.name, name_keys(row.name)
        person.unit, person.unit_path = unit, unit.path
        changes.changed.append(person)
        return True

    def _post(self, row: Row, unit: Unit, person: Person, current: Post | None, changes: Changes) -> bool:
        """Open a post, correct it (same day), or close it and open the next. Returns whether anything differs."""
        if current is None:
            if row.rank_layer:
                changes.opened.append(self._new_post(row, unit, person, None))
            return bool(row.rank_layer)
        if self._same_post(row, current, unit):
            return self._redate(row, current, changes)
        start = row.from_date if row.from_date and row.rank_layer else self.day
        if start <= current.from_date:
            self._correct(row, unit, current, changes)
        else:
            current.to_date = start - timedelta(days=1)
            changes.closed.append(current)
            after = self._new_post(row, unit, person, current)
            after.from_date = start
            changes.opened.append(after)
        return True

    def _redate(self, row: Row, current: Post, changes: Changes) -> bool:
        """The same post with another first day: the day is corrected."""
        if not row.rank_layer or row.from_date in (None, current.from_date):
            return False
        current.from_date = row.from_date or current.from_date
        changes.corrected.append(current)
        return True

    def _correct(self, row: Row, unit: Unit, current: Post, changes: Changes) -> None:
        current.unit, current.unit_path = unit, unit.path
        current.rank_layer, current.job_category = (
            row.rank_layer or current.rank_layer,
            row.job_category or current.job_category,
        )
        current.title = row.title or current.title
        changes.corrected.append(current)


def person_unit(person: Person) -> Unit:
    """The unit a person has, without another statement: id and path are on the row."""
    return Unit(id=person.unit_id, path=person.unit_path)
