"""Tables of delivery, one file for each use."""

from shuyang.delivery.models.access import AccessCode, AccommodationRow, Admission
from shuyang.delivery.models.campaigns import Campaign, Invited
from shuyang.delivery.models.integrity import IntegrityFlag, IntegrityPlan
from shuyang.delivery.models.live import HelpCall, RoomPause, SittingEvent
from shuyang.delivery.models.neutralising import ItemRuling, Rescoring
from shuyang.delivery.models.paper import PaperImport, PaperSheet, Reminder
from shuyang.delivery.models.recruitment import Appeal, Candidate, PassRule, ReleaseSignature
from shuyang.delivery.models.refusals import Refusal
from shuyang.delivery.models.sittings import Response, Sitting
from shuyang.delivery.models.standards import JudgeRating, StandardSetting
from shuyang.delivery.models.survey import Survey, SurveyAnswer

__all__ = [
    "AccessCode",
    "AccommodationRow",
    "Admission",
    "Appeal",
    "Campaign",
    "Candidate",
    "HelpCall",
    "IntegrityFlag",
    "IntegrityPlan",
    "Invited",
    "ItemRuling",
    "JudgeRating",
    "PaperImport",
    "PaperSheet",
    "PassRule",
    "Refusal",
    "ReleaseSignature",
    "Reminder",
    "Rescoring",
    "Response",
    "RoomPause",
    "Sitting",
    "SittingEvent",
    "StandardSetting",
    "Survey",
    "SurveyAnswer",
]
