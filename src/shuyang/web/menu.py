"""The menu: which areas an actor sees. Hiding an entry protects nothing; each page asks its own policy."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuyang.trust.api import Actor, Role


@dataclass(frozen=True, slots=True)
class Entry:
    href: str
    label: str | Promise
    roles: tuple[Role, ...] = ()
    person: bool = False
    active: bool = False


ENTRIES = (
    Entry("/", _("Home")),
    Entry("/results/", _("My results"), person=True),
    Entry("/learn/", _("Learn"), person=True),
    Entry("/range/", _("Practice range"), person=True),
    Entry("/framework/", _("Framework")),
    Entry("/campaigns/", _("Campaigns"), roles=(Role.ORGANISER,)),
    Entry("/surveys/", _("Needs surveys"), roles=(Role.ORGANISER, Role.LEADER)),
    Entry("/standards/", _("Standard setting"), roles=(Role.PSYCHOMETRICIAN,)),
    Entry("/rooms/", _("Exam rooms"), roles=(Role.INVIGILATOR,)),
    Entry("/recruitment/appeals/", _("Appeals"), roles=(Role.ORGANISER, Role.PSYCHOMETRICIAN, Role.AUDITOR)),
    Entry("/overview/", _("Overview"), roles=(Role.ORGANISER, Role.LEADER)),
    Entry("/units/", _("Unit results"), roles=(Role.ORGANISER, Role.LEADER)),
    Entry("/briefings/", _("Briefings"), roles=(Role.ORGANISER, Role.LEADER)),
    Entry("/people/", _("People"), roles=(Role.ORGANISER, Role.ADMINISTRATOR)),
    Entry("/campaigns/designs/", _("Test designs"), roles=(Role.PSYCHOMETRICIAN, Role.ADMINISTRATOR)),
    Entry("/bank/", _("Item bank"), roles=(Role.AUTHOR, Role.REVIEWER, Role.PSYCHOMETRICIAN)),
    Entry("/audit/", _("Audit"), roles=(Role.AUDITOR, Role.ADMINISTRATOR)),
)


def menu_for(path: str, actor: Actor) -> list[Entry]:
    """Entries this actor can use, the present one marked."""
    if actor.account_id is None:
        return []
    shown = [e for e in ENTRIES if (not e.roles or actor.has_anywhere(*e.roles)) and (not e.person or actor.person_id)]
    here = max(
        (e.href for e in shown if path == e.href or (e.href != "/" and path.startswith(e.href))), key=len, default=""
    )
    return [Entry(e.href, e.label, active=e.href == here) for e in shown]
