"""The shell: policy headers, language, type size, errors in words, texts complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from shuyang.kernel.errors import Problem
from shuyang.web.errors import words
from tests import messages
from tests.delivery.world import World

TEMPLATES = sorted((messages.WEB / "templates").rglob("*.html"))


def test_every_page_has_a_strict_policy(world: World, learner: Client) -> None:
    for address in ("/", "/privacy/", "/nothing/", "/sign-in/"):
        policy = learner.get(address)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy, "no other host"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_no_template_needs_an_exception_to_the_policy(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\son\w+\s*=|\sstyle\s*=|javascript:|hx-on|hx-vals=.js:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"(src|href|action)=\"(https?:)?//", text), "no other host"


def test_it_speaks_the_language_chosen(world: World, learner: Client) -> None:
    assert "当前任务" in learner.get("/").content.decode()
    back = learner.post("/language/", {"language": "en", "next": "/privacy/"})
    assert back["Location"] == "/privacy/"
    assert "Personal data" in learner.get("/privacy/").content.decode()
    assert learner.post("/language/", {"language": "xx", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_it_remembers_the_large_type(world: World, learner: Client) -> None:
    learner.post("/type/", {"type": "large"})
    assert 'data-type="large"' in learner.get("/").content.decode()


def test_it_finds_nothing_in_words(world: World, learner: Client) -> None:
    reply = learner.get("/nothing/")
    assert reply.status_code == 404
    assert "没有找到相关内容" in reply.content.decode()


def test_it_refuses_a_form_without_its_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    reply = strict.post("/sign-in/", {"username": "x", "password": "y"})
    assert reply.status_code == 403
    assert "刷新" in reply.content.decode()


def test_it_is_ready_only_with_a_release(db: None) -> None:
    assert Client().get("/ready/").status_code == 404


def test_it_has_words_for_every_code_of_a_problem() -> None:
    """Codes that rooms raise, found in their source, have words."""
    source = messages.WEB.parent
    raised = set()
    for room in ("people", "itembank", "delivery", "frameworks", "trust"):
        for path in (source / room).rglob("*.py"):
            raised |= set(re.findall(r"Problem\([^,()]+(?:\([^()]*\))?,\s*\"(\w+)\"", path.read_text("utf-8")))
    assert raised, "the pattern finds codes"
    silent = sorted(code for code in raised if words(Problem("x", code)) == code)
    assert silent == []


def test_the_chinese_catalogue_is_complete_and_compiled() -> None:
    catalogue = messages.merged()
    assert messages.missing(catalogue) == {}
    assert messages.broken(catalogue) == []
    assert messages.CATALOGUE.read_text("utf-8") == str(catalogue) + "\n", "run script/messages"
    import gettext

    with messages.CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [e.msgid for e in catalogue if not e.msgid_plural and compiled.gettext(e.msgid) != e.msgstr]
    assert stale == [], "run script/messages"
