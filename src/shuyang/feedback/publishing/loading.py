"""A campaign's results from the extract, its units, and the release's scale, as arrays to compute with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import Any
from uuid import UUID

import numpy as np

from shuyang.delivery.api import CampaignView
from shuyang.evidence.api import exposures, sealed_for_units, self_ratings_in
from shuyang.feedback import rules
from shuyang.feedback.diagnosis import required_levels
from shuyang.feedback.disclosure import up_the_tree
from shuyang.feedback.extract.layout import Layout, person_key, result_key
from shuyang.feedback.extract.services import extract_folder
from shuyang.feedback.extract.store import read_manifest
from shuyang.feedback.publishing.reading import Read, newest, read_rows
from shuyang.feedback.publishing.rows import GROUPS, FloatArray, IntArray, Rows, Scale, UnitTree
from shuyang.feedback.scales import scale_of
from shuyang.frameworks.api import Framework, current
from shuyang.itembank.api import Release, release
from shuyang.measurement.group_sites import Sites
from shuyang.people.api import unit_tree
from shuyang.trust.api import SYSTEM

REGION_KINDS = frozenset((
    "省", "自治区", "直辖市", "特别行政区", "市", "地区", "盟", "自治州", "州", "地级市", "县级市", "市辖区", "区", "县",
    "自治县", "旗", "自治旗", "特区", "林区",
))  # fmt: skip
"""Kinds of units that are administrative regions."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Rows of everyone whose result the sums may hold, and the marks.

    `finished` [U]: people of each unit, with all below it, who have a result on the campaign's scale, usable or not.
    `incomplete`: how many results the sums can't hold, or are on another scale.
    """

    rows: Rows
    finished: IntArray
    incomplete: int
    synthetic: bool
    provisional: bool


def units_of(campaign: CampaignView) -> list[dict[str, Any]]:
    """The campaign's unit and all below it, merged ones too, in the order of the organisation tree."""
    lines = [
        line for line in unit_tree(actor=SYSTEM, with_inactive=True) if line.unit.path.startswith(campaign.unit_path)
    ]
    names = {line.unit.id: line.unit.name for line in lines}
    return [
        {
            "path": line.unit.path,
            "id": str(line.unit.id),
            "name": line.unit.name,
            "region": line.unit.kind in REGION_KINDS,
            "merged_into": names.get(line.unit.merged_into_id, "") if line.unit.merged_into_id else "",
            "in_post": line.people_below,
            "order": order,
        }
        for order, line in enumerate(lines)
    ]


def seen(campaign: CampaignView) -> str:
    """A hash of everything a publication rests on: the newest results and which of them are sealed. "": nothing there."""
    folder = extract_folder()
    manifest = read_manifest(folder)
    if manifest is None or not manifest.parts:
        return ""
    whole = hashlib.sha256(newest(folder, manifest, str(campaign.id)).tobytes())
    for estimate_id in sorted(sealed_for_units(campaign_id=campaign.id)):
        whole.update(estimate_id.bytes)
    return whole.hexdigest()


def load(campaign: CampaignView, tree: UnitTree, kept: IntArray | None = None, *, facets: bool = True) -> Loaded | None:
    """Each person's newest result in a campaign, or exactly the results `kept`. None: nothing there."""
    folder = extract_folder()
    manifest = read_manifest(folder)
    if manifest is None or not manifest.parts:
        return None
    chosen = newest(folder, manifest, str(campaign.id)) if kept is None else np.unique(kept)
    scale = scale_of(release(hash=campaign.release_hash))
    found = read_rows(
        folder, manifest, str(campaign.id), chosen, tree, lambda h: scale_of(release(hash=h)) == scale, facets=facets
    )
    return _loaded(found, campaign, tree, manifest.layout) if len(found) else None


