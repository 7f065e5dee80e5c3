"""Publish the figures of a campaign: once when it has closed, earlier where its organiser says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from shuyang.delivery.api import CampaignState, CampaignView, campaign, campaigns
from shuyang.feedback.extract.services import update_extract
from shuyang.feedback.models import Publication
from shuyang.feedback.publishing.compute import Published, first_structure, held_back, publish
from shuyang.feedback.publishing.growth import Before
from shuyang.feedback.publishing.loading import Loaded, load, scale, seen, units_of
from shuyang.feedback.publishing.rows import FloatArray, Rows, Structure, UnitTree
from shuyang.feedback.publishing.storing import consider, considered, members, structure_of, write_publication
from shuyang.feedback.rules import SMALLEST_GROUP
from shuyang.feedback.scales import scale_of
from shuyang.itembank.api import release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict
from shuyang.kernel.ids import new_id
from shuyang.kit.api import enqueue, under_way
from shuyang.trust.api import SYSTEM, Actor, record

PUBLISH = "feedback.publish"


class TooFewResults(Conflict):
    """Fewer than five people have a result that may be counted."""

    code = "too_few_results"


@dataclass(frozen=True, slots=True)
class _Kept:
    """Whose results are published: rows, how many wait for more, and whether anything differs from before."""

    rows: Rows
    held: int
    changed: bool


def publish_campaign(*, actor: Actor, campaign_id: UUID) -> UUID:
    """Publish a campaign's figures as they are now; where nothing may change, the present publication stays.

    The first publication fixes the cells. Later ones (late results, rescored ones) keep them, and leave out those who could
    be isolated by comparing the two. Returns the id of the publication that holds now. Raises `NotFound` for a campaign that
    the actor does not manage, `TooFewResults`.
    """
    found = campaign(actor=actor, campaign_id=campaign_id)
    update_extract()
    present = Publication.objects.filter(campaign_id=campaign_id, current=True).first()
    final, evidence = _over(found), seen(found)
    if present is not None and (present.final, considered(present.id)) == (final, evidence):
        return present.id
    units = units_of(found)
    tree = UnitTree.build(units)
    loaded = load(found, tree)
    if loaded is None or len(loaded.rows) < SMALLEST_GROUP:
        raise TooFewResults("fewer than five results")
    before = _before(found, present)
    earlier = _rows_before(before, tree) if before else None
    kept, structure = _kept(found, tree, loaded, present, earlier)
    if present is not None and not kept.changed and present.final == final:
        consider(present.id, evidence)
        return present.id
    scale_ = scale(release(hash=found.release_hash), _facets_of(loaded))
    made = publish(tree.parent, kept.rows, scale_, structure, earlier, _fixed(present))
    return _store(actor, found, units, tree, loaded, kept, made, present, before, final, evidence)


def request_publication(*, actor: Actor, campaign_id: UUID) -> UUID:
    """Queue the publication of a campaign that the actor manages, before it closes. Returns the job's id."""
    campaign(actor=actor, campaign_id=campaign_id)
    with transaction.atomic():
        return enqueue(name=PUBLISH, arguments={"campaign_id": str(campaign_id)}, owner_id=actor.account_id)


def publication_under_way(*, campaign_id: UUID) -> bool:
    """Whether the figures of a campaign are being computed, or wait for it. It says nothing of what is in them."""
    return under_way(name=PUBLISH, arguments={"campaign_id": str(campaign_id)})


def _over(found: CampaignView) -> bool:
    return found.state == CampaignState.CLOSED or found.closes_at <= now()


def _facets_of(loaded: Loaded) -> tuple[str, ...]:
    from shuyang.frameworks.api import current

    return tuple(f.id for f in current().facets)[: loaded.rows.facets.value.shape[1]]


def _kept(
    found: CampaignView, tree: UnitTree, loaded: Loaded, present: Publication | None, earlier: Before | None
) -> tuple[_Kept, Structure]:
    rows = loaded.rows
    if present is None:
        return _Kept(rows, 0, True), first_structure(tree.parent, rows)
    structure = structure_of(present, tree)
    persons, estimates = members(present)
    place = np.minimum(np.searchsorted(persons, rows.person), len(persons) - 1)
    known = persons[place] == rows.person
    differs = ~(known & (estimates[place] == rows.estimate))
    waits = np.zeros(len(rows), bool)
    if differs.any():
        waits[differs] = held_back(tree.parent, rows.only(differs), structure, earlier)
    same = rows.only(~waits)
    again = np.concatenate([estimates[place[waits & known]], estimates[~np.isin(persons, rows.person)]])
    if len(again):
        older = load(found, tree, again)
        same = same if older is None else _joined(same, older.rows)
    return _Kept(same, int(waits.sum()), bool((differs & ~waits).any())), structure


