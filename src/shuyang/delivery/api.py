"""The door of `delivery`."""

from shuyang.delivery.campaign_contracts import (
    Accommodation,
    AccommodationView,
    Audience,
    AudienceKind,
    AudiencePreview,
    CampaignFilter,
    Frame,
    Showing,
    ShownWhen,
)
from shuyang.delivery.campaign_queries import (
    blueprint,
    campaign,
    campaign_page,
    campaigns,
    invitations,
    posttests_of,
    pretests,
    progress,
    progress_of,
)
from shuyang.delivery.campaign_rules import CodeNeeded, NoAttemptLeft, TooManyCodes, TooSoon
from shuyang.delivery.contracts import (
    CampaignPage,
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
from shuyang.delivery.entry import accommodation_of
from shuyang.delivery.queries import audit_export, check_sittings, finished_sittings, rebuilt_answers, sitting_heads
from shuyang.delivery.rules import AheadOfItself, AlreadyAnswered, NothingLeft, NotOpen, ProvisionalCuts, SittingOver
from shuyang.delivery.services.answering import answer
from shuyang.delivery.services.audience import preview_audience
from shuyang.delivery.services.campaigns import close_campaign, create_campaign, prolong_campaign
from shuyang.delivery.services.releasing import NotSealed, release_results
from shuyang.delivery.services.sittings import begin, end_all_overdue, end_by_person, page
from shuyang.delivery.simulation import drawn_item, simulate_campaign, simulate_sitting

__all__ = [
    "Accommodation",
    "AccommodationView",
    "AheadOfItself",
    "AlreadyAnswered",
    "Audience",
    "AudienceKind",
    "AudiencePreview",
    "CampaignFilter",
    "CampaignPage",
    "CampaignProgress",
    "CampaignState",
    "CampaignView",
    "CodeNeeded",
    "Frame",
    "Invitation",
    "ItemPage",
    "NoAttemptLeft",
    "NotOpen",
    "NotSealed",
    "NothingLeft",
    "Outcome",
    "ProvisionalCuts",
    "Purpose",
    "Showing",
    "ShownWhen",
    "SittingOver",
    "SittingState",
    "SittingView",
    "TooManyCodes",
    "TooSoon",
    "accommodation_of",
    "answer",
    "audit_export",
    "begin",
    "blueprint",
    "campaign",
    "campaign_page",
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
    "posttests_of",
    "pretests",
    "preview_audience",
    "progress",
    "progress_of",
    "prolong_campaign",
    "rebuilt_answers",
    "release_results",
    "simulate_campaign",
    "simulate_sitting",
    "sitting_heads",
    "warm_up",
]
