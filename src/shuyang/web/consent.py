"""The consent that a test needs: one purpose, one version of its text, asked by page and API alike."""

from __future__ import annotations

from shuyang.kernel.errors import Forbidden, Invalid, Problem
from shuyang.trust.api import Actor, answer_consent, has_consented

PURPOSE, VERSION = "assessment", "1"


def consented(actor: Actor) -> bool:
    """Has the acting person agreed to the present text?"""
    return actor.person_id is not None and has_consented(
        person_id=actor.person_id, purpose=PURPOSE, text_version=VERSION
    )


def consent(actor: Actor) -> None:
    """Record that the acting person agrees."""
    answer_consent(actor=actor, purpose=PURPOSE, text_version=VERSION, given=True)


def require_consent(actor: Actor) -> None:
    """Raise `Forbidden` without a person, `Invalid` without his consent."""
    if actor.person_id is None:
        raise Forbidden("only a person can take a sitting")
    if not consented(actor):
        raise Invalid([Problem("consent", "consent_needed")])
