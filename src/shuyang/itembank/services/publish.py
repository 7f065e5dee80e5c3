"""Publish a release: everything a score rests on, frozen and named by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction

from shuyang.frameworks import api as frameworks
from shuyang.itembank.content import Purpose, ReviewState
from shuyang.itembank.contracts import ReleaseView
from shuyang.itembank.models import ItemVersion, ReleaseRow
from shuyang.itembank.policies import Publish
from shuyang.itembank.queries.bank import current_versions
from shuyang.itembank.queries.releases import release, release_view
from shuyang.itembank.release_body import Frame, build_body
from shuyang.itembank.storing import from_text
from shuyang.kernel.canonical import canonical_json, digest
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict
from shuyang.measurement.cat.contracts import LevelCuts
from shuyang.trust.api import Actor, blind_index, record

_OPAQUE_LENGTH = 16


def publish_release(*, actor: Actor) -> ReleaseView:
    """Publish the secure, reviewed items in use with expert parameters, and make it the current release.

    The same body again publishes nothing. Raises `NotFound` without a framework, `Conflict` without items, `Forbidden`.
    """
    Publish().demand(actor)
    frame = _frame(frameworks.current())
    rows = _eligible(frame)
    if not rows:
        raise Conflict("there are no reviewed secure items to publish")
    body = build_body(((row.content_hash, from_text(row.content)) for row in rows), frame, _opaque)
    body |= carried_cuts(body)
    text = canonical_json(body).decode()
    address = digest(text.encode())
    with transaction.atomic():
        new = _make_current(address, text, len(rows), provisional=body["provisional_cuts"])
        if new:
            details = {"items": len(rows), "framework": frame.framework_hash}
            record(actor=actor, action="release.published", object_kind="release", object_id=address, details=details)
        row = ReleaseRow.objects.get(hash=address)
    return release_view(row, new=new)


def _frame(framework: frameworks.Framework) -> Frame:
    return Frame(
        framework_hash=framework.hash,
        citations_hash=frameworks.citations_hash(framework),
        forces=tuple(force.id for force in framework.forces),
        force_of={facet.id: facet.force for facet in framework.facets},
    )


def _eligible(frame: Frame) -> list[ItemVersion]:
    rows = current_versions().filter(item__purpose=Purpose.SECURE.value, state=ReviewState.REVIEWED.value)
    return list(rows.filter(item__facet__in=list(frame.force_of)))


def _opaque(scope: str, content_hash: str) -> str:
    """A name that only this installation can make, other in every release."""
    return blind_index(f"{digest(scope.encode())}/{content_hash}", field="release-item")[:_OPAQUE_LENGTH]


def _make_current(address: str, text: str, items: int, *, provisional: bool) -> bool:
    if ReleaseRow.objects.filter(hash=address, current=True).exists():
        return False
    ReleaseRow.objects.filter(current=True).update(current=False)
    ReleaseRow.objects.get_or_create(
        hash=address,
        defaults={
            "body": text,
            "published_at": now(),
            "items": items,
            "provisional_cuts": provisional,
            "calibrated": False,
        },
    )
    ReleaseRow.objects.filter(hash=address).update(current=True)
    return True


_SCALE = ("forces", "prior", "transform", "calibrated")


def carried_cuts(body: Mapping[str, Any]) -> dict[str, Any]:
    """Confirmed cut scores of the present release, where the new body stands on the same scale: cuts belong to it."""
    row = ReleaseRow.objects.filter(current=True, provisional_cuts=False).first()
    if row is None:
        return {}
    before = msgspec.json.decode(row.body)
    if any(before[name] != body[name] for name in _SCALE):
        return {}
    return {name: before[name] for name in ("cuts", "provisional_cuts", "standard_setting")}


def publish_with_cuts(*, actor: Actor, base: str, cuts: Mapping[str, LevelCuts], standard_setting: str) -> ReleaseView:
    """Publish a release again with cut scores that a recorded standard setting confirms, and make it the current one.

    `standard_setting` is the hash of that record; the release cites it. `cuts` has every force. Raises `NotFound` for an
    unknown base, `Conflict` where forces are missing, `Forbidden`.
    """
    Publish().demand(actor)
    found = release(hash=base)
    if set(cuts) != set(found.forces):
        raise Conflict("every force needs its cuts")
    rows = {force: {"cuts": list(cuts[force].cuts), "se": list(cuts[force].se)} for force in found.forces}
    body = {**found.body, "cuts": rows, "provisional_cuts": False, "standard_setting": standard_setting}
    text = canonical_json(body).decode()
    address = digest(text.encode())
    with transaction.atomic():
        new = _make_current(address, text, len(found.items), provisional=False)
        if new:
            details = {"base": base, "standard_setting": standard_setting}
            record(actor=actor, action="release.cuts", object_kind="release", object_id=address, details=details)
        row = ReleaseRow.objects.get(hash=address)
    return release_view(row, new=new)
