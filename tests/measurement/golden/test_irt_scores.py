"""Scores from the stored parameters against the stored scores of mirt 1.47."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.measurement.conftest import Reference

from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import expected_total, log_probabilities, probabilities, test_information
from shuyang.measurement.irt.scores import score
from shuyang.measurement.irt.sumscore import sum_score_table

CASES = [
    ("lsat7", "Rasch"), ("lsat7", "1PL"), ("lsat7", "2PL"), ("lsat7", "3PL"), ("lsat7", "4PL"),
    ("slf", "Rasch"), ("slf", "2PL"), ("deayala", "Rasch"), ("deayala", "2PL"), ("deayala", "3PL"),
    ("science", "graded"), ("science", "gpcm"), ("science", "PCM"), ("science", "nominal"), ("bock1997", "nominal"),
    ("simgrm-missing", "graded"), ("simgrm-missing", "gpcm"),
    ("sat12", "Rasch"), ("sat12", "2PL"), ("sat12", "3PL"), ("sat12", "4PL"),
]  # fmt: skip
ONE_BASED = ("science", "bock1997")


def stored_bank(reference: Reference, model: str) -> tuple[ItemParameters, Latent]:
    table: dict[str, dict[str, float]] = {}
    for row in reference.results["models"][model]["parameters"]:
        table.setdefault(row["item"], {})[row["name"]] = row["value"]
    group = table.pop("GROUP")
    rows = list(table.values())
    intercepts = [[r[k] for k in ("d", "d1", "d2", "d3", "d4", "d5") if k in r] for r in rows]
    scores = None
    if model == "nominal":
        pairs = zip(rows, intercepts, strict=True)
        scores = [[0.0, *(r[k] for k in ("ak1", "ak2", "ak3") if k in r), len(d)] for r, d in pairs]
    bank = ItemParameters.build(
        model, [r.get("a1", 1.0) for r in rows], intercepts, g=[r.get("g", 0.0) for r in rows],
        u=[r.get("u", 1.0) for r in rows], scores=scores, ids=table,
    )  # fmt: skip
    return bank, Latent(("all",), np.zeros((1, 1)), np.array([[[group["COV_11"]]]]))


def numbers(values: list[Any]) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], float)


@pytest.mark.parametrize(("name", "model"), CASES)
@pytest.mark.parametrize("method", ["EAP", "MAP", "ML", "WLE"])
def test_scores_agree(reference: Callable[[str], Reference], name: str, model: str, method: str) -> None:
    known = reference(name)
    bank, latent = stored_bank(known, model)
    scores = known.results["models"][model]["scores"]
    patterns = np.array([numbers(p) for p in scores["patterns"]]) - (name in ONE_BASED)
    mine = score(Responses.from_matrix(patterns), bank, method=method.lower(), latent=latent)
    theta, se = numbers(scores[method]["theta"]), numbers(scores[method]["se"])
    assert (np.isinf(mine.theta[:, 0]) == np.isnan(theta)).all()
    finite = np.isfinite(theta)
    if (name, model, method) == ("lsat7", "4PL", "WLE"):
        finite[[tuple(p) == (0, 0, 1, 0, 0) for p in patterns]] = False  # mirt stops at the lower of two maxima
    exact = method == "EAP"
    np.testing.assert_allclose(mine.theta[finite, 0], theta[finite], atol=1e-6 if exact else 1e-4)
    # the stored SEs of the others come from a numerical Hessian
    np.testing.assert_allclose(mine.se[finite, 0], se[finite], atol=1e-6 if exact else 3e-3)


@pytest.mark.parametrize(("name", "model"), [c for c in CASES if c[0] != "simgrm-missing"])
def test_sum_score_tables_agree(reference: Callable[[str], Reference], name: str, model: str) -> None:
    known = reference(name)
    bank, latent = stored_bank(known, model)
    assert known.matrix is not None
    table = np.array(known.results["models"][model]["eapsum"]["values"], float)
    mine = sum_score_table(bank, latent=latent, responses=known.matrix - (name in ONE_BASED))
    np.testing.assert_allclose(mine.theta[:, 0], table[:, 1], atol=1e-6)
    np.testing.assert_allclose(mine.se[:, 0], table[:, 2], atol=1e-6)
    np.testing.assert_array_equal(mine.observed, table[:, 3])
    np.testing.assert_allclose(mine.to_table()["expected"], table[:, 4], atol=1e-6)
    np.testing.assert_allclose(mine.to_table()["residual"], table[:, 5], atol=1e-6)


@pytest.mark.parametrize(("name", "model"), CASES)
def test_curves_and_likelihood_agree(reference: Callable[[str], Reference], name: str, model: str) -> None:
    known = reference(name)
    bank, latent = stored_bank(known, model)
    curves = known.results["models"][model]["curves"]
    theta = np.array(curves["theta"])
    np.testing.assert_allclose(test_information(bank, theta), curves["test_information"], atol=1e-6)
    shift = len(bank) if name in ONE_BASED else 0
    np.testing.assert_allclose(expected_total(bank, theta) + shift, curves["expected_total"], atol=1e-6)
    assert known.matrix is not None
    data = Responses.from_matrix(known.matrix, first_category=int(name in ONE_BASED))
    mine = score(data, bank, latent=latent)
    assert mine.log_likelihood is not None
    assert mine.log_likelihood.sum() == pytest.approx(known.results["models"][model]["logLik"], abs=1e-6)


def test_eap_equals_a_naive_sum_over_nodes() -> None:
    rng = np.random.default_rng(4)
    bank = ItemParameters.build("graded", rng.uniform(0.5, 2, 6), np.sort(rng.normal(0, 1, (6, 3)))[:, ::-1])
    matrix = rng.integers(0, 4, (40, 6))
    matrix[rng.random(matrix.shape) < 0.3] = -1
    nodes = np.linspace(-6, 6, 61)
    logs = log_probabilities(bank, nodes)
    mine = score(matrix, bank)
    for i, row in enumerate(matrix):
        weight = np.exp(-0.5 * nodes**2 + sum(logs[j, x] for j, x in enumerate(row) if x >= 0))
        weight /= weight.sum()
        mean = weight @ nodes
        np.testing.assert_allclose(
            [mine.theta[i, 0], mine.se[i, 0]], [mean, np.sqrt(weight @ (nodes - mean) ** 2)], atol=1e-10
        )


def test_sum_score_likelihoods_equal_enumeration() -> None:
    from itertools import product

    from shuyang.measurement.irt.sumscore import sum_score_likelihoods

    bank = ItemParameters.build(["2pl", "graded", "gpcm"], [1.0, 1.3, 0.7], [[0.2], [0.5, -0.5], [0.1, -0.3]])
    p = probabilities(bank, np.array([-1.0, 0.4]))
    naive = np.zeros((6, 2))
    for pattern in product(range(2), range(3), range(3)):
        naive[sum(pattern)] += np.prod([p[j, x] for j, x in enumerate(pattern)], axis=0)
    np.testing.assert_allclose(sum_score_likelihoods(p), naive, atol=1e-14)