def _joined(first: Rows, second: Rows) -> Rows:
    from shuyang.measurement.group_sites import Sites

    def both(name: str) -> Any:
        return np.concatenate([getattr(first, name), getattr(second, name)])

    def sites(name: str) -> Sites:
        one, other = getattr(first, name), getattr(second, name)
        return Sites(np.concatenate([one.value, other.value]), np.concatenate([one.variance, other.variance]))

    plain = {name: both(name) for name in ("estimate", "person", "unit", "codes", "target", "self_gap")}
    return Rows(**plain, forces=sites("forces"), facets=sites("facets"))


def _fixed(present: Publication | None) -> tuple[FloatArray, FloatArray] | None:
    if present is None:
        return None
    facets = [np.nan if v is None else v for v in present.body["between_facets"]]
    return np.array(present.body["between"]), np.array(facets, float)


def _before(found: CampaignView, present: Publication | None) -> Publication | None:
    """The publication of the campaign before that can be compared: same scale, and a unit above, below or the same.

    A campaign that has been published keeps the one it was compared with.
    """
    if present is not None:
        return Publication.objects.filter(id=present.before_id).first() if present.before_id else None
    wanted = scale_of(release(hash=found.release_hash))
    rows = Publication.objects.filter(current=True, scale=wanted, synthetic=found.synthetic)
    near = [
        r for r in rows.exclude(campaign_id=found.id).order_by("-created_at") if _related(r.unit_path, found.unit_path)
    ]
    return near[0] if near else None


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _rows_before(before: Publication, tree: UnitTree) -> Before | None:
    earlier = campaign(actor=SYSTEM, campaign_id=before.campaign_id)
    _, estimates = members(before)
    loaded = load(earlier, tree, estimates, facets=False)
    if loaded is None or not len(loaded.rows):
        return None
    structure = structure_of(before, tree)
    return Before.of(loaded.rows, structure, np.array(before.body["between"]))


def _store(
    actor: Actor,
    found: CampaignView,
    units: list[dict[str, Any]],
    tree: UnitTree,
    loaded: Loaded,
    kept: _Kept,
    made: Published,
    present: Publication | None,
    before: Publication | None,
    final: bool,
    evidence: str,
) -> UUID:
    publication_id = new_id()
    digest = write_publication(publication_id, made.table, units, tree, made.structure, kept.rows, loaded.finished)
    consider(publication_id, evidence)
    bank = scale(release(hash=found.release_hash), ()).bank_error
    with transaction.atomic():
        Publication.objects.filter(campaign_id=found.id, current=True).update(current=False)
        Publication.objects.create(
            id=publication_id, campaign_id=found.id, campaign_name=found.name, unit_path=found.unit_path,
            number=present.number + 1 if present else 1, release_hash=found.release_hash,
            scale=scale_of(release(hash=found.release_hash)), people=len(kept.rows),
            incomplete=loaded.incomplete, held_back=kept.held,
            before_id=before.id if before else None, final=final, synthetic=loaded.synthetic,
            provisional=loaded.provisional, hash=digest, made_by=actor.account_id,
            body=_body(made, float(bank[: len(made.between) - 1].mean())),
        )  # fmt: skip
        record(
            actor=actor, action="results.published", object_kind="campaign", object_id=found.id,
            unit_path=found.unit_path, details={"publication": str(publication_id), "hash": digest, "people": len(kept.rows)},
        )  # fmt: skip
    return publication_id


def _body(made: Published, bank_error: float) -> dict[str, Any]:
    return {
        "merged": [[list(old) for old in groups] for groups in made.structure.merged],
        "between": made.between.tolist(),
        "between_facets": [None if np.isnan(v) else float(v) for v in made.between_facets],
        "bank_error": bank_error,
    }


def publish_closed() -> int:
    """Publish every campaign that has closed, and again where its results changed since. Returns how many are new."""
    new = 0
    for found in campaigns(actor=SYSTEM):
        if not _over(found):
            continue
        present = Publication.objects.filter(campaign_id=found.id, current=True).values_list("id", flat=True).first()
        try:
            new += publish_campaign(actor=SYSTEM, campaign_id=found.id) != present
        except TooFewResults:
            continue
    return new
