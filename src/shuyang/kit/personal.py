"""What a stored field says about a person. Every field of every model of ours carries one of these words.

A model states them in `personal_data`, a mapping field name -> word; `shuyang.kit.checks` fails where one is missing.
A model that holds anything about a person also says how its rows lead to him, in `about_person`: so everything stored
about someone can be found, shown to him and deleted, and no table is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from django.db import models
from django.db.models import Q


class Personal(StrEnum):
    NONE = "none"  # says nothing about a person
    LINK = "link"  # a key or pseudonym that leads to a person
    DIRECT = "direct"  # names or describes a person (name, number, unit)
    RESULT = "result"  # what was measured or recorded about a person (answers, scores)
    SENSITIVE = "sensitive"  # 敏感个人信息: kept encrypted (identity number, phone)


NONE, LINK, DIRECT, RESULT, SENSITIVE = Personal


def _nothing_hidden(person_id: UUID) -> Q:
    return Q(pk__in=())


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """How the rows of a table lead to a person.

    `path` is the lookup that gives the key named by `by`: the person's id, his account's id, or his pseudonym in the
    audit log. `erase`: the rows go when the person's data is deleted; else they stay without his name. `hidden` gives
    the rows that he may not see yet (a running test, a sealed result). `sealed`: the context under which a sealed
    column was encrypted, where it is not the column's own name.
    """

    path: str
    by: Literal["person", "account", "pseudonym"] = "person"
    erase: bool = False
    hidden: Callable[[UUID], Q] = _nothing_hidden
    sealed: tuple[tuple[str, str], ...] = ()


def about(model: type[models.Model]) -> AboutPerson | None:
    """What a model says of itself; one with a `person_id` that says nothing leads to the person by it."""
    stated: AboutPerson | None = getattr(model, "about_person", None)
    if stated is not None or "about_person" in vars(model):
        return stated
    has_key = any(field.attname == "person_id" for field in model._meta.concrete_fields)
    return AboutPerson("person_id") if has_key else None
