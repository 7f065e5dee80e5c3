"""From estimates and their answers to rows of the extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import numpy as np

from shuyang.evidence.api import EstimateView, categories_of
from shuyang.feedback.diagnosis import compiled_bank
from shuyang.feedback.extract.layout import TEXTS, WHOLE_NUMBERS, Columns, Layout, person_key, result_key
from shuyang.feedback.unit_contracts import AgeBand
from shuyang.itembank.api import Release, release
from shuyang.kernel.clock import BEIJING
from shuyang.measurement.group_sites import Sites, item_sites, sites
from shuyang.people.api import ages

Answers = Mapping[tuple[UUID, int], Sequence[tuple[UUID, int]]]


def rows_of(views: Sequence[EstimateView], layout: Layout) -> Columns:
    """Rows of some estimates, in their order. Estimates of releases with other forces are left out."""
    fitting = [v for v in views if release(hash=v.estimate.release_hash).forces == layout.forces]
    parts = [_of_release(fitting, hash_, layout) for hash_ in dict.fromkeys(v.estimate.release_hash for v in fitting)]
    if not parts:
        return {name: np.zeros(0, dtype=object if name in TEXTS else float) for name in layout.columns}
    return {name: np.concatenate([p[name] for p in parts]) for name in layout.columns}


def _of_release(views: Sequence[EstimateView], release_hash: str, layout: Layout) -> Columns:
    chosen = [v for v in views if v.estimate.release_hash == release_hash]
    found = release(hash=release_hash)
    answers = categories_of(source_ids=[v.source_id for v in chosen])
    out = _facts(chosen)
    out |= _posteriors(chosen, found, layout)
    return out | _facets(chosen, answers, found, layout)


def _facts(views: Sequence[EstimateView]) -> Columns:
    known = _ages(views)
    lines = [
        {
            "estimate": result_key(v.id),
            "source": result_key(v.source_id),
            "revision": v.revision,
            "person": person_key(v.estimate.person_id),
            "at": int(v.at.timestamp()),
            "campaign": str(v.estimate.campaign_id),
            "release": v.estimate.release_hash,
            "purpose": v.estimate.purpose,
            "path": v.estimate.post.unit_path,
            "rank_layer": v.estimate.post.rank_layer,
            "job_category": v.estimate.post.job_category,
            "age_band": str(band(known.get(v.id))),
            "answered": v.estimate.answered,
            "synthetic": v.estimate.synthetic,
            "provisional": v.estimate.provisional,
        }
        for v in views
    ]
    kinds = {**dict.fromkeys(TEXTS, object), **dict.fromkeys(WHOLE_NUMBERS, np.int64)}
    return {name: np.array([line[name] for line in lines], dtype=kinds.get(name, bool)) for name in lines[0]}


def _ages(views: Sequence[EstimateView]) -> dict[UUID, int]:
    """Age in full years on the day of each result, by result."""
    days: dict[date, list[EstimateView]] = {}
    for view in views:
        days.setdefault(view.at.astimezone(BEIJING).date(), []).append(view)
    found: dict[UUID, int] = {}
    for day, part in days.items():
        on_day = ages(person_ids=[v.estimate.person_id for v in part], day=day)
        found |= {v.id: on_day[v.estimate.person_id] for v in part if v.estimate.person_id in on_day}
    return found


def band(age: int | None) -> AgeBand:
    """The band of an age in full years."""
    if age is None:
        return AgeBand.UNKNOWN
    for limit, name in ((35, AgeBand.TO_35), (45, AgeBand.TO_45), (55, AgeBand.TO_55)):
        if age <= limit:
            return name
    return AgeBand.OVER_55


def _posteriors(views: Sequence[EstimateView], found: Release, layout: Layout) -> Columns:
    mean = np.array([v.estimate.mean for v in views])
    cov = np.array([v.estimate.covariance for v in views])
    alone = sites(mean, cov, found.prior)
    levels = np.array([v.estimate.level_probabilities for v in views])
    expected = (levels * np.arange(1, levels.shape[2] + 1)).sum(axis=2)
    kinds = (("mean", mean), ("value", alone.value), ("error", alone.variance), ("level", expected))
    out = {name: values[:, k] for kind, values in kinds for k, name in enumerate(layout.per_force(kind))}
    return out | {name: cov[:, i, j] for i, j, name in layout.covariances}


def _facets(views: Sequence[EstimateView], answers: Answers, found: Release, layout: Layout) -> Columns:
    """Sites of facets from the facet's own items alone, under the release's prior; without items nothing is known."""
    bank = compiled_bank(found.hash)
    place = {facet: t for t, facet in enumerate(layout.facets)}
    tables = np.zeros((len(views), len(layout.facets), len(bank.nodes)))
    items = np.zeros((len(views), len(layout.facets)))
    for n, view in enumerate(views):
        for version, category in answers.get((view.source_id, view.revision), ()):
            item = found.by_version.get(version)
            if item is not None and item.facet in place:
                tables[n, place[item.facet]] += bank.log_prob[bank.index[item.id], category]
                items[n, place[item.facet]] += 1
    out: Columns = {}
    for t, facet in enumerate(layout.facets):
        own = _facet_sites(tables[:, t], bank.nodes, found, facet)
        out[f"items_{facet}"] = items[:, t]
        out[f"facet_{facet}"], out[f"facet_error_{facet}"] = own.value[:, 0], own.variance[:, 0]
    return out


def _facet_sites(table: np.ndarray, nodes: np.ndarray, found: Release, facet: str) -> Sites:
    force = next((item.force for item in found.items if item.facet == facet), None)
    if force is None:
        return Sites(np.zeros((len(table), 1)), np.full((len(table), 1), np.inf))
    d = found.forces.index(force)
    return item_sites(table, nodes, mean=found.prior.mean[d], sd=found.prior.cov[d][d] ** 0.5)
