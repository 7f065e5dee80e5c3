"""A published unit with a weak part, organisers who draft and leaders who sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.feedback.api import publish_campaign
from shuyang.insight.api import BriefingView, Edit, Language, OptionEdit, draft
from shuyang.people.models import Unit
from shuyang.trust.api import SYSTEM, Role
from tests.cast import Member, make_member, make_unit
from tests.delivery.world import World, make_world
from tests.feedback.organisation import hire, measure


@dataclass(frozen=True)
class Office:
    """`both` is organiser and leader at once."""

    world: World
    finance: Unit
    small: Unit
    organiser: Member
    leader: Member
    both: Member


def make_office(*, weak: float = -1.2) -> Office:
    """国库科 and 支付科 of 25 people, the latter lower by `weak` logits; 档案科 of 3, which is not shown."""
    world = make_world()
    finance = world.cast.finance
    rng = np.random.default_rng(7)
    strong, low = make_unit("国库科", "F2", finance), make_unit("支付科", "F3", finance)
    small = make_unit("档案科", "F4", finance)
    for unit, count, mean in ((strong, 25, 0.3), (low, 25, 0.3 + weak), (small, 3, 0.0), (finance, 12, 0.3)):
        measure(world.campaign, hire(unit, count), rng, mean=mean)
    publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id)
    leader = make_member("P051", "林局长", finance, Role.LEADER)
    both = make_member("P052", "兼任者", finance, Role.LEADER, Role.ORGANISER)
    return Office(world, finance, small, world.cast.organiser, leader, both)


def drafted(office: Office, by: Member | None = None, language: Language = Language.CHINESE) -> BriefingView:
    actor = (by or office.organiser).actor
    return draft(actor=actor, unit_id=office.finance.id, campaign_id=None, language=language)


def as_typed(view: BriefingView) -> Edit:
    """The form as it is sent when nothing was changed."""
    content = view.content
    options = tuple(OptionEdit(o.text, o.cost, str(o.effect)) for o in content.options)
    return Edit(content.title, content.issuer, content.addressee, {p.key: p.text for p in content.paragraphs}, options)
