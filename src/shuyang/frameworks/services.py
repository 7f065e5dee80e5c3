"""Writes: load a framework."""

from __future__ import annotations

from django.db import transaction

from shuyang.frameworks.contracts import Framework, FrameworkView
from shuyang.frameworks.models import FrameworkVersion
from shuyang.frameworks.policies import LoadFramework
from shuyang.frameworks.rules import builtins, framework_hash, problems_of
from shuyang.kernel.canonical import canonical_json
from shuyang.kernel.errors import Forbidden, Invalid
from shuyang.trust.api import Actor, record


def load_framework(*, actor: Actor, framework: Framework) -> FrameworkView:
    """Make this framework the current one; the same content again changes nothing.

    Raises `Invalid` with every inconsistency, `Forbidden` for an actor who may not load.
    """
    if not LoadFramework().can(actor, None):
        raise Forbidden("loading a framework is for administrators")
    problems = problems_of(framework)
    if problems:
        raise Invalid(problems)
    address = framework_hash(framework)
    with transaction.atomic():
        new = _make_current(framework, address)
        if new:
            record(
                actor=actor,
                action="framework.loaded",
                object_kind="framework",
                object_id=address,
                details={"key": framework.key, "version": framework.version},
            )
    return FrameworkView(framework.key, framework.version, address, new)


def _make_current(framework: Framework, address: str) -> bool:
    if FrameworkVersion.objects.filter(hash=address, current=True).exists():
        return False
    FrameworkVersion.objects.filter(current=True).update(current=False)
    body = canonical_json(builtins(framework)).decode()
    FrameworkVersion.objects.get_or_create(
        hash=address, defaults={"key": framework.key, "version": framework.version, "body": body}
    )
    FrameworkVersion.objects.filter(hash=address).update(current=True)
    return True
