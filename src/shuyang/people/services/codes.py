"""One-time codes: how people get in for the first time, and again after they forgot their password."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict
from shuyang.people.contracts import IssuedCode
from shuyang.people.credentials import code_hash, name_key
from shuyang.people.models import Account, FailedSignIn, OneTimeCode, Person, SignInSession
from shuyang.people.policies import ResetSignIn, SeePerson
from shuyang.people.rules import CODE_ALPHABET, CODE_LENGTH, clean_username, printed_code
from shuyang.people.services.persons import managed_person
from shuyang.trust.api import Actor, record

VALID = timedelta(days=30)
_BATCH = 300


class PersonInactive(Conflict):
    """An inactive person gets no code."""

    code = "person_inactive"


class UsernameTaken(Conflict):
    """The user name that follows from the number belongs to another account."""

    code = "username_taken"


def accounts_of(people: Sequence[Person]) -> dict[UUID, Account]:
    """The accounts of persons, made where there is none yet (in the caller's transaction)."""
    found = {a.person_id: a for a in Account.objects.filter(person__in=[p.id for p in people]) if a.person_id}
    missing = [p for p in people if p.id not in found]
    names = [clean_username(p.number) for p in missing]
    if Account.objects.filter(username__in=names).exists():
        raise UsernameTaken("a user name is taken")
    made = [
        Account(username=name, person=p, password=make_password(None)) for name, p in zip(names, missing, strict=True)
    ]
    Account.objects.bulk_create(made)
    return found | {a.person_id: a for a in made if a.person_id}


def issue_codes(*, actor: Actor, person_ids: Iterable[UUID]) -> list[IssuedCode]:
    """New one-time codes for those of the persons who have no password yet; earlier codes of theirs stop working.

    Persons the actor may not do this for, inactive ones, and those with a password are left out. Written in
    batches of 300 persons, each with its audit entry.
    """
    ids, issued = list(person_ids), []
    for start in range(0, len(ids), _BATCH):
        rows = Person.objects.filter(ResetSignIn().visible_to(actor), id__in=ids[start : start + _BATCH], active=True)
        people = [p for p in rows.select_related("unit", "account").order_by("number") if not _has_password(p)]
        if people:
            with transaction.atomic():
                issued += _issue(people)
                record(
                    actor=actor,
                    action="codes.issued",
                    object_kind="codes",
                    object_id="",
                    details={"count": len(people)},
                    unit_path=_common_path([p.unit_path for p in people]),
                )
    return issued


def reset_sign_in(*, actor: Actor, person_id: UUID) -> IssuedCode:
    """A new code for someone who can't get in: password and sessions end, a lock is lifted.

    Raises `Forbidden` for a person who holds roles the actor is no administrator of.
    """
    row = managed_person(actor, person_id)
    ResetSignIn().require(actor, row, see=SeePerson())
    if not row.active:
        raise PersonInactive("the person is inactive")
    with transaction.atomic():
        issued = _issue([row])[0]
        Account.objects.filter(person=row).update(password=make_password(None))
        SignInSession.objects.filter(account_id__in=Account.objects.filter(person=row).values("id")).delete()
        FailedSignIn.objects.filter(key=name_key(issued.username)).delete()
        record(
            actor=actor,
            action="account.reset",
            object_kind="person",
            object_id=row.id,
            unit_path=row.unit_path,
            subject=row.id,
        )
    return issued


def entry_accounts(*, actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Accounts, made where there is none, of those active persons whose sign-in the actor may hand out.

    For codes that let a person in for an occasion. In the caller's transaction.
    """
    rows = Person.objects.filter(ResetSignIn().visible_to(actor), id__in=list(person_ids), active=True)
    return {person_id: account.id for person_id, account in accounts_of(list(rows)).items()}


def entry_account(*, person_id: UUID) -> UUID | None:
    """The account a code may let in without a password: an active person's who holds no role."""
    rows = Account.objects.filter(person_id=person_id, is_active=True, person__active=True, grants=None)
    return rows.values_list("id", flat=True).first()


def _has_password(person: Person) -> bool:
    account = getattr(person, "account", None)
    return account is not None and account.has_usable_password()


def _issue(people: Sequence[Person]) -> list[IssuedCode]:
    accounts, until, rows, issued = accounts_of(people), now() + VALID, [], []
    for person in people:
        account, code = accounts[person.id], new_code()
        rows.append(OneTimeCode(account=account, hash=code_hash(account, code), expires_at=until))
        issued.append(
            IssuedCode(
                person.id, person.number, person.name, person.unit.name, account.username, printed_code(code), until
            )
        )
    OneTimeCode.objects.filter(account__in=[a.id for a in accounts.values()]).delete()
    OneTimeCode.objects.bulk_create(rows)
    return issued


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _common_path(paths: Sequence[str]) -> str:
    """The path of the lowest unit that holds all of them."""
    first, last = min(paths).split("/"), max(paths).split("/")
    same = []
    for a, b in zip(first, last, strict=False):
        if a != b or not a:
            break
        same.append(a)
    return "".join(f"{part}/" for part in same)
