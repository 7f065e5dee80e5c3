"""Every field of every table says whether it holds personal data, or the check fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from shuyang.kit.base import Base
from shuyang.kit.checks import model_problems, personal_data_is_declared
from shuyang.kit.personal import LINK, NONE, Personal


def _problems(model: type[models.Model]) -> list[tuple[str, str]]:
    return [(str(p.id), p.msg) for p in model_problems(model)]


def test_the_whole_product_says_so() -> None:
    assert personal_data_is_declared(None) == []
    assert not [p for p in run_checks() if p.is_serious()]


def test_every_word_used_is_one_of_ours() -> None:
    used = [
        word
        for model in apps.get_models()
        if model.__module__.startswith("shuyang.")
        for word in getattr(model, "personal_data", {}).values()
    ]
    assert len(used) > 100
    assert all(isinstance(word, Personal) for word in used)


@isolate_apps("shuyang.kit")
def test_it_finds_a_table_that_says_nothing() -> None:
    class Planted(models.Model):
        name = models.CharField(max_length=10)

        class Meta:
            app_label = "kit"

    assert _problems(Planted) == [
        ("kit.E001", "Planted.id does not say whether it is personal data"),
        ("kit.E001", "Planted.name does not say whether it is personal data"),
    ]


@isolate_apps("shuyang.kit")
def test_it_finds_a_field_that_was_forgotten() -> None:
    class Planted(Base):
        name = models.CharField(max_length=10)
        other = models.CharField(max_length=10)
        personal_data = {"other": NONE}

        class Meta:
            app_label = "kit"

    assert _problems(Planted) == [("kit.E001", "Planted.name does not say whether it is personal data")]


@isolate_apps("shuyang.kit")
def test_it_finds_a_word_about_a_field_that_is_gone() -> None:
    class Planted(Base):
        personal_data = {"name": LINK}

        class Meta:
            app_label = "kit"

    assert _problems(Planted) == [("kit.E002", "Planted.personal_data names name, which is no field")]


def test_the_check_looks_at_all_our_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check that runs with every command finds what is planted among the real tables."""
    with isolate_apps("shuyang.kit"):

        class Planted(models.Model):
            __module__ = "shuyang.planted.models"
            name = models.CharField(max_length=10)

            class Meta:
                app_label = "kit"

    known: Any = apps.get_models()
    monkeypatch.setattr(apps, "get_models", lambda *_, **__: [*known, Planted])
    found = [p.msg for p in run_checks() if p.id == "kit.E001"]
    assert "Planted.name does not say whether it is personal data" in found
