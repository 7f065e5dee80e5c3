"""The pages of signing in and of one's account."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import PASSWORD, Cast, make_cast

from shuyang.people import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_it_asks_who_is_not_signed_in_to_sign_in_and_brings_him_back(cast: Cast) -> None:
    client = Client()
    answer = client.get("/account/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F"
    answer = client.post("/sign-in/", {"username": "p002", "secret": PASSWORD, "next": "/account/"})
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_host(cast: Cast, target: str) -> None:
    answer = Client().post("/sign-in/", {"username": "p002", "secret": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_it_keeps_the_name_typed_and_says_why_not(cast: Cast) -> None:
    answer = Client().post("/sign-in/", {"username": "p002", "secret": "wrong"})
    assert answer.status_code == 422
    assert 'value="p002"' in answer.content.decode()
    assert "wrong" not in answer.content.decode()


def test_it_says_how_long_a_lock_lasts(cast: Cast) -> None:
    for _ in range(5):
        Client().post("/sign-in/", {"username": "p002", "secret": "wrong"})
    answer = Client().post("/sign-in/", {"username": "p002", "secret": PASSWORD})
    assert answer.status_code == 429
    assert "15" in answer.content.decode()


def test_it_leads_from_a_code_over_the_password_to_the_page_asked_for(cast: Cast) -> None:
    issued = api.reset_sign_in(actor=cast.organiser.actor, person_id=cast.learner.person_id)
    client = Client()
    answer = client.post("/sign-in/", {"username": issued.username, "secret": issued.code, "next": "/account/"})
    assert answer["Location"] == "/set-password/"
    assert client.get("/account/")["Location"] == "/set-password/", "signed in to nothing before the password is set"
    weak = client.post("/set-password/", {"password": "short", "again": "short"})
    assert weak.status_code == 422
    unlike = client.post("/set-password/", {"password": "a-longer-secret-7", "again": "a-longer-secret-8"})
    assert unlike.status_code == 422
    done = client.post("/set-password/", {"password": "a-longer-secret-7", "again": "a-longer-secret-7"})
    assert done["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert Client().get("/set-password/")["Location"] == "/sign-in/"


def test_it_changes_the_password_and_stays_signed_in_here_alone(cast: Cast) -> None:
    here, there = cast.learner.client(), cast.learner.client()
    wrong = here.post("/account/", {"current": "no", "password": "a-longer-secret-7", "again": "a-longer-secret-7"})
    assert wrong.status_code == 422
    done = here.post("/account/", {"current": PASSWORD, "password": "a-longer-secret-7", "again": "a-longer-secret-7"})
    assert done.status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_it_ends_one_sign_in_or_all(cast: Cast) -> None:
    here, there = cast.learner.client(), cast.learner.client()
    keys = [
        s.key for s in api.sessions_of(actor=cast.learner.actor, current_key=here.session.session_key) if not s.current
    ]
    assert here.post(f"/account/sessions/{keys[0]}/").status_code == 302
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    third = cast.learner.client()
    here.post("/account/everywhere/")
    assert third.get("/account/").status_code == 302


def test_it_signs_out(cast: Cast) -> None:
    client = cast.learner.client()
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302


def test_it_sends_a_fragment_that_needs_sign_in_to_the_whole_page(cast: Cast) -> None:
    answer = Client().get("/account/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in/"


def test_it_refuses_a_form_without_its_token(cast: Cast) -> None:
    assert (
        Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "p002", "secret": PASSWORD}).status_code == 403
    )
