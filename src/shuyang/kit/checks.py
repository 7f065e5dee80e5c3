"""System checks that hold for all rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from shuyang.kit.personal import DIRECT, RESULT, SENSITIVE, about

STRONG = {DIRECT, RESULT, SENSITIVE}


@register()
def personal_data_is_declared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every concrete field of our models says whether it holds personal data."""
    problems: list[CheckMessage] = []
    for model in apps.get_models():
        if model.__module__.startswith("shuyang."):
            problems += model_problems(model)
    return problems


def model_problems(model: type[models.Model]) -> list[CheckMessage]:
    declared = {**getattr(model, "base_personal_data", {}), **getattr(model, "personal_data", {})}
    fields = {field.name for field in model._meta.concrete_fields}
    missing = sorted(fields - set(declared))
    unknown = sorted(set(getattr(model, "personal_data", {})) - fields)
    problems: list[CheckMessage] = []
    if about(model) is None and "about_person" not in vars(model) and STRONG & set(declared.values()):
        hint = "about_person = AboutPerson(path), or None with a comment where the rows are not about one person"
        text = f"{model.__name__} holds personal data but does not say how it leads to the person"
        problems.append(Error(text, hint=hint, id="kit.E003", obj=model))
    for name in missing:
        problems.append(
            Error(f"{model.__name__}.{name} does not say whether it is personal data", id="kit.E001", obj=model)
        )
    for name in unknown:
        problems.append(
            Error(f"{model.__name__}.personal_data names {name}, which is no field", id="kit.E002", obj=model)
        )
    return problems
