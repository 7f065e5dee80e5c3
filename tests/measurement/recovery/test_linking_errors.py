"""Standard errors of linking constants against repeated draws of the parameters."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.linking import link

TRUE_A, TRUE_B = 1.2, 0.4


def truth() -> tuple[ItemParameters, ItemParameters]:
    """A mixed bank with a covariance, on the form's and on the base's scale."""
    rng = np.random.default_rng(3)
    models = ["2pl"] * 4 + ["3pl"] * 2 + ["graded"] * 3 + ["gpcm"] * 3
    slopes = rng.uniform(0.9, 1.6, 12)
    steps = [[rng.normal()] for _ in range(6)] + [sorted(rng.normal(size=3)) for _ in range(6)]
    g = np.array([0] * 4 + [0.2, 0.15] + [0] * 6)
    free = []
    for j in range(12):
        free += [(j, "a1"), *((j, f"d{k + 1}") for k in range(len(steps[j])))] + ([(j, "logit_g")] if g[j] else [])
    spread = rng.normal(size=(len(free), len(free))) * 0.02
    cov = spread @ spread.T / len(free) + np.diag([0.04**2] * len(free))
    form = ItemParameters.from_difficulty(models, slopes, steps, g=g, covariance=cov, free=free)
    moved = [TRUE_A * np.array(s) + TRUE_B for s in steps]
    base = ItemParameters.from_difficulty(models, slopes / TRUE_A, moved, g=g, covariance=cov, free=free)
    return form, base


def redrawn(bank: ItemParameters, rng: np.random.Generator) -> ItemParameters:
    draw = rng.multivariate_normal(np.zeros(len(bank.free)), bank.covariance)
    slopes, intercepts, odds = bank.slopes.copy(), bank.intercepts.copy(), np.zeros(len(bank))
    for (j, name), step in zip(bank.free, draw, strict=True):
        if name == "a1":
            slopes[j] += step
        elif name == "logit_g":
            odds[j] = step
        else:
            intercepts[j, int(name[1:]) - 1] += step
    with np.errstate(divide="ignore"):
        g = np.where(bank.g > 0, 1 / (1 + (1 - bank.g) / np.maximum(bank.g, 1e-9) * np.exp(-odds)), 0)
    rows = [row[~np.isnan(row)] for row in intercepts]
    return ItemParameters.build(bank.models, slopes, rows, g=g, ids=bank.ids)


@pytest.mark.parametrize("method", ["mean-mean", "mean-sigma", "haebara", "stocking-lord"])
def test_the_delta_method_predicts_the_spread_of_repeated_links(method):
    form, base = truth()
    found = link(form, base, method=method)
    assert found.se_method == "delta"
    assert found.constants == pytest.approx((TRUE_A, TRUE_B), abs=1e-7)
    rng = np.random.default_rng(17)
    links = [link(redrawn(form, rng), redrawn(base, rng), method=method, se="none") for _ in range(120)]
    spread = np.cov([k.constants for k in links], rowvar=False)
    assert np.sqrt(np.diag(spread)) == pytest.approx([found.se_A, found.se_B], rel=0.18)


def test_transformed_items_carry_the_error_of_the_link():
    form, base = truth()
    found = link(form, base, method="haebara")
    moved = found.transform(form)
    assert moved.slopes == pytest.approx(base.slopes, abs=1e-7)
    assert moved.intercepts == pytest.approx(base.intercepts, abs=1e-6, nan_ok=True)
    rng = np.random.default_rng(4)
    draws = []
    for _ in range(120):
        f, b = redrawn(form, rng), redrawn(base, rng)
        again = link(f, b, method="haebara", se="none").transform(f)
        draws.append([again.slopes[0, 0], again.intercepts[0, 0], again.intercepts[9, 2]])
    keys = [(0, "a1"), (0, "d1"), (9, "d3")]
    predicted = [moved.standard_errors()[k] for k in keys]
    assert np.std(draws, axis=0, ddof=1) == pytest.approx(predicted, rel=0.18)
