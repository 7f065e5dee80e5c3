"""Reads of recruitment: by number while names are sealed; sums for everyone after release; the file of evidence."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import numpy as np

from shuyang.delivery.contracts import Purpose, SittingState
from shuyang.delivery.models import (
    Appeal,
    Campaign,
    PassRule,
    ReleaseSignature,
    Rescoring,
    Sitting,
    SittingEvent,
    StandardSetting,
)
from shuyang.delivery.policies import AuditSitting, ManageCampaign, ReviewAppeal, TakeSitting
from shuyang.delivery.queries import audit_export
from shuyang.delivery.recruitment.contracts import (
    Aggregate,
    AppealState,
    AppealView,
    CandidateLine,
    RecruitmentView,
    RuleRisk,
    RuleView,
    SignatureView,
)
from shuyang.delivery.recruitment.names import names_sealed, number_of, numbers_of
from shuyang.delivery.recruitment.rules import FEWEST, passes, thresholds
from shuyang.delivery.recruitment.services import estimates_of_campaign, recruitment_row
from shuyang.delivery.rules import Sealed
from shuyang.delivery.views import campaign_view
from shuyang.evidence.api import NewEstimate, receipt
from shuyang.itembank.api import Release, release
from shuyang.kernel.errors import NotFound
from shuyang.people.api import account_names, persons
from shuyang.trust.api import SYSTEM, Actor


def recruitment(*, actor: Actor, campaign_id: UUID) -> RecruitmentView:
    """A recruitment campaign with its rule, signatures, candidates and appeals. Raises `NotFound`."""
    row = recruitment_row(actor, campaign_id)
    found, scored = release(hash=row.release_hash), estimates_of_campaign(row.id)
    rule = PassRule.objects.filter(campaign=row).first()
    signed = list(ReleaseSignature.objects.filter(campaign=row).order_by("at"))
    names = account_names(
        account_ids=[s.account_id for s in signed] + ([rule.account_id] if rule and rule.account_id else [])
    )
    return RecruitmentView(
        campaign=campaign_view(row),
        finished=len(scored),
        running=Sitting.objects.filter(campaign=row, state=SittingState.RUNNING).count(),
        forces=found.forces,
        rule=_rule(rule, names) if rule else None,
        signatures=tuple(SignatureView(names.get(s.account_id, ""), s.at) for s in signed),
        released=row.released_at is not None,
        aggregate=_aggregate(row, found, rule, scored),
        candidates=_candidates(row, found, rule, scored),
        appeals=tuple(_appeals(list(Appeal.objects.filter(campaign=row).select_related("campaign").order_by("-at")))),
        standard_setting=found.body.get("standard_setting", ""),
    )


def _rule(row: PassRule, names: dict[UUID, str]) -> RuleView:
    figures: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.risk.items()}
    risk = RuleRisk(**figures)
    by = names.get(row.account_id, "") if row.account_id else ""
    return RuleView(row.level, tuple(row.forces), risk, by, row.at, row.standard_setting)


def _aggregate(
    row: Campaign, found: Release, rule: PassRule | None, scored: list[tuple[Sitting, NewEstimate]]
) -> Aggregate | None:
    """The published sums: nothing before release; no number that would leave fewer than five on either side."""
    if row.released_at is None or rule is None:
        return None
    if len(scored) < FEWEST:
        return Aggregate(None, None, ())
    wanted = thresholds(rule.level, rule.forces, found.forces, found.cuts)
    passed = sum(passes(e, wanted) for _, e in scored)
    mean = np.array([e.level_probabilities for _, e in scored]).mean(axis=0)
    levels = tuple((force, tuple(map(float, mean[d]))) for d, force in enumerate(found.forces))
    few = min(passed, len(scored) - passed) < FEWEST
    return Aggregate(len(scored), None if few else passed, levels)


def published(*, actor: Actor, campaign_id: UUID) -> tuple[Aggregate, RuleView] | None:
    """The sums as candidates see them after release; None where there is nothing to see."""
    row = Campaign.objects.filter(id=campaign_id, purpose=Purpose.RECRUITMENT, released_at__isnull=False).first()
    own = row is not None and Sitting.objects.filter(TakeSitting().visible_to(actor), campaign=row).exists()
    rule = PassRule.objects.filter(campaign=row).first() if row and own else None
    if row is None or rule is None:
        return None
    sums = _aggregate(row, release(hash=row.release_hash), rule, estimates_of_campaign(row.id))
    return (sums, _rule(rule, {})) if sums else None


def _candidates(
    row: Campaign, found: Release, rule: PassRule | None, scored: list[tuple[Sitting, NewEstimate]]
) -> tuple[CandidateLine, ...]:
    """By number: an order that tells nothing."""
    numbers = numbers_of(row.id, [s.person_id for s, _ in scored])
    who = {} if names_sealed(row) else persons(actor=SYSTEM, person_ids=[s.person_id for s, _ in scored])
    wanted = thresholds(rule.level, rule.forces, found.forces, found.cuts) if rule and row.released_at else None
    lines = [
        CandidateLine(
            s.id, numbers[s.person_id], who[s.person_id].name if s.person_id in who else "",
            passes(e, wanted) if wanted else None,
        )
        for s, e in scored
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.number))


def _appeals(rows: list[Appeal]) -> list[AppealView]:
    names = account_names(account_ids=[r.decided_by for r in rows if r.decided_by])
    return [
        AppealView(
            id=r.id, campaign_id=r.campaign_id, campaign_name=r.campaign.name,
            candidate=number_of(r.campaign_id, r.person_id), reason=r.reason, at=r.at, state=AppealState(r.state),
            words=r.words, by=names.get(r.decided_by, "") if r.decided_by else "", decided_at=r.decided_at,
            rescored=r.rescored,
        )
        for r in rows
    ]  # fmt: skip


def appeals_to_review(*, actor: Actor) -> list[AppealView]:
    """Open appeals the actor may see; whether he is involved is decided when he decides."""
    rows = Appeal.objects.filter(ReviewAppeal().visible_to(actor), state=AppealState.OPEN)
    return _appeals(list(rows.select_related("campaign").order_by("at")))


def own_outcome(*, actor: Actor, sitting_id: UUID) -> dict[str, Any] | None:
    """What a candidate is told of his own sitting: his number, and after release whether he passed, and his appeal."""
    row = Sitting.objects.filter(
        TakeSitting().visible_to(actor), id=sitting_id, campaign__purpose=Purpose.RECRUITMENT
    ).select_related("campaign").first()  # fmt: skip
    if row is None:
        return None
    made = Appeal.objects.filter(sitting=row).select_related("campaign").first()
    told: dict[str, Any] = {
        "number": number_of(row.campaign_id, row.person_id), "released": row.campaign.released_at is not None,
        "campaign": row.campaign.name, "campaign_id": row.campaign_id, "passed": None,
        "appeal": _appeals([made])[0] if made else None,
    }  # fmt: skip
    rule = PassRule.objects.filter(campaign=row.campaign).first()
    if told["released"] and rule and row.estimate_id:
        found = release(hash=row.campaign.release_hash)
        mine = {s.id: e for s, e in estimates_of_campaign(row.campaign_id)}.get(row.id)
        wanted = thresholds(rule.level, rule.forces, found.forces, found.cuts)
        told |= {"passed": passes(mine, wanted) if mine else None, "level": rule.level, "forces": rule.forces}
    return told


# --- the file of evidence --------------------------------------------------------------------------------------------


def evidence_file(*, actor: Actor, sitting_id: UUID) -> bytes:
    """All evidence about one candidate as a zip, by number and without a name. For the campaign's keepers and auditors.

    Raises `NotFound`, and `Sealed` before release.
    """
    row = Sitting.objects.filter(
        id=sitting_id, campaign__purpose=Purpose.RECRUITMENT, state=SittingState.FINISHED
    ).select_related("campaign").first()  # fmt: skip
    if row is None or not (ManageCampaign().can(actor, row.campaign) or AuditSitting().can(actor, row)):
        raise NotFound("no such candidate")
    if row.campaign.released_at is None:
        raise Sealed("the results are sealed")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _contents(row).items():
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
            book.writestr(name, text)
    return stream.getvalue()


def _contents(row: Sitting) -> dict[str, Any]:
    assert row.estimate_id is not None
    number = number_of(row.campaign_id, row.person_id)
    kept = receipt(actor=SYSTEM, estimate_id=row.estimate_id)
    rule = PassRule.objects.filter(campaign=row.campaign).first()
    cited = release(hash=row.release_hash).body.get("standard_setting", "")
    standard = StandardSetting.objects.filter(hash=cited).first() if cited else None
    return {
        "README.txt": README.format(number=number, campaign=row.campaign.name),
        "sitting.json": audit_export(actor=SYSTEM, sitting_id=row.id),
        "receipt.json": {"receipt": kept.body, "hash": kept.hash, "signature": kept.signature},
        "rule.json": {"level": rule.level, "forces": rule.forces, "risk": rule.risk} if rule else {},
        "standard-setting.json": {"hash": standard.hash, "record": standard.body} if standard else {},
        "events.json": [
            {"kind": e.kind, "at": e.at.isoformat(), "position": e.position, "own": e.by_person, "reason": e.reason}
            for e in SittingEvent.objects.filter(sitting=row).order_by("at", "id")
        ],
        "rescorings.json": [
            {"at": r.at.isoformat(), "cause": r.cause, "reason": r.reason, "change": r.change}
            for r in Rescoring.objects.filter(sitting=row).order_by("at", "id")
        ],
        "appeal.json": [
            {"reason": a.reason, "at": a.at.isoformat(), "state": a.state, "words": a.words}
            for a in Appeal.objects.filter(sitting=row)
        ],
    }


README = """考生证据档案 / File of evidence
活动 campaign: {campaign}
考号 candidate: {number}

sitting.json            题库发布版、作答记录、得分  release, log of answers, claimed score
receipt.json            签名回执  signed receipt
rule.json               合格规则及误判风险  the rule and its risk
standard-setting.json   标准设定记录  the record of the standard setting
events.json             暂停、延时等过程记录  pauses, extensions and the like
rescorings.json         重新计分记录  rescored results
appeal.json             申诉及处理  appeal and decision

核验 Verify: shuyang verify sitting.json
"""
