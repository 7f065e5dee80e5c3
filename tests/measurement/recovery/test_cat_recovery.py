"""Simulated sittings recover abilities, with intervals that cover what they claim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Blueprint, CatItem, FacetQuota, KindLimit, Prior
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.simulate.one_dimension import simulate_cat
from shuyang.measurement.simulate.sittings import simulate_sittings

FACET_DIM = (0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4)


def expert_bank(n: int) -> list[CatItem]:
    """Uncalibrated items: wide beliefs about slope, difficulty and guessing."""
    rng = np.random.default_rng(11)
    items = []
    for j in range(n):
        graded = rng.random() < 0.4
        b = np.sort(rng.normal(0, 1.2, 3 if graded else 1))
        items.append(
            CatItem(
                id=str(j),
                dim=FACET_DIM[j % 12],
                model="grm" if graded else "3pl",
                slope=1.4,
                thresholds=tuple((b + np.arange(len(b)) * 0.1).tolist()),
                slope_log_sd=0.3,
                threshold_sd=0.5,
                guessing=0.0 if graded else 0.15,
                guessing_sd=0.0 if graded else 0.05,
                facet=f"f{j % 12}",
                kind=f"k{(j // 12) % 4}",
            )
        )
    return items


def test_sittings_recover_five_dimensions_with_honest_intervals() -> None:
    facets = tuple(FacetQuota(f"f{k}", 2, 10) for k in range(12))
    blueprint = Blueprint((0.45,) * 5, 24, 60, facets=facets, kinds=(KindLimit("k0", 20), KindLimit("k1", None, 0.4)))
    result = simulate_sittings(expert_bank(240), blueprint, Prior.equicorrelated(5, 0.6), n=1500, seed=1)
    # 7,500 intervals: the standard error of their coverage is 0.3 points
    assert 0.94 < result.coverage.mean() < 0.96
    assert np.all((result.coverage > 0.93) & (result.coverage < 0.97))
    assert np.all(np.abs(result.bias) < 0.04)
    assert np.all(result.rmse < 0.52)
    assert result.reached.mean() > 0.9
    assert result.violations == {}


def test_taking_expert_beliefs_for_true_costs_coverage() -> None:
    """The same answers, scored as if the central values were certain: the reason for integrating their variance."""
    blueprint = Blueprint((0.4,) * 5, 24, 60)
    sure = [replace(item, slope_log_sd=0.0, threshold_sd=0.0, guessing_sd=0.0) for item in expert_bank(240)]
    prior = Prior.equicorrelated(5, 0.6)
    honest = simulate_sittings(expert_bank(240), blueprint, prior, n=400, seed=3)
    bank = compile_bank(sure)
    inside = []
    for person in range(400):
        pairs = zip(honest.given[person].tolist(), honest.answers[person].tolist(), strict=True)
        answers = [pair for pair in pairs if pair[0] >= 0]
        belief = posterior(bank, answers, prior)
        inside.append(np.abs(belief.mean - honest.theta[person]) <= 1.96 * belief.sd)
    assert np.mean(inside) < honest.coverage.mean() - 0.01


def test_one_dimension_covers_95_percent() -> None:
    rng = np.random.default_rng(2)
    b = rng.normal(0, 1.2, 300)
    items = ItemParameters.from_difficulty("3pl", rng.lognormal(0.2, 0.3, 300), b[:, None], g=np.full(300, 0.2))
    result = simulate_cat(items, rng.normal(size=20_000))
    assert 0.945 < result.coverage < 0.956
    assert abs(result.bias) < 0.01