def _loaded(found: Read, campaign: CampaignView, tree: UnitTree, layout: Layout) -> Loaded:
    c = found.columns
    forces, facets = Sites(c["value"], c["error"]), Sites(c["facet"], c["facet_error"])
    rows = Rows(
        estimate=c["estimate"],
        person=c["person"],
        unit=c["unit"],
        codes=c["codes"],
        forces=forces,
        facets=facets,
        target=_targets(c["codes"], release(hash=campaign.release_hash), current()),
        self_gap=_self_gaps(c["person"], c["level"], campaign, layout),
    )
    sealed = {result_key(estimate_id) for estimate_id in sealed_for_units(campaign_id=campaign.id)}
    open_ = ~np.isin(rows.estimate, sorted(sealed)) if sealed else np.ones(len(rows), bool)
    usable = open_ & forces.measured.all(axis=1)
    synthetic = bool(campaign.synthetic or c["synthetic"].any())
    own = np.bincount(rows.unit, minlength=len(tree.paths)).astype(float)[:, None]
    finished = up_the_tree(tree.parent, own)[:, 0].astype(np.int64)
    left_out = int((~usable).sum()) + found.other_scale
    return Loaded(rows.only(usable), finished, left_out, synthetic, bool(c["provisional"].any()))


def _targets(codes: IntArray, found: Release, framework: Framework) -> FloatArray:
    """Target [N, F] in logits of the post of the day; NaN where the framework asks nothing of it."""
    ranks, jobs = GROUPS[0], GROUPS[1]
    table = np.full((len(ranks), len(jobs), len(found.forces)), np.nan)
    for r, rank in enumerate(ranks):
        for j, job in enumerate(jobs):
            required = required_levels(rank, job, framework)
            for k, force in enumerate(found.forces):
                facets = [facet.id for facet in framework.facets_of(force)]
                wanted = rules.force_target(required, facets, found.cuts[force].cuts) if required else None
                table[r, j, k] = np.nan if wanted is None else wanted
    return table[codes[:, 0], codes[:, 1]]


def _self_gaps(person: IntArray, level: FloatArray, campaign: CampaignView, layout: Layout) -> FloatArray:
    """Mean self-rated level of each force's facets less the expected level measured; NaN without ratings of all of them.

    `person` [N] in ascending order, `level` [N, F].
    """
    out = np.full(level.shape, np.nan)
    framework = current()
    facets = [[facet.id for facet in framework.facets_of(force)] for force in layout.forces]
    ratings = self_ratings_in(actor=SYSTEM, unit_path=campaign.unit_path, since=campaign.opens_at)
    for person_id, own in groupby(ratings, key=lambda r: r.person_id):
        key = person_key(person_id)
        n = int(np.searchsorted(person, key))
        if n == len(person) or person[n] != key:
            continue
        levels = {r.facet: r.level for r in own}
        for k, wanted in enumerate(facets):
            if wanted and all(facet in levels for facet in wanted):
                out[n, k] = fmean(levels[facet] for facet in wanted) - level[n, k]
    return out


def scale(found: Release, layout_facets: Sequence[str]) -> Scale:
    """Cuts and the error that the items' own uncertainty leaves in every mean.

    Everyone meets items of the same bank, so what is not known of an item does not average out over people: the error of a
    mean is that of the items' difficulties, weighted by how often each was answered, plus that of guessing.
    """
    counts = exposures(release_hash=found.hash)
    forces = [_bank_variance(found, counts, force=force) for force in found.forces]
    facets = [_bank_variance(found, counts, facet=facet) for facet in layout_facets]
    overall = sum(forces) / len(forces) ** 2
    return Scale(
        forces=found.forces,
        facets=tuple(layout_facets),
        cuts=np.array([found.cuts[f].cuts for f in found.forces]),
        cut_errors=np.array([found.cuts[f].se or (0.0,) * len(found.cuts[f].cuts) for f in found.forces]),
        bank_error=np.sqrt(np.array([*forces, overall, *facets])),
    )


def _bank_variance(found: Release, counts: Mapping[UUID, int], *, force: str = "", facet: str = "") -> float:
    items = [i for i in found.items if (i.force == force if force else i.facet == facet)]
    given = np.array([counts.get(i.version_id, 0) for i in items], float)
    if not given.sum():
        return 0.0
    share = given / given.sum()
    error = np.array(
        [_item_variance(i.cat.threshold_sd, i.cat.guessing, i.cat.guessing_sd, i.cat.slope) for i in items]
    )
    return float((share**2 * error).sum())


def _item_variance(shift: float, guessing: float, guessing_sd: float, slope: float) -> float:
    """Variance in logits of where an item lies: of its shift, and of guessing taken at the middle of the curve."""
    return shift**2 + (guessing_sd * 0.5 / (0.25 * slope * (1.0 - guessing))) ** 2
