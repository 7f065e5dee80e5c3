"""Who may do what with a briefing: organisers of the unit draft, leaders of the unit sign, nobody signs what he wrote himself."""

from __future__ import annotations

from django.db.models import Q

from shuyang.insight.contracts import BriefingState
from shuyang.insight.models import Briefing
from shuyang.trust.api import NOTHING, Actor, Policy, Role, within

SHOWN = (BriefingState.SUBMITTED, BriefingState.ISSUED, BriefingState.WITHDRAWN)


class ReadBriefing(Policy[Briefing]):
    """Organisers of the unit read everything, its leaders all but drafts that have not been submitted."""

    def can(self, actor: Actor, row: Briefing) -> bool:
        shown = row.state in SHOWN and actor.has(Role.LEADER, at=row.unit_path)
        return shown or actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        shown = within(actor.paths(Role.LEADER)) & Q(state__in=SHOWN)
        return shown | within(actor.paths(Role.ORGANISER))


class DraftBriefing(Policy[Briefing]):
    """Organisers of the unit: make, edit, submit and discard drafts."""

    def can(self, actor: Actor, row: Briefing) -> bool:
        return actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER))


class SignBriefing(Policy[Briefing]):
    """A leader of the unit who is a person (issues are signed by name), and neither drafted nor edited it."""

    def can(self, actor: Actor, row: Briefing) -> bool:
        written = actor.account_id in (row.drafted_by, row.edited_by)
        return actor.person_id is not None and not written and actor.has(Role.LEADER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        if actor.person_id is None or actor.account_id is None:
            return NOTHING
        return within(actor.paths(Role.LEADER)) & ~Q(drafted_by=actor.account_id) & ~Q(edited_by=actor.account_id)


class WithdrawBriefing(Policy[Briefing]):
    """Any leader of the unit who is a person, also who drafted it: a mistake should be taken back at once."""

    def can(self, actor: Actor, row: Briefing) -> bool:
        return actor.person_id is not None and actor.has(Role.LEADER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.LEADER)) if actor.person_id else NOTHING
