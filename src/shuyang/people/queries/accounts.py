"""Reads of accounts, roles, and all that the page of a person shows."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.people.contracts import AccountView, PersonDetail, RoleView
from shuyang.people.credentials import name_key
from shuyang.people.models import Account, FailedSignIn, OneTimeCode, Person, Post, RoleGrant
from shuyang.people.policies import ManagePerson, ManageRole, ResetSignIn
from shuyang.people.queries.persons import person_row, post_view, views
from shuyang.people.rules import masked
from shuyang.trust.api import Actor, Role, decrypt_for


def person_detail(*, actor: Actor, person_id: UUID) -> PersonDetail:
    """A person with all posts, account and roles. Account, roles and masked values only for who manages the person."""
    row = person_row(actor, person_id)
    posts = tuple(post_view(p) for p in Post.objects.filter(person=row).select_related("unit").order_by("-from_date"))
    if not ManagePerson().can(actor, row):
        return PersonDetail(views([row])[0], posts, None, (), "", "")
    account = Account.objects.filter(person=row).first()
    roles = tuple(role_view(g) for g in _grants().filter(account=account)) if account else ()
    return PersonDetail(
        views([row])[0],
        posts,
        account_view(account) if account else None,
        roles,
        identity_number=_masked(row, "identity_number", 4, 2),
        phone=_masked(row, "phone", 3, 2),
    )


def _masked(row: Person, field: str, head: int, tail: int) -> str:
    sealed = getattr(row, field)
    if not sealed:
        return ""
    try:
        return masked(decrypt_for(row.id, bytes(sealed), field=field), head=head, tail=tail)
    except NotFound:  # his key was destroyed: deleted under the law
        return ""


def account_view(row: Account) -> AccountView:
    lock = FailedSignIn.objects.filter(key=name_key(row.username), locked_until__gt=now()).first()
    code = OneTimeCode.objects.filter(account=row, used_at=None, expires_at__gt=now()).first()
    return AccountView(
        row.id,
        row.username,
        row.is_active,
        row.has_usable_password(),
        lock.locked_until if lock else None,
        code.expires_at if code else None,
        row.last_login,
    )


def own_account(*, actor: Actor) -> AccountView:
    """One's own account. Raises `NotFound` for nobody."""
    row = Account.objects.filter(id=actor.account_id).first() if actor.account_id else None
    if row is None:
        raise NotFound("no account")
    return account_view(row)


def roles(*, actor: Actor) -> tuple[RoleView, ...]:
    """The roles the actor may give and take, by unit and role."""
    rows = _grants().filter(ManageRole().visible_to(actor))
    return tuple(role_view(g) for g in rows.order_by("unit__path", "role", "account__username"))


def _grants() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.select_related("unit", "account__person")


def role_view(grant: RoleGrant) -> RoleView:
    person = grant.account.person
    return RoleView(
        grant.id,
        grant.account_id,
        grant.account.username,
        grant.account.person_id,
        person.name if person else "",
        Role(grant.role),
        grant.unit_id,
        grant.unit.name if grant.unit else "",
        grant.unit.path if grant.unit else "",
    )


def without_password(*, actor: Actor, unit_path: str = "", with_code: bool = False) -> tuple[UUID, ...]:
    """Active persons of a unit and below who never set a password and whom the actor may give a one-time code.

    Those whose code is still good are left out, unless `with_code`.
    """
    rows = Person.objects.filter(ResetSignIn().visible_to(actor), active=True, unit_path__startswith=unit_path)
    rows = rows.filter(Q(account=None) | Q(account__password__startswith=UNUSABLE_PASSWORD_PREFIX))
    if not with_code:
        good = OneTimeCode.objects.filter(used_at=None, expires_at__gt=now(), account__person__isnull=False)
        rows = rows.exclude(id__in=good.values("account__person_id"))
    return tuple(rows.order_by("number").values_list("id", flat=True))


def account_names(*, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """How to name accounts in a record of acts: the person's name, or the user name of one without a person."""
    rows = Account.objects.filter(id__in=set(account_ids)).values_list("id", "person__name", "username")
    return {id_: name or username for id_, name, username in rows}
