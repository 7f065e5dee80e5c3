"""Reads: consents, entries, heads, and the check of all chains."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shuyang.kernel.canonical import canonical_json
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, Problem
from shuyang.trust.contracts import Actor, AuditView, ChainProblem, ChainReport, ConsentView, Head
from shuyang.trust.crypto import pseudonym, sign, signature_holds
from shuyang.trust.models import AuditChain, AuditEntry, Consent
from shuyang.trust.rules import check_chain
from shuyang.trust.services import entry_payload


def has_consented(*, person_id: UUID, purpose: str, text_version: str) -> bool:
    """Is the person's last word on this purpose and text version a yes?"""
    last = (
        Consent.objects.filter(person_id=person_id, purpose=purpose, text_version=text_version)
        .order_by("-created_at", "-id")
        .first()
    )
    return last is not None and last.given


def consents_of(*, actor: Actor) -> list[ConsentView]:
    """The acting person's last word on each purpose and text version, newest first."""
    if actor.person_id is None:
        return []
    rows = Consent.objects.filter(person_id=actor.person_id).order_by("created_at", "id")
    last = {(row.purpose, row.text_version): row for row in rows}
    views = [ConsentView(r.purpose, r.text_version, r.given, r.created_at) for r in last.values()]
    return sorted(views, key=lambda view: view.at, reverse=True)


def audit_of(*, actor: Actor, limit: int = 100) -> list[AuditView]:
    """What the audit log holds about the acting person, newest first: what was done, when, and by whom in kind."""
    if actor.person_id is None:
        return []
    own = pseudonym(actor.person_id)
    rows = AuditEntry.objects.filter(subject=own).order_by("-at", "-sequence")[:limit]
    kinds = {own: "self", "system": "system"}
    return [AuditView(row.at, row.action, kinds.get(row.actor, "other")) for row in rows]


def audit_heads() -> list[Head]:
    """The present end of every chain of entries."""
    at = now()
    return [
        Head(chain=row.chain, sequence=row.sequence, hash=row.hash, at=at)
        for row in AuditChain.objects.order_by("chain").iterator()
    ]


def check_audit(*, heads: Iterable[Head] = ()) -> ChainReport:
    """Recompute every chain of entries from its first link, and compare with heads exported earlier."""
    by_chain: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        if head.chain.startswith("unit:"):
            by_chain[head.chain].append(head)
    ends = {row.chain: row for row in AuditChain.objects.all()}
    known = sorted(set(AuditEntry.objects.values_list("chain", flat=True).distinct()) | set(by_chain) | set(ends))
    problems: list[ChainProblem] = []
    entries = 0
    for chain in known:
        rows = list(AuditEntry.objects.filter(chain=chain).order_by("sequence", "created_at"))
        entries += len(rows)
        stored_end = (
            [Head(chain, ends[chain].sequence, ends[chain].hash, now())]
            if chain in ends and ends[chain].sequence
            else []
        )
        problems += check_chain(chain, _links(rows), [*by_chain[chain], *stored_end])
    return ChainReport(len(known), entries, sum(map(len, by_chain.values())), tuple(dict.fromkeys(problems)))


def _links(rows: Iterable[AuditEntry]) -> Iterator[tuple[int, str, str, Mapping[str, Any]]]:
    for row in rows:
        yield row.sequence, row.previous_hash, row.hash, entry_payload(row)


def heads_document(heads: Iterable[Head]) -> str:
    """Heads as a signed JSON document, to be kept where the writer of the database can't reach it."""
    body = {
        "kind": "shuyang-audit-heads",
        "at": now().isoformat(),
        "heads": [[h.chain, h.sequence, h.hash] for h in heads],
    }
    return json.dumps(body | {"signature": sign(canonical_json(body))}, ensure_ascii=False, indent=1)


def read_heads_document(text: str) -> list[Head]:
    """Heads of an exported document. Raises `Invalid` when it is no such document or its signature does not hold."""
    try:
        body = json.loads(text)
        signature = body.pop("signature")
        at = datetime.fromisoformat(body["at"])
        heads = [Head(chain, sequence, hash_, at, signature) for chain, sequence, hash_ in body["heads"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid([Problem("file", "not_a_heads_file")]) from error
    if not signature_holds(canonical_json(body), signature):
        raise Invalid([Problem("file", "signature_does_not_hold")])
    return heads
