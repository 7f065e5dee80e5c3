"""Who may do what with campaigns and sittings."""

from __future__ import annotations

from django.db.models import Q

from shuyang.delivery.models import (
    AccommodationRow,
    Appeal,
    Campaign,
    HelpCall,
    IntegrityFlag,
    ItemRuling,
    Sitting,
    StandardSetting,
    Survey,
    SurveyAnswer,
)
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role, within


class ManageCampaign(Policy[Campaign]):
    """Organisers of the unit."""

    def can(self, actor: Actor, row: Campaign) -> bool:
        return actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER))


class ManageAccommodation(Policy[AccommodationRow]):
    """Organisers of the person's unit."""

    def can(self, actor: Actor, row: AccommodationRow) -> bool:
        return actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER))


class TakeSitting(Policy[Sitting]):
    """Only the person himself answers."""

    def can(self, actor: Actor, row: Sitting) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class AuditSitting(Policy[Sitting]):
    """Auditors of the unit may read a whole sitting, for verification."""

    def can(self, actor: Actor, row: Sitting) -> bool:
        return actor.has(Role.AUDITOR, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if actor.system else within(actor.paths(Role.AUDITOR))


SUPERVISORS = (Role.ORGANISER, Role.INVIGILATOR)


class SuperviseSitting(Policy[Sitting | HelpCall]):
    """Organisers and invigilators of the unit may pause, extend and end a sitting and answer its calls; never their own."""

    def can(self, actor: Actor, row: Sitting | HelpCall) -> bool:
        return actor.has(*SUPERVISORS, at=row.unit_path) and not actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        reach = within(actor.paths(*SUPERVISORS))
        return reach & ~Q(person_id=actor.person_id) if actor.person_id else reach


class EnterRoom(Policy[Campaign]):
    """The live room of a campaign: supervisors of its unit, of a unit above, or of one below (who see their own people)."""

    def can(self, actor: Actor, row: Campaign) -> bool:
        reach = actor.paths(*SUPERVISORS)
        return actor.system or any(row.unit_path.startswith(path) or path.startswith(row.unit_path) for path in reach)

    def visible_to(self, actor: Actor) -> Q:
        reach = actor.paths(*SUPERVISORS)
        above = {path[: end + 1] for path in reach for end, sign in enumerate(path) if sign == "/"}
        return within(reach) | Q(unit_path__in=above)


class RuleOnItem(Policy[Campaign | ItemRuling]):
    """Organisers of the campaign's unit, and those who answer for the measurement there, take out a faulty item."""

    def can(self, actor: Actor, row: Campaign | ItemRuling) -> bool:
        return actor.has(Role.ORGANISER, Role.PSYCHOMETRICIAN, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER, Role.PSYCHOMETRICIAN))


class ManageSurvey(Policy[Survey]):
    """Organisers of the unit make, open and close questionnaires."""

    def can(self, actor: Actor, row: Survey) -> bool:
        return actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER))


class ReadSurvey(Policy[Survey]):
    """Organisers and leaders of the unit read the sums."""

    def can(self, actor: Actor, row: Survey) -> bool:
        return actor.has(Role.ORGANISER, Role.LEADER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER, Role.LEADER))


class AnswerSurvey(Policy[SurveyAnswer]):
    """A person's answers are his own; what leaves them otherwise are sums."""

    def can(self, actor: Actor, row: SurveyAnswer) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class SetStandards(Policy[StandardSetting]):
    """Cut scores hold for the whole installation: psychometricians set them, whatever unit their role is tied to."""

    def can(self, actor: Actor, row: StandardSetting) -> bool:
        return actor.has_anywhere(Role.PSYCHOMETRICIAN)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if actor.has_anywhere(Role.PSYCHOMETRICIAN) else NOTHING


class ReviewAppeal(Policy[Appeal]):
    """Organisers, psychometricians and auditors of the campaign's unit; that they were not involved is a further rule."""

    def can(self, actor: Actor, row: Appeal) -> bool:
        reviewers = (Role.ORGANISER, Role.PSYCHOMETRICIAN, Role.AUDITOR)
        return actor.has(*reviewers, at=row.unit_path) and not actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        reach = within(actor.paths(Role.ORGANISER, Role.PSYCHOMETRICIAN, Role.AUDITOR))
        return reach & ~Q(person_id=actor.person_id) if actor.person_id else reach


class ReviewIntegrity(Policy[IntegrityFlag]):
    """Organisers and psychometricians of the campaign's unit look at flags; never at their own."""

    def can(self, actor: Actor, row: IntegrityFlag) -> bool:
        reviewers = (Role.ORGANISER, Role.PSYCHOMETRICIAN)
        return actor.has(*reviewers, at=row.unit_path) and not actor.is_person(row.person_id)

    def reach(self, actor: Actor) -> Q:
        """Campaigns whose flags the actor looks at."""
        return within(actor.paths(Role.ORGANISER, Role.PSYCHOMETRICIAN))

    def visible_to(self, actor: Actor) -> Q:
        reach = self.reach(actor)
        return reach & ~Q(person_id=actor.person_id) if actor.person_id else reach


class SeeOwnFlag(Policy[IntegrityFlag]):
    """The person sees what was raised about him once someone has looked at it."""

    def can(self, actor: Actor, row: IntegrityFlag) -> bool:
        return actor.is_person(row.person_id) and row.state != "open"

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) & ~Q(state="open") if actor.person_id else NOTHING
