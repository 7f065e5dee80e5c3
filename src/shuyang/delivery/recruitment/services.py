"""Choose the rule, release by two, appeal and decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.delivery.contracts import Purpose, SittingState
from shuyang.delivery.models import Appeal, Campaign, PassRule, ReleaseSignature, Sitting
from shuyang.delivery.neutralising.rescoring import rescore
from shuyang.delivery.policies import ManageCampaign, ReviewAppeal, TakeSitting
from shuyang.delivery.recruitment.contracts import AppealState, RuleRisk
from shuyang.delivery.recruitment.rules import (
    AppealMade,
    Involved,
    NotReleasable,
    RuleStands,
    SamePerson,
    checked_rule,
    checked_words,
    rule_risk,
    thresholds,
)
from shuyang.delivery.services.releasing import open_seal
from shuyang.evidence.api import NewEstimate, estimate
from shuyang.itembank.api import release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import SYSTEM, Actor, record


def recruitment_row(actor: Actor, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """A recruitment campaign the actor manages. Raises `NotFound`."""
    rows = Campaign.objects.select_for_update() if lock else Campaign.objects
    row = rows.filter(ManageCampaign().visible_to(actor), id=campaign_id, purpose=Purpose.RECRUITMENT).first()
    if row is None:
        raise NotFound("no such recruitment")
    return row


def estimates_of_campaign(campaign_id: UUID) -> list[tuple[Sitting, NewEstimate]]:
    """The finished sittings that count (each person's last) with their scores, for sums and decisions inside the room."""
    rows = Sitting.objects.filter(campaign_id=campaign_id, state=SittingState.FINISHED, estimate_id__isnull=False)
    last = {row.person_id: row for row in rows.order_by("attempt")}
    return [
        (row, estimate(actor=SYSTEM, estimate_id=row.estimate_id).estimate)
        for row in last.values() if row.estimate_id is not None
    ]  # fmt: skip


def risk_of_rule(*, actor: Actor, campaign_id: UUID, level: int | None, forces: Sequence[str]) -> RuleRisk:
    """What a rule would risk, before it is chosen. Raises `NotFound`, `Invalid`, `TooFew`."""
    return _risk(recruitment_row(actor, campaign_id), level, forces)[2]


def _risk(campaign: Campaign, level: int | None, forces: Sequence[str]) -> tuple[int, tuple[str, ...], RuleRisk]:
    found = release(hash=campaign.release_hash)
    chosen, names = checked_rule(level, forces, found.forces)
    wanted = thresholds(chosen, names, found.forces, found.cuts)
    return chosen, names, rule_risk([e for _, e in estimates_of_campaign(campaign.id)], wanted)


def choose_rule(*, actor: Actor, campaign_id: UUID, level: int | None, forces: Sequence[str]) -> None:
    """Choose who passes, with the risk on record; it stands. Raises `NotFound`, `Invalid`, `TooFew`, `RuleStands`."""
    with transaction.atomic():
        campaign = recruitment_row(actor, campaign_id, lock=True)
        if PassRule.objects.filter(campaign=campaign).exists():
            raise RuleStands("the rule was chosen")
        chosen, names, risk = _risk(campaign, level, forces)
        PassRule.objects.create(
            campaign=campaign, level=chosen, forces=list(names), risk=asdict(risk), at=now(),
            standard_setting=release(hash=campaign.release_hash).body.get("standard_setting", ""),
            account_id=actor.account_id,
        )  # fmt: skip
        _recorded(campaign, actor, "recruitment.rule", level=chosen, forces=list(names))


def sign_release(*, actor: Actor, campaign_id: UUID) -> bool:
    """Put the actor's name to the release; with the second one's the results open. Returns whether they are open.

    Raises `NotFound`, `NotReleasable`, `SamePerson` for a second signature of one person or for an account without one.
    """
    with transaction.atomic():
        campaign = recruitment_row(actor, campaign_id, lock=True)
        if campaign.released_at is not None:
            return True
        if actor.person_id is None or actor.account_id is None:
            raise SamePerson("only persons release results")
        if not PassRule.objects.filter(campaign=campaign).exists():
            raise NotReleasable("no rule was chosen", missing="rule")
        if now() < campaign.closes_at or _running(campaign):
            raise NotReleasable("people are still at it", missing="end")
        try:
            with transaction.atomic():
                ReleaseSignature.objects.create(
                    campaign=campaign, account_id=actor.account_id, person_id=actor.person_id, at=now()
                )
        except IntegrityError as error:
            raise SamePerson("this person has signed") from error
        _recorded(campaign, actor, "recruitment.signed")
        if ReleaseSignature.objects.filter(campaign=campaign).count() < 2:
            return False
        open_seal(campaign, actor=actor)
        return True


def _running(campaign: Campaign) -> bool:
    return Sitting.objects.filter(campaign=campaign, state=SittingState.RUNNING).exists()


def appeal(*, actor: Actor, sitting_id: UUID, reason: str) -> None:
    """Appeal against one's own released result, once. Raises `NotFound`, `Invalid`, `AppealMade`."""
    said = checked_words("reason", reason)
    row = Sitting.objects.filter(
        TakeSitting().visible_to(actor), id=sitting_id, state=SittingState.FINISHED,
        campaign__released_at__isnull=False,
    ).select_related("campaign").first()  # fmt: skip
    if row is None:
        raise NotFound("no such released result")
    try:
        with transaction.atomic():
            Appeal.objects.create(
                sitting=row, campaign=row.campaign, unit_path=row.campaign.unit_path, person_id=row.person_id,
                reason=said, at=now(),
            )  # fmt: skip
            _recorded(row.campaign, actor, "appeal.made", subject=row.person_id, sitting=str(row.id))
    except IntegrityError as error:
        raise AppealMade("there is an appeal") from error


def decide_appeal(*, actor: Actor, appeal_id: UUID, upheld: bool, words: str) -> None:
    """Decide an appeal in words, as a person not involved. Upheld: the sitting is scored anew by the rulings in force.

    Raises `NotFound`, `Invalid`, `AppealMade` once decided, `Involved`.
    """
    said = checked_words("words", words)
    with transaction.atomic():
        row = Appeal.objects.select_for_update().filter(ReviewAppeal().visible_to(actor), id=appeal_id).first()
        if row is None:
            raise NotFound("no such appeal")
        if row.state != AppealState.OPEN:
            raise AppealMade("it was decided")
        if actor.account_id is None or actor.account_id in hands_in(row.campaign):
            raise Involved("a hand in the campaign")
        if upheld:
            moved = rescore(actor=actor, sitting_id=row.sitting_id, cause="appeal", cause_id=row.id, reason=said[:300])
            row.rescored = moved is not None
        row.state = AppealState.UPHELD if upheld else AppealState.REFUSED
        row.words, row.decided_by, row.decided_at = said, actor.account_id, now()
        row.save(update_fields=["state", "words", "decided_by", "decided_at", "rescored"])
        _recorded(row.campaign, actor, f"appeal.{row.state}", subject=row.person_id, rescored=row.rescored)


def hands_in(campaign: Campaign) -> set[UUID]:
    """Accounts that made the campaign, chose its rule or released it."""
    signed = set(ReleaseSignature.objects.filter(campaign=campaign).values_list("account_id", flat=True))
    chosen = set(PassRule.objects.filter(campaign=campaign).values_list("account_id", flat=True))
    return {a for a in signed | chosen | {campaign.created_by} if a is not None}


def _recorded(campaign: Campaign, actor: Actor, action: str, *, subject: UUID | None = None, **details: object) -> None:
    record(
        actor=actor, action=action, object_kind="campaign", object_id=campaign.id, unit_path=campaign.unit_path,
        subject=subject, details=details,
    )  # fmt: skip
