"""The demonstration: invented people, an open campaign, and simulated sittings made by a job; all marked as synthetic."""

from __future__ import annotations

from datetime import timedelta

from shuyang.delivery.api import CampaignDraft, Purpose, create_campaign, simulate_campaign
from shuyang.feedback.api import request_publication
from shuyang.kernel.clock import now
from shuyang.people.api import make_demo_people, open_demo_accounts, unit_tree
from shuyang.trust.api import SYSTEM

SITTINGS = 88
"""All but the first 36 of the list: two offices have no result, so that one sees what is said of those, too."""
PLANTED = {"YC04": -0.9, "YC05": 0.5}
"""True differences (in standard deviations) of two bureaus, by code: one large enough to be found, one that may be missed."""


def make_demo() -> tuple[int, str]:
    """Make the demonstration once: how many people, and the password of their accounts. Later calls make nobody: (0, "")."""
    people = make_demo_people()
    if not people:
        return 0, ""
    password = open_demo_accounts()
    lines = unit_tree(actor=SYSTEM)
    root = lines[0].unit
    draft = CampaignDraft(
        name="2026 年数字素养诊断测评（演示）",
        purpose=Purpose.DIAGNOSIS,
        unit_id=root.id,
        blueprint="diagnosis",
        opens_at=now() - timedelta(hours=1),
        closes_at=now() + timedelta(days=60),
    )
    campaign = create_campaign(actor=SYSTEM, draft=draft, synthetic=True)
    shifts = {line.unit.path: PLANTED[line.unit.code] for line in lines if line.unit.code in PLANTED}
    simulate_campaign(campaign_id=campaign.id, sittings=SITTINGS, shifts=shifts)
    request_publication(actor=SYSTEM, campaign_id=campaign.id)  # queued behind the sittings
    return people, password
