"""The information of the dimension reduction against second differences of a plainly summed likelihood."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.irt.bifactor import BifactorEM, Population, Structure, expanded, testlet_layout
from shuyang.measurement.irt.bifactorse import information_matrix
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Options
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent, log_weights
from shuyang.measurement.irt.models import log_probabilities
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.regression import Covariates
from shuyang.measurement.irt.squarem import Trace
from shuyang.measurement.irt.unknowns import unknowns_of
from shuyang.measurement.irt.working import working_layout

LINE = np.linspace(-4, 4, 11)
LABELS: list[object] = ["x", "x", "x", "y", "y", "y", None]
STEP = 2e-3


def bank() -> ItemParameters:
    return ItemParameters.build(
        ["2pl", "graded", "gpcm", "2pl", "graded", "gpcm", "2pl"],
        np.array([[1.2, 0.9], [1.0, 1.1], [0.8, 0.7], [1.4, 1.0], [1.1, 0.8], [0.9, 0.9], [1.3, 0.0]]),
        [[0.2], [0.8, -0.9], [0.3, 0.1], [-0.4], [0.5, -0.6], [0.2, -0.2], [0.1]],
    )


def answers(n: int, kind: str) -> tuple[np.ndarray, Population]:
    rng = np.random.default_rng(4)
    x = rng.integers(0, 3, (n, 7)).astype(float)
    x[:, [0, 3, 6]] = np.minimum(x[:, [0, 3, 6]], 1)
    x[rng.random(x.shape) < 0.15] = np.nan
    x[: n // 10, 3:6] = np.nan  # some saw nothing of a block
    if kind == "groups":
        return x, Population(("a", "b"), (np.arange(n) % 2).astype(np.int32))
    if kind == "covariates":
        return x, Population(design=Covariates.of(rng.standard_normal((n, 2))))
    return x, Population()


def engine(x: np.ndarray, people: Population, testlet: bool) -> tuple[BifactorEM, Structure]:
    structure = Structure.of(LABELS)
    items = bank()
    if testlet:
        slopes = np.repeat(items.slopes[:, :1], 2, axis=1) * (items.slopes != 0)
        items = ItemParameters.build(items.models, slopes, [row[~np.isnan(row)] for row in items.intercepts])
    layout = working_layout(items, loads=np.stack([np.ones(7, bool), structure.loads], axis=1))
    if testlet:
        layout = testlet_layout(layout, structure, np.ones(7, int))
    data = Responses.from_matrix(x, item_ids=items.ids)
    em = BifactorEM(data, layout, structure, LINE, Priors(), Options(), testlet=testlet, threads=1, people=people)
    return em, structure


def log_likelihood(
    x: np.ndarray, people: Population, items: ItemParameters, mean: np.ndarray, sd: np.ndarray, beta: np.ndarray
) -> float:
    """Summed over the product of the nodes of the three factors; mean [Gr], sd [Gr, 3], beta [C] of the general one."""
    index = np.stack([g.ravel() for g in np.meshgrid(*[np.arange(len(LINE))] * 3, indexing="ij")], axis=1)
    logs = log_probabilities(items, LINE[index])
    total = np.zeros((len(x), len(index)))
    for j in range(x.shape[1]):
        seen = ~np.isnan(x[:, j])
        total[seen] += logs[j][x[seen, j].astype(int)]
    for i, g in enumerate(people.group if len(people.group) else np.zeros(len(x), int)):
        if people.design is None:
            total[i] += log_weights(mean[g : g + 1], sd[g, :1], LINE)[0][index[:, 0]]
        else:  # the density at the nodes, times their distance
            z = (LINE - mean[g] - people.design.rows[i] @ beta) / sd[g, 0]
            step = LINE[1] - LINE[0]
            total[i] += (-0.5 * z**2 + np.log(step / sd[g, 0] / np.sqrt(2 * np.pi)))[index[:, 0]]
        for k in (1, 2):
            total[i] += log_weights(np.zeros(1), sd[g, k : k + 1], LINE)[0][index[:, k]]
    return float(np.logaddexp.reduce(total, axis=1).sum())


@pytest.mark.parametrize("kind", ["one group", "testlet", "groups", "covariates"])
def test_information_is_minus_the_second_derivative(kind: str) -> None:
    x, people = answers(160, kind)
    em, structure = engine(x, people, kind == "testlet")
    layout, groups = em.layout, len(people.names)
    mean, sd, beta = np.zeros(groups), np.ones((groups, 4)), np.zeros(0)
    moves: list[tuple[str, int, int]] = []  # the latent unknowns in the library's order
    if kind == "testlet":
        sd[0, 1:3] = 0.9, 0.8
        moves = [("sd", 0, 1), ("sd", 0, 2)]
    elif kind == "groups":
        mean[1], sd[1, :3] = 0.4, (1.2, 0.9, 1.1)
        moves = [("mean", 1, 0), ("sd", 1, 0), ("sd", 1, 1), ("sd", 1, 2)]
    elif kind == "covariates":
        beta = np.array([0.3, -0.2])
        moves = [("beta", 0, 0), ("beta", 1, 0)]
    wide = np.zeros((len(beta), 4))
    wide[:, 0] = beta
    means = np.pad(mean[:, None], ((0, 0), (0, 3)))
    covariance = np.stack([np.diag(row**2) for row in sd])
    latent = Latent(people.names, means, covariance, wide if len(beta) else None)
    psi, unknowns = layout.pack(layout.template), unknowns_of(layout)

    def at(step: np.ndarray) -> float:
        moved, m, s, b = psi.copy(), mean.copy(), sd.copy(), beta.copy()
        for j, (where, jacobian) in enumerate(zip(unknowns.index, unknowns.jacobian, strict=True)):
            moved[j] += jacobian @ step[where]
        for (what, g, k), change in zip(moves, step[unknowns.count :], strict=True):
            if what == "sd":
                s[g, k] *= np.exp(change)
            else:
                (m if what == "mean" else b)[g] += change
        items = expanded(layout.unpack(moved), structure, layout.ids)
        return log_likelihood(x, people, items, m, s, b)

    fitted = em.fitted_at(psi, latent, Trace(psi.ravel()))
    zero = np.zeros(unknowns.count + len(moves))
    assert fitted.expected.loglik == pytest.approx(at(zero), abs=1e-6)
    matrix = information_matrix(em, fitted)
    assert matrix.shape == (len(zero), len(zero))
    rng = np.random.default_rng(1)
    for _ in range(6):
        way = rng.standard_normal(len(zero))
        curvature = (at(STEP * way) - 2 * at(zero) + at(-STEP * way)) / STEP**2
        assert way @ matrix @ way == pytest.approx(-curvature, rel=1e-3)
