"""The cast: a small organisation with those every test needs: owner, colleague, stranger who must see nothing.

    云川市
    ├── 财政局        organiser 组织员, learner 学员, colleague 同事
    │   └── 预算科    clerk 科员
    └── 卫健委        stranger 外人 (organiser over there)

`administrator` has an account without a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.test import Client

from shuyang.people.api import JobCategory, RankLayer, actor_of
from shuyang.people.models import Account, Person, Post, RoleGrant, Unit
from shuyang.people.pinyin import name_keys
from shuyang.trust.api import Actor, Role, make_person_keys

PASSWORD = "correct-horse-42"


@dataclass(frozen=True)
class Member:
    """Someone of the cast: ids, the actor, and how to sign in (`PASSWORD`)."""

    person_id: UUID
    account_id: UUID
    username: str
    name: str

    @property
    def actor(self) -> Actor:
        return actor_of(self.account_id)

    def client(self) -> Client:
        return client_of(self.account_id)


@dataclass(frozen=True)
class Cast:
    city: Unit
    finance: Unit
    budget: Unit
    health: Unit
    organiser: Member
    learner: Member
    colleague: Member
    clerk: Member
    stranger: Member
    administrator_id: UUID

    @property
    def administrator(self) -> Actor:
        return actor_of(self.administrator_id)


def make_cast() -> Cast:
    """Write the cast to the database (about ten statements a member)."""
    city = make_unit("云川市", "C", None)
    finance, health = make_unit("财政局", "F", city), make_unit("卫健委", "H", city)
    budget = make_unit("预算科", "F1", finance)
    administrator = Account.objects.create(username="admin", password=make_password(PASSWORD))
    RoleGrant.objects.create(account=administrator, role=Role.ADMINISTRATOR, unit=None)
    return Cast(
        city,
        finance,
        budget,
        health,
        organiser=make_member("P001", "组织员", finance, Role.ORGANISER),
        learner=make_member("P002", "曾小雨", finance),
        colleague=make_member("P003", "同事", finance),
        clerk=make_member("P004", "陈𬭎", budget),
        stranger=make_member("P005", "外人", health, Role.ORGANISER),
        administrator_id=administrator.id,
    )


def make_unit(name: str, code: str, parent: Unit | None) -> Unit:
    path = (parent.path if parent else "") + f"{code.lower()}/"
    return Unit.objects.create(name=name, code=code, parent=parent, path=path)


def make_member(number: str, name: str, unit: Unit, *roles: Role, synthetic: bool = False) -> Member:
    """A person of `unit` since 2024 with a post, an account with `PASSWORD`, and roles over the unit."""
    person = Person.objects.create(
        number=number, name=name, name_pinyin=name_keys(name), unit=unit, unit_path=unit.path, synthetic=synthetic
    )
    make_person_keys([person.id])
    Post.objects.create(
        person=person,
        unit=unit,
        unit_path=unit.path,
        rank_layer=RankLayer.GENERAL,
        job_category=JobCategory.GENERAL_ADMINISTRATION,
        title="科员",
        from_date=date(2024, 1, 1),
    )
    account = Account.objects.create(username=number.lower(), person=person, password=make_password(PASSWORD))
    RoleGrant.objects.bulk_create([RoleGrant(account=account, role=role, unit=unit) for role in roles])
    return Member(person.id, account.id, account.username, name)


def client_of(account_id: UUID) -> Client:
    """A browser signed in to the account."""
    client = Client()
    session = client.session
    session["account"] = str(account_id)
    session.save()
    client.cookies["shuyang"] = session.session_key
    return client
