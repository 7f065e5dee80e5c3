"""The door of `delivery`."""

from shuyang.delivery.contracts import (
    CampaignProgress,
    CampaignState,
    CampaignView,
    Invitation,
    ItemPage,
    Outcome,
    Purpose,
    SittingState,
    SittingView,
)
from shuyang.delivery.engine import warm_up
from shuyang.delivery.queries import (
    audit_export,
    blueprint,
    campaign,
    campaigns,
    check_sittings,
    finished_sittings,
    invitations,
    progress,
    rebuilt_answers,
    sitting_heads,
)
from shuyang.delivery.rules import AheadOfItself, AlreadyAnswered, NothingLeft, NotOpen, ProvisionalCuts, SittingOver
from shuyang.delivery.services.answering import answer
from shuyang.delivery.services.campaigns import close_campaign, create_campaign
from shuyang.delivery.services.sittings import begin, end_all_overdue, end_by_person, page
from shuyang.delivery.simulation import drawn_item, simulate_campaign, simulate_sitting

__all__ = [
    "AheadOfItself",
    "AlreadyAnswered",
    "CampaignProgress",
    "CampaignState",
    "CampaignView",
    "Invitation",
    "ItemPage",
    "NotOpen",
    "NothingLeft",
    "Outcome",
    "ProvisionalCuts",
    "Purpose",
    "SittingOver",
    "SittingState",
    "SittingView",
    "answer",
    "audit_export",
    "begin",
    "blueprint",
    "campaign",
    "campaigns",
    "check_sittings",
    "close_campaign",
    "create_campaign",
    "drawn_item",
    "end_all_overdue",
    "end_by_person",
    "finished_sittings",
    "invitations",
    "page",
    "progress",
    "rebuilt_answers",
    "simulate_campaign",
    "simulate_sitting",
    "sitting_heads",
    "warm_up",
]
