"""Add a person, correct him, give him a dated post, end or renew his being active."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.kernel.clock import today
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.people.contracts import JobCategory, PersonView, RankLayer
from shuyang.people.models import Account, Person, Post, SignInSession, Unit
from shuyang.people.pinyin import name_keys
from shuyang.people.policies import ManagePerson, ResetSignIn, SeePerson
from shuyang.people.queries.persons import views
from shuyang.people.rules import clean_identity, clean_name, clean_number, clean_phone, post_may_start
from shuyang.people.services.units import managed_unit
from shuyang.trust.api import Actor, blind_index, encrypt_for, make_person_keys, person_keys, record


def managed_person(actor: Actor, person_id: UUID) -> Person:
    """The person, whom the actor must be allowed to manage."""
    row = Person.objects.filter(id=person_id).select_related("unit").first()
    if row is None:
        raise NotFound("no such person")
    ManagePerson().require(actor, row, see=SeePerson())
    return row


def _record(actor: Actor, action: str, row: Person, unit_path: str) -> None:
    record(actor=actor, action=action, object_kind="person", object_id=row.id, unit_path=unit_path, subject=row.id)


def add_person(
    *, actor: Actor, number: str, name: str, unit_id: UUID, identity_number: str = "", phone: str = ""
) -> PersonView:
    """Add one person by hand. Raises `Invalid` with the fields at fault."""
    unit = managed_unit(actor, unit_id)
    cleaned = clean_number(number)
    problems = _problems(name, identity_number, phone)
    if cleaned is None:
        problems.append(Problem("number", "number_bad"))
    elif Person.objects.filter(number=cleaned).exists():
        problems.append(Problem("number", "number_taken", (("number", cleaned),)))
    if not unit.active:
        problems.append(Problem("unit", "unit_inactive"))
    if problems:
        raise Invalid(problems)
    row = Person(number=cleaned or "", unit=unit, unit_path=unit.path)
    with transaction.atomic():
        _describe(row, name, identity_number, phone, make_person_keys([row.id])[row.id])
        _insert(row)
        _record(actor, "person.added", row, row.unit_path)
    return views([row])[0]


def _insert(row: Person) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # somebody took the number a moment ago
        raise Invalid([Problem("number", "number_taken", (("number", row.number),))]) from error


def correct_person(
    *, actor: Actor, person_id: UUID, name: str, identity_number: str = "", phone: str = ""
) -> PersonView:
    """Correct name, identity number, phone; an empty sensitive field keeps what is stored."""
    row = managed_person(actor, person_id)
    problems = _problems(name, identity_number, phone)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        _describe(row, name, identity_number, phone, person_keys([row.id])[row.id])
        row.save()
        _record(actor, "person.corrected", row, row.unit_path)
    return views([row])[0]


def _problems(name: str, identity_number: str, phone: str) -> list[Problem]:
    problems = [] if clean_name(name) else [Problem("name", "name_bad")]
    if identity_number.strip() and not clean_identity(identity_number):
        problems.append(Problem("identity_number", "identity_bad"))
    if phone.strip() and not clean_phone(phone):
        problems.append(Problem("phone", "phone_bad"))
    return problems


def _describe(row: Person, name: str, identity_number: str, phone: str, key: bytes) -> None:
    row.name = clean_name(name) or row.name
    row.name_pinyin = name_keys(row.name)
    seal(row, key, clean_identity(identity_number) or "", clean_phone(phone) or "")


def seal(row: Person, key: bytes, identity_number: str, phone: str) -> None:
    """Set the sensitive fields that are given (already cleaned), sealed under the person's key."""
    if identity_number:
        row.identity_number = encrypt_for(key, identity_number, field="identity_number")
        row.identity_index = blind_index(identity_number, field="identity_number")
    if phone:
        row.phone = encrypt_for(key, phone, field="phone")
        row.phone_index = blind_index(phone, field="phone")


def change_post(
    *, actor: Actor, person_id: UUID, unit_id: UUID, rank_layer: str, job_category: str, title: str, from_date: date
) -> PersonView:
    """Give a person a post from a day on; the one held until then ends the day before. The same day corrects the post.

    Raises `Invalid` for a day before the present post began or after today.
    """
    row, unit = managed_person(actor, person_id), managed_unit(actor, unit_id)
    with transaction.atomic():
        Person.objects.select_for_update().get(id=row.id)  # two changes at once would leave two open posts
        current = Post.objects.filter(person=row, to_date=None).first()
        problems = _post_problems(unit, rank_layer, job_category, from_date, current)
        if problems:
            raise Invalid(problems)
        place(row, current, unit, rank_layer, job_category, " ".join(title.split())[:100], from_date)
        Person.objects.filter(id=row.id).update(unit=unit, unit_path=unit.path)
        _record(actor, "person.post_changed", row, unit.path)
    row.unit, row.unit_path = unit, unit.path
    return views([row])[0]


def _post_problems(unit: Unit, rank_layer: str, job_category: str, start: date, current: Post | None) -> list[Problem]:
    problems = []
    if not unit.active:
        problems.append(Problem("unit", "unit_inactive"))
    if rank_layer not in set(RankLayer):
        problems.append(Problem("rank_layer", "rank_layer_unknown", (("value", rank_layer),)))
    if job_category not in set(JobCategory):
        problems.append(Problem("job_category", "job_category_unknown", (("value", job_category),)))
    problems += start_problems(start, current, "from_date")
    return problems


def start_problems(start: date, current: Post | None, where: str) -> list[Problem]:
    """What is wrong with a post that starts on that day, given the present one."""
    if start > today():
        return [Problem(where, "post_in_future", (("day", start.isoformat()),))]
    if current and start != current.from_date and not post_may_start(start=start, current_from=current.from_date):
        return [Problem(where, "post_before_current", (("day", current.from_date.isoformat()),))]
    return []


def place(
    row: Person, current: Post | None, unit: Unit, rank_layer: str, job_category: str, title: str, start: date
) -> None:
    """Write the post: a correction when it starts on the same day, else the old one is closed and a new one opened."""
    values = {
        "unit": unit,
        "unit_path": unit.path,
        "rank_layer": rank_layer,
        "job_category": job_category,
        "title": title,
    }
    if current is not None and start == current.from_date:
        Post.objects.filter(id=current.id).update(**values)
        return
    if current is not None:
        Post.objects.filter(id=current.id).update(to_date=start - timedelta(days=1))
    Post.objects.create(person=row, from_date=start, **values)


def deactivate_person(*, actor: Actor, person_id: UUID) -> None:
    """The person left: no sign-in, in no list; what was recorded stays. His present post ends today."""
    row = managed_person(actor, person_id)
    ResetSignIn().require(actor, row, see=SeePerson())
    with transaction.atomic():
        Person.objects.filter(id=row.id).update(active=False)
        Post.objects.filter(person=row, to_date=None).update(to_date=today())
        accounts = list(Account.objects.filter(person=row).values_list("id", flat=True))
        SignInSession.objects.filter(account_id__in=accounts).delete()
        _record(actor, "person.deactivated", row, row.unit_path)


def reactivate_person(*, actor: Actor, person_id: UUID) -> None:
    """The person is back; he needs a new post, and signs in as before."""
    row = managed_person(actor, person_id)
    ResetSignIn().require(actor, row, see=SeePerson())
    with transaction.atomic():
        Person.objects.filter(id=row.id).update(active=True)
        _record(actor, "person.reactivated", row, row.unit_path)
