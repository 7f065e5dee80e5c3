"""Signing in: codes, passwords, locks, and what can't be learnt by trying."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from tests.cast import PASSWORD, Cast, make_cast

from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Closed, Forbidden, Invalid, NotFound
from shuyang.people import api
from shuyang.people.hashers import TunedArgon2
from shuyang.people.models import Account, OneTimeCode, SignInSession
from shuyang.people.services import signing
from shuyang.people.sessions import SessionStore, start
from shuyang.trust.api import NOBODY, SYSTEM, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _in(username: str, secret: str, address: str = "10.0.0.1") -> api.SignedIn:
    return api.sign_in(username=username, secret=secret, address=address)


def test_it_signs_in_with_a_password_however_the_name_is_typed(cast: Cast) -> None:
    assert _in("Ｐ００２ ", PASSWORD) == api.SignedIn(cast.learner.account_id, must_set_password=False)


def test_it_gives_the_first_password_for_a_code_that_is_then_spent(cast: Cast) -> None:
    issued = api.reset_sign_in(actor=cast.organiser.actor, person_id=cast.learner.person_id)
    assert _in(issued.username, issued.code.lower()).must_set_password
    assert _in(issued.username, issued.code.replace("-", "")).must_set_password, "good until the password is set"
    api.set_first_password(account_id=cast.learner.account_id, password="a-longer-secret-7")
    assert not _in(issued.username, "a-longer-secret-7").must_set_password
    with pytest.raises(api.WrongSignIn):
        _in(issued.username, issued.code)
    with pytest.raises(Closed):
        api.set_first_password(account_id=cast.learner.account_id, password="another-secret-8")


def test_it_keeps_no_code_in_readable_form_and_lets_it_expire(cast: Cast) -> None:
    with frozen(datetime(2026, 11, 22, 1, tzinfo=UTC)) as advance:
        issued = api.reset_sign_in(actor=cast.organiser.actor, person_id=cast.learner.person_id)
        stored = OneTimeCode.objects.get(account_id=cast.learner.account_id).hash
        assert issued.code.replace("-", "") not in stored
        advance(timedelta(days=31))
        with pytest.raises(api.WrongSignIn):
            _in(issued.username, issued.code)


def test_it_says_the_same_for_an_unknown_name_a_wrong_secret_and_an_inactive_person(cast: Cast) -> None:
    api.deactivate_person(actor=cast.organiser.actor, person_id=cast.colleague.person_id)
    said = []
    for name, secret in (("nobody", PASSWORD), ("p002", "wrong"), ("p003", PASSWORD)):
        with pytest.raises(api.WrongSignIn) as caught:
            _in(name, secret)
        said.append((caught.value.code, caught.value.problems))
    assert len(set(said)) == 1


@pytest.mark.parametrize("name", ["p002", "nobody"])
def test_it_locks_a_name_after_five_failures_whether_it_exists_or_not(cast: Cast, name: str) -> None:
    with frozen(datetime(2026, 11, 22, 1, tzinfo=UTC)) as advance:
        for _ in range(signing.NAME_LIMIT):
            with pytest.raises(api.WrongSignIn):
                _in(name, "wrong")
        with pytest.raises(api.TooManySignIns) as caught:
            _in(name, PASSWORD)
        assert caught.value.data["minutes"] == 15
        advance(timedelta(minutes=16))
        with pytest.raises(api.WrongSignIn):
            _in(name, "wrong")


def test_it_locks_an_address_that_tries_many_names(cast: Cast) -> None:
    for i in range(signing.ADDRESS_LIMIT):
        with pytest.raises(api.WrongSignIn):
            _in(f"name{i}", "wrong", "10.9.9.9")
    with pytest.raises(api.TooManySignIns):
        _in("p002", PASSWORD, "10.9.9.9")
    assert _in("p002", PASSWORD, "10.0.0.2"), "others are not locked out"


@pytest.mark.parametrize("weak", ["short1", "1234567890123", "password123", "P002"])
def test_it_refuses_a_weak_password_with_reasons(cast: Cast, weak: str) -> None:
    with pytest.raises(Invalid) as caught:
        api.change_password(actor=cast.learner.actor, current=PASSWORD, password=weak)
    assert caught.value.problems
    assert {p.where for p in caught.value.problems} == {"password"}
    assert _in("p002", PASSWORD)


def test_it_ends_all_sessions_when_the_password_changes_or_one_signs_out_everywhere(cast: Cast) -> None:
    cast.learner.client(), cast.learner.client()
    other = cast.colleague.client()
    assert len(api.sessions_of(actor=cast.learner.actor, current_key=None)) == 2
    api.change_password(actor=cast.learner.actor, current=PASSWORD, password="a-longer-secret-7")
    assert not SignInSession.objects.filter(account_id=cast.learner.account_id).exists()
    cast.learner.client()
    assert api.sign_out_everywhere(actor=cast.learner.actor) == 1
    assert SignInSession.objects.filter(account_id=cast.colleague.account_id).exists()
    assert other


def test_it_ends_one_session_of_ones_own_and_none_of_others(cast: Cast) -> None:
    cast.learner.client()
    key = api.sessions_of(actor=cast.learner.actor, current_key=None)[0].key
    with pytest.raises(NotFound):
        api.end_session(actor=cast.colleague.actor, key=key)
    api.end_session(actor=cast.learner.actor, key=key)
    assert api.sessions_of(actor=cast.learner.actor, current_key=None) == ()


def test_it_takes_a_new_session_key_at_sign_in_and_is_not_signed_in_while_a_password_is_due(cast: Cast) -> None:
    session = SessionStore()
    session["language"] = "en"
    session.save()
    before = session.session_key
    start(session, cast.learner.account_id, must_set_password=True)
    assert session.session_key != before
    assert session["language"] == "en"
    assert api.signed_in_account(session) is None
    assert api.pending_account(session) == cast.learner.account_id
    start(session, cast.learner.account_id, must_set_password=False)
    assert api.signed_in_account(session) == cast.learner.account_id
    assert api.pending_account(session) is None


def test_it_lets_no_organiser_reset_someone_who_holds_roles(cast: Cast) -> None:
    api.grant_role(
        actor=cast.administrator, person_id=cast.learner.person_id, role=Role.ADMINISTRATOR, unit_id=cast.finance.id
    )
    with pytest.raises(Forbidden):
        api.reset_sign_in(actor=cast.organiser.actor, person_id=cast.learner.person_id)
    assert api.issue_codes(actor=cast.organiser.actor, person_ids=[cast.learner.person_id]) == []
    assert api.reset_sign_in(actor=cast.administrator, person_id=cast.learner.person_id).code


def test_it_hides_people_of_other_units_from_a_reset(cast: Cast) -> None:
    with pytest.raises(NotFound):
        api.reset_sign_in(actor=cast.stranger.actor, person_id=cast.learner.person_id)


def test_it_issues_codes_only_to_those_without_a_password(cast: Cast) -> None:
    new = api.add_person(actor=cast.organiser.actor, number="0007", name="新人", unit_id=cast.budget.id)
    issued = api.issue_codes(
        actor=cast.organiser.actor, person_ids=[new.id, cast.learner.person_id, cast.stranger.person_id]
    )
    assert [(i.number, i.username) for i in issued] == [("0007", "0007")]


def test_it_knows_nobody_behind_a_forged_or_ended_account(cast: Cast) -> None:
    Account.objects.filter(id=cast.learner.account_id).update(is_active=False)
    assert api.actor_of(cast.learner.account_id) == api.actor_of("no-uuid") == api.actor_of(None) == NOBODY


def test_it_reads_the_actor_in_one_statement_for_a_learner(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert cast.learner.actor.unit_path == cast.finance.path
    with django_assert_num_queries(2):
        assert cast.organiser.actor.has(Role.ORGANISER, at=cast.budget.path)


def test_it_makes_one_administrator_with_a_password_printed_once() -> None:
    password = api.create_administrator()
    account = Account.objects.get(username="admin")
    assert check_password(password, account.password)
    assert api.has_administrator()
    assert api.actor_of(account.id).has(Role.ADMINISTRATOR, at="any/")
    with pytest.raises(Invalid):
        api.create_administrator()


def test_it_makes_demonstration_people_once_and_marks_them() -> None:
    made = api.make_demo_people()
    assert 110 <= made <= 140
    assert api.make_demo_people() == 0
    page = api.people_in(actor=SYSTEM, size=200)
    assert page.total == made
    assert all(p.synthetic and p.post for p in page.people)
    assert {p.post.rank_layer for p in page.people if p.post} == set(api.RankLayer)
    assert {p.post.job_category for p in page.people if p.post} == set(api.JobCategory)
    assert max(line.level for line in api.unit_tree(actor=SYSTEM)) == 2
    assert [p.name for p in api.search(actor=SYSTEM, text="𫖯")] == ["李𫖯"]


def test_it_hashes_passwords_with_tuned_argon2() -> None:
    encoded = TunedArgon2().encode("secret", "saltsaltsalt")
    assert encoded.startswith("argon2$argon2id$")
    assert "m=19456,t=2,p=1" in encoded


def test_it_forgets_sessions_and_failures_that_ran_out(cast: Cast) -> None:
    with frozen(datetime(2026, 11, 22, 1, tzinfo=UTC)) as advance:
        with pytest.raises(api.WrongSignIn):
            _in("p002", "wrong")
        SignInSession.objects.create(session_key="old", session_data="", expire_date=datetime(2026, 11, 21, tzinfo=UTC))
        assert signing.forget_expired() == 1
        advance(timedelta(days=2))
        assert signing.forget_expired() == 2
