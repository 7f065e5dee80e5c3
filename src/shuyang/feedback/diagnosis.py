"""From an estimate and its observations to the report of one person. Pure but for reading the immutable release."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from shuyang.evidence.api import EstimateView, ObservationView
from shuyang.feedback import rules
from shuyang.feedback.contracts import FacetResult, ForceResult, LayerResult, ModeResult, PersonReport
from shuyang.frameworks.api import Framework
from shuyang.itembank.api import Release, release
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import CompiledBank
from shuyang.measurement.cat.posterior import posterior


@lru_cache(maxsize=2)
def compiled_bank(release_hash: str) -> CompiledBank:
    found = release(hash=release_hash)
    return compile_bank(found.cat_items, dims=len(found.forces))


def person_report(view: EstimateView, observations: Sequence[ObservationView], framework: Framework) -> PersonReport:
    """Everything a result page says, computed from stored evidence alone."""
    found, new = release(hash=view.estimate.release_hash), view.estimate
    required = required_levels(new.post.rank_layer, new.post.job_category, framework)
    facets_of = {force.id: [facet.id for facet in framework.facets_of(force.id)] for force in framework.forces}
    forces = tuple(_force(i, force, view, found, required, facets_of) for i, force in enumerate(found.forces))
    return PersonReport(
        estimate_id=view.id,
        at=view.at,
        purpose=new.purpose,
        unit_name=new.post.unit_name,
        rank_layer=new.post.rank_layer,
        job_category=new.post.job_category,
        answered=new.answered,
        minutes=max(1, new.seconds // 60),
        stop_reason=new.stop_reason,
        forces=forces,
        facets=_facets(view, observations, found, framework, required),
        modes=_modes(view, found, framework),
        layers=_layers(view, observations, found, framework),
        strengths=rules.strengths(new.mean, new.covariance, found.forces),
        suggestions=rules.suggestions(forces, facets_of, required, new.counts),
        provisional=new.provisional,
        synthetic=new.synthetic,
        expert_priors=not found.calibrated,
        release_hash=found.hash,
    )


def required_levels(rank_layer: str, job_category: str, framework: Framework) -> Mapping[str, int]:
    """Required level per facet of a post; empty when the post is not recorded, or the framework asks nothing of it."""
    for profile in framework.profiles:
        if (profile.rank_layer, profile.job_category) == (rank_layer, job_category):
            return profile.levels()
    return {}


def _force(
    index: int,
    force: str,
    view: EstimateView,
    found: Release,
    required: Mapping[str, int],
    facets_of: Mapping[str, Sequence[str]],
) -> ForceResult:
    new = view.estimate
    mean, sd = new.mean[index], math.sqrt(new.covariance[index][index])
    wanted = rules.force_target(required, facets_of[force], found.cuts[force].cuts)
    chance = None if wanted is None else rules.probability_at_least(wanted, mean, sd)
    levels = new.level_probabilities[index]
    best = max(range(len(levels)), key=lambda k: levels[k])
    return ForceResult(
        force=force,
        score=rules.scaled(found.transform, mean, sd),
        precise=new.reached[index],
        level=best + 1,
        level_probability=levels[best],
        level_probabilities=tuple(levels),
        items=sum(new.counts.get(f, 0) for f in facets_of[force]),
        target=None if wanted is None else found.transform.score(wanted),
        target_probability=chance,
        against_target=rules.against_target(chance),
    )


def _answers(
    observations: Sequence[ObservationView], found: Release, bank: CompiledBank
) -> list[tuple[int, int, str, str]]:
    """(bank index, category, facet, layer) of each observation."""
    rows = []
    for seen in observations:
        item = found.by_version[seen.observation.item_version_id]
        rows.append((bank.index[item.id], seen.observation.category, item.facet, item.layer.value))
    return rows


def _facets(
    view: EstimateView,
    observations: Sequence[ObservationView],
    found: Release,
    framework: Framework,
    required: Mapping[str, int],
) -> tuple[FacetResult, ...]:
    """Each facet from its own items alone, under the population's distribution: shown only where that is precise."""
    bank = compiled_bank(found.hash)
    answers = _answers(observations, found, bank)
    results = []
    for facet in framework.facets:
        own = [(index, category) for index, category, name, _ in answers if name == facet.id]
        score = level = None
        if own:
            belief = posterior(bank, own, found.prior)
            dim = found.forces.index(facet.force)
            mean, sd = float(belief.mean[dim]), float(belief.sd[dim])
            if sd <= rules.FACET_SE:
                score = rules.scaled(found.transform, mean, sd)
                level = 1 + sum(mean >= cut for cut in found.cuts[facet.force].cuts)
        results.append(FacetResult(facet.id, facet.force, len(own), score, level, required.get(facet.id)))
    return tuple(results)


def _modes(view: EstimateView, found: Release, framework: Framework) -> tuple[ModeResult, ...]:
    """Each mode as the mean of its facets' forces: w'θ with variance w'Σw."""
    mean, cov = np.asarray(view.estimate.mean), np.asarray(view.estimate.covariance)
    results = []
    for mode in framework.dimensions:
        facets = [f for f in framework.facets if f.dimension == mode.id]
        weights = np.array([sum(f.force == force for f in facets) / len(facets) for force in found.forces])
        score = rules.scaled(found.transform, float(weights @ mean), float(np.sqrt(weights @ cov @ weights)))
        results.append(ModeResult(mode.id, score))
    return tuple(results)


def _layers(
    view: EstimateView, observations: Sequence[ObservationView], found: Release, framework: Framework
) -> tuple[LayerResult, ...]:
    """Credit earned on each layer's items against the credit that the person's own forces let expect."""
    bank = compiled_bank(found.hash)
    belief = np.asarray(view.estimate.mean)
    totals = {layer.id: np.zeros(5) for layer in framework.layers}  # earned, expected, variance, highest, items
    for index, category, _, layer in _answers(observations, found, bank):
        top = int(bank.n_categories[index]) - 1
        node = int(np.abs(bank.nodes - belief[bank.dim[index]]).argmin())
        chances = bank.prob[index, : top + 1, node]
        points = np.arange(top + 1) / top
        expected = float(chances @ points)
        totals[layer] += (category / top, expected, float(chances @ points**2) - expected**2, 1.0, 1.0)
    return tuple(
        LayerResult(
            layer=name,
            items=int(t[4]),
            earned=t[0] / t[3] if t[3] else 0.0,
            expected=t[1] / t[3] if t[3] else 0.0,
            finding=rules.layer_finding(t[0], t[1], t[2], int(t[4])),
        )
        for name, t in totals.items()
    )
