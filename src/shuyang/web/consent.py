"""The consents that a test needs: what its notice says depends on the campaign, and each purpose is agreed to apart.

Raise a version here whenever the sentences of that purpose in `sitting/consent_text.html` change: people are asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from shuyang.delivery.api import CampaignView, announces_focus
from shuyang.kernel.errors import Forbidden, Invalid, Problem
from shuyang.trust.api import Actor, answer_consent, has_consented

ASSESSMENT, FOCUS = "assessment", "focus"
VERSIONS = {ASSESSMENT: "2", "certification": "1", "recruitment": "1", FOCUS: "1"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the notice of a campaign speaks of: its purpose, and whether leaving the page is counted."""

    purpose: str = ASSESSMENT
    focus: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """The purposes to agree to."""
        return (self.purpose, FOCUS) if self.focus else (self.purpose,)

    @property
    def key(self) -> str:
        """Names the text that was shown, so that no one agrees to another than he read."""
        return " ".join(f"{purpose}-{VERSIONS[purpose]}" for purpose in self.asked)


def terms_of(campaign: CampaignView) -> Terms:
    """The terms of a campaign. Only certification and recruitment have a notice of their own."""
    purpose = campaign.purpose.value if campaign.purpose.value in VERSIONS else ASSESSMENT
    return Terms(purpose, announces_focus(campaign.id))


def consented(actor: Actor, terms: Terms) -> bool:
    """Has the acting person agreed to the present text of everything that these terms ask?"""
    return actor.person_id is not None and not _missing(actor, terms)


def consent(actor: Actor, terms: Terms) -> None:
    """Record that the acting person agrees, where he has not yet."""
    for purpose in _missing(actor, terms):
        answer_consent(actor=actor, purpose=purpose, text_version=VERSIONS[purpose], given=True)


def _missing(actor: Actor, terms: Terms) -> list[str]:
    if actor.person_id is None:
        return list(terms.asked)
    person = actor.person_id
    return [p for p in terms.asked if not has_consented(person_id=person, purpose=p, text_version=VERSIONS[p])]


def require_consent(actor: Actor, terms: Terms) -> None:
    """Raise `Forbidden` without a person, `Invalid` without his consent."""
    if actor.person_id is None:
        raise Forbidden("only a person can take a sitting")
    if not consented(actor, terms):
        raise Invalid([Problem("consent", "consent_needed")])
