"""Delete a person's data: what names him goes, his key is destroyed, what was measured stays without his name."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuyang.kernel.clock import today
from shuyang.kernel.errors import NotFound
from shuyang.people.models import Account, DataRequest, Person, Post
from shuyang.people.policies import ResetSignIn, SeePerson
from shuyang.trust.api import Actor, destroy_person_key, erase_rows, record


def erase_person(*, actor: Actor, person_id: UUID) -> None:
    """Delete what is stored about a person, for good; in the transaction of the decision.

    Gone: name, number, identity number, phone, titles, user name, password, sessions, roles, notes, and whatever the
    tables of other rooms give up (`AboutPerson.erase`). Sealed fields and the pseudonym in the audit log can't be read
    or linked any more, because the person's key is destroyed. Results stay as figures of nobody. Raises `NotFound`,
    `Forbidden` for someone who may do more than the actor.
    """
    with transaction.atomic():
        row = Person.objects.select_for_update().filter(id=person_id).first()
        if row is None:
            raise NotFound("no such person")
        ResetSignIn().require(actor, row, see=SeePerson())
        # while the key still exists: afterwards the entry could not be tied to the earlier ones
        record(
            actor=actor,
            action="person.erased",
            object_kind="person",
            object_id=row.id,
            unit_path=row.unit_path,
            subject=row.id,
        )
        accounts = list(Account.objects.filter(person=row).values_list("id", flat=True))
        erase_rows(person_id=row.id, account_ids=accounts)
        for account_id in accounts:
            Account.objects.filter(id=account_id).update(
                username=f"deleted-{account_id.hex[-12:]}",
                password=make_password(None),
                is_active=False,
                last_login=None,
            )
        _forget(row)
        destroy_person_key(row.id)


def _forget(row: Person) -> None:
    Person.objects.filter(id=row.id).update(
        number=f"deleted-{row.id.hex[-16:]}",
        name="（已删除）",
        name_pinyin="",
        identity_number=None,
        identity_index="",
        phone=None,
        phone_index="",
        active=False,
    )
    Post.objects.filter(person=row).update(title="")
    Post.objects.filter(person=row, to_date=None).update(to_date=today())
    DataRequest.objects.filter(person=row).update(text="", answer="")
