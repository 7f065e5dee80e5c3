"""Rule on a faulty item, and bring every sitting of the campaign in line with the ruling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery.contracts import SittingState
from shuyang.delivery.live.rules import checked_reason
from shuyang.delivery.models import Campaign, ItemRuling, Rescoring, Response, Sitting
from shuyang.delivery.neutralising.rescoring import rescore
from shuyang.delivery.neutralising.rules import AlreadyRuled, Change, RulingKind, outcome
from shuyang.delivery.neutralising.state import neutralised_in
from shuyang.delivery.policies import RuleOnItem
from shuyang.itembank.api import Release, ReleaseItem, release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.kit.api import Progress, enqueue, job
from shuyang.people.api import actor_of
from shuyang.trust.api import SYSTEM, Actor, record

BATCH = 200


def rule_on_item(
    *, actor: Actor, campaign_id: UUID, item_key: str, kind: RulingKind, reason: str, everywhere: bool = False
) -> list[UUID]:
    """Neutralise an item of a campaign, or let it count again; sittings follow by a job. Returns the rulings' ids.

    `everywhere`: in every campaign on the same release that the actor may rule on. Raises `NotFound`; `Invalid` for an
    item that the release does not hold or a missing reason; `AlreadyRuled` where nothing would change.
    """
    said = checked_reason(reason)
    campaign = ruled_campaign(actor, campaign_id)
    index, item = item_named(release(hash=campaign.release_hash), item_key)
    same = Campaign.objects.filter(RuleOnItem().visible_to(actor), release_hash=campaign.release_hash)
    chosen = list(same.order_by("id")) if everywhere else [campaign]
    wanted = kind == RulingKind.NEUTRALISED
    with transaction.atomic():
        open_ones = [one for one in chosen if (index in neutralised_in(one.id)) != wanted]
        if not open_ones:
            raise AlreadyRuled("nothing would change")
        return [_rule(actor, one, index, item, kind, said) for one in open_ones]


def ruled_campaign(actor: Actor, campaign_id: UUID) -> Campaign:
    row = Campaign.objects.filter(RuleOnItem().visible_to(actor), id=campaign_id).first()
    if row is None:
        raise NotFound("no such campaign")
    return row


def item_named(found: Release, key: str) -> tuple[int, ReleaseItem]:
    """An item of a release by its key in the bank, with its index. Raises `Invalid`."""
    wanted = key.strip().upper()
    for index, item in enumerate(found.items):
        if item.key.upper() == wanted:
            return index, item
    raise Invalid([Problem("item", "item_not_in_release" if wanted else "required", (("key", key.strip()),))])


def _rule(actor: Actor, campaign: Campaign, index: int, item: ReleaseItem, kind: RulingKind, reason: str) -> UUID:
    row = ItemRuling.objects.create(
        campaign=campaign, unit_path=campaign.unit_path, item_index=index, item_version_id=item.version_id, kind=kind,
        reason=reason, account_id=actor.account_id, at=now(),
    )  # fmt: skip
    record(
        actor=actor, action=f"item.{kind}", object_kind="campaign", object_id=campaign.id,
        unit_path=campaign.unit_path, details={"item": item.id, "ruling": str(row.id)},
    )  # fmt: skip
    arguments = {"ruling_id": str(row.id), "account_id": str(actor.account_id or "")}
    enqueue(name="delivery.apply_ruling", arguments=arguments, owner_id=actor.account_id)
    return row.id


@job("delivery.apply_ruling", attempts=3)
def apply_ruling(progress: Progress, *, ruling_id: str, account_id: str) -> dict[str, Any]:
    """Running sittings go on without (or again with) the item; finished ones are scored anew. Safe to repeat."""
    ruling = ItemRuling.objects.select_related("campaign").get(id=ruling_id)
    actor = actor_of(account_id) if account_id else SYSTEM
    running = _tell_running(ruling.campaign_id)
    met = Response.objects.filter(sitting__campaign_id=ruling.campaign_id, item_index=ruling.item_index)
    ids = list(met.order_by("sitting_id").values_list("sitting_id", flat=True).distinct())
    for number, sitting_id in enumerate(ids):
        rescore(actor=actor, sitting_id=sitting_id, cause="ruling", cause_id=ruling.id, reason=ruling.reason)
        progress.step(number + 1, len(ids))
    done = Rescoring.objects.filter(cause_id=ruling.id).order_by("id").values_list("change", "levels_changed")
    ruling.outcome = outcome([Change(tuple(points), levels) for points, levels in done], running=running)
    with transaction.atomic():
        ruling.save(update_fields=["outcome"])
        record(
            actor=actor, action="item.ruling_applied", object_kind="campaign", object_id=ruling.campaign_id,
            unit_path=ruling.unit_path, details={"ruling": str(ruling.id), **ruling.outcome},
        )  # fmt: skip
    return ruling.outcome


def _tell_running(campaign_id: UUID) -> int:
    """Write the items that don't count into the running sittings' caches, some hundred at a time. Returns how many."""
    wanted = sorted(neutralised_in(campaign_id))
    running = Sitting.objects.filter(campaign_id=campaign_id, state=SittingState.RUNNING)
    ids = list(running.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        running.filter(id__in=ids[start : start + BATCH]).update(neutralised=wanted)
    return len(ids)
