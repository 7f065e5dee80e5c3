"""Reads of sittings and their logs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shuyang.delivery import engine
from shuyang.delivery.contracts import SittingState
from shuyang.delivery.following import form_number
from shuyang.delivery.models import Campaign, Response, Sitting
from shuyang.delivery.policies import AuditSitting
from shuyang.delivery.rules import Sealed, sitting_seed
from shuyang.delivery.showing import is_sealed
from shuyang.delivery.views import payload_of
from shuyang.evidence.api import estimate_of, receipt
from shuyang.itembank.api import DesignKind, Release, plan
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import SYSTEM, Actor, ChainProblem, ChainReport, Head, check_chain


def sitting_heads() -> list[Head]:
    """The present end of every sitting's chain."""
    at = now()
    rows = Sitting.objects.exclude(answers=[]).order_by("id").values_list("id", "answers", "chain_hash")
    return [Head(f"sitting:{sid}", len(answers), hash_, at) for sid, answers, hash_ in rows.iterator()]


def check_sittings(*, heads: Iterable[Head] = ()) -> ChainReport:
    """Recompute the chain of every sitting, compare it with the sitting's own end and with heads exported earlier."""
    exported: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        if head.chain.startswith("sitting:"):
            exported[head.chain].append(head)
    problems: list[ChainProblem] = []
    entries = chains = 0
    for sid, answers, end in Sitting.objects.order_by("id").values_list("id", "answers", "chain_hash").iterator():
        chain = f"sitting:{sid}"
        links = [
            (r.position, r.previous_hash, r.hash, payload_of(r))
            for r in Response.objects.filter(sitting_id=sid).order_by("position")
        ]
        own = [Head(chain, len(answers), end, now())] if answers else []
        problems += check_chain(chain, links, [*exported.pop(chain, []), *own])
        entries, chains = entries + len(links), chains + 1
    problems += [ChainProblem(chain, head.sequence, "removed") for chain, lost in exported.items() for head in lost]
    return ChainReport(chains, entries, 0, tuple(dict.fromkeys(problems)))


def audit_export(*, actor: Actor, sitting_id: UUID) -> dict[str, Any]:
    """All it takes to recompute a finished sitting's score elsewhere: release, log, claimed result.

    Raises `NotFound`; `Sealed` while nobody may read the result yet, unless the system itself asks.
    """
    row = Sitting.objects.filter(AuditSitting().visible_to(actor), id=sitting_id, state=SittingState.FINISHED).first()
    if row is None:
        raise NotFound("no such finished sitting")
    if not actor.system and is_sealed(row.campaign):
        raise Sealed("the results of this campaign are sealed")
    claimed = estimate_of(actor=SYSTEM, source="delivery", source_id=row.id)
    assert claimed is not None
    found = engine.release_of(row)
    log = Response.objects.filter(sitting=row).order_by("position")
    return {
        "kind": "shuyang-audit-export",
        "sitting": str(row.id),
        "release_hash": found.hash,
        "release": found.body,
        "blueprint": row.blueprint,
        **_plan(row, found),
        "synthetic": row.synthetic,
        "responses": [
            payload_of(r) | {"item": found.items[r.item_index].id, "previous_hash": r.previous_hash, "hash": r.hash}
            for r in log
        ],
        "neutralised": receipt(actor=SYSTEM, estimate_id=claimed.id).body.get("neutralised", []),
        "claimed": {
            "mean": list(claimed.estimate.mean),
            "cov": [list(line) for line in claimed.estimate.covariance],
            "level_probabilities": [list(line) for line in claimed.estimate.level_probabilities],
        },
    }


def _plan(row: Sitting, release: Release) -> dict[str, Any]:
    """The plan of a sitting that followed one: its body, its hash, and which form or panel the sitting was given."""
    if not row.plan_hash:
        return {}
    followed = plan(hash=row.plan_hash)
    seed = sitting_seed(row.id)
    number = form_number(followed, engine.compiled(release.hash), seed=seed, excluded=row.excluded)
    fixed = {"form": row.form if row.form is not None else number} if followed.kind != DesignKind.ADAPTIVE else {}
    return {"plan_hash": row.plan_hash, "plan": followed.body, **fixed}


def finished_sittings(*, actor: Actor, limit: int = 200) -> list[tuple[UUID, str, Any, int]]:
    """Finished sittings an auditor may export: id, campaign, moment, answers; no names, and none whose result is sealed."""
    sealed = [campaign.id for campaign in Campaign.objects.all() if is_sealed(campaign)]
    rows = Sitting.objects.filter(AuditSitting().visible_to(actor), state=SittingState.FINISHED)
    newest = rows.exclude(campaign__in=sealed).order_by("-finished_at")[:limit]
    return [(row.id, row.post.get("campaign", ""), row.finished_at, len(row.answers)) for row in newest]


def rebuilt_answers(*, sitting_id: UUID) -> list[list[int]]:
    """The cache of answers as the log gives it."""
    return [
        list(pair)
        for pair in Response.objects.filter(sitting_id=sitting_id)
        .order_by("position")
        .values_list("item_index", "category")
    ]
