"""Tables of delivery, one file for each use."""

from shuyang.delivery.models.access import AccessCode, AccommodationRow, Admission
from shuyang.delivery.models.campaigns import Campaign, Invited
from shuyang.delivery.models.live import HelpCall, SittingEvent
from shuyang.delivery.models.neutralising import ItemRuling, Rescoring
from shuyang.delivery.models.sittings import Response, Sitting
from shuyang.delivery.models.survey import Survey, SurveyAnswer

__all__ = [
    "AccessCode",
    "AccommodationRow",
    "Admission",
    "Campaign",
    "HelpCall",
    "Invited",
    "ItemRuling",
    "Rescoring",
    "Response",
    "Sitting",
    "SittingEvent",
    "Survey",
    "SurveyAnswer",
]
