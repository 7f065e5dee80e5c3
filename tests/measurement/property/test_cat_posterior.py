"""The posterior against brute force, and its independence of order."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Answer, CompiledBank, FloatArray, LevelCuts, Prior
from shuyang.measurement.cat.errors import BadAnswer, BadBlueprint, BadPrior
from shuyang.measurement.cat.levels import levels
from shuyang.measurement.cat.posterior import _expectation_propagation, gather, interpolate, posterior, prior_parts
from shuyang.measurement.cat.propagation import propagated

from .cat_cases import mixed_items, random_answers


def brute_force(bank: CompiledBank, answers: list[Answer], prior: Prior) -> tuple[FloatArray, FloatArray]:
    """Mean and SD by a full product grid of the bank's own nodes."""
    precision = np.linalg.inv(np.asarray(prior.cov))
    grid = np.array(list(itertools.product(bank.nodes, repeat=bank.dims)))
    cells = np.array(list(itertools.product(range(len(bank.nodes)), repeat=bank.dims)))
    away = grid - np.asarray(prior.mean)
    log_w = -0.5 * np.einsum("ni,ij,nj->n", away, precision, away)
    for item, category in answers:
        log_w += bank.log_prob[item, category, cells[:, bank.dim[item]]]
    w = np.exp(log_w - log_w.max())
    w /= w.sum()
    mean = w @ grid
    return mean, np.sqrt(w @ (grid - mean) ** 2)


WIDE = Prior((3.0,) * 5, Prior.equicorrelated(5, 0.5).cov)
PRIORS = {2: Prior((0.3, -0.2), ((1.0, 0.6), (0.6, 1.2))), 3: Prior.equicorrelated(3, 0.75)}


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("n", [1, 4, 12, 40])
def test_posterior_matches_brute_force(dims: int, n: int) -> None:
    bank = compile_bank(mixed_items(60, dims=dims, seed=n), dims=dims)
    for seed in range(4):
        answers = random_answers(bank, n, seed)
        mean, sd = brute_force(bank, answers, PRIORS[dims])
        quick = posterior(bank, answers, PRIORS[dims])
        final = posterior(bank, answers, PRIORS[dims], accuracy="final")
        assert np.abs((quick.mean - mean) / sd).max() < 0.005
        assert np.abs(quick.sd / sd - 1).max() < 0.005
        assert np.abs((final.mean - mean) / sd).max() < 2e-4
        assert np.abs(final.sd / sd - 1).max() < 2e-4


def test_all_wrong_and_all_right_stay_finite_and_apart() -> None:
    bank = compile_bank(mixed_items(60))
    prior = Prior.equicorrelated(5, 0.6)
    low = posterior(bank, [(j, 0) for j in range(60)], prior, accuracy="final")
    high = posterior(bank, [(j, int(bank.n_categories[j]) - 1) for j in range(60)], prior, accuracy="final")
    assert np.all(np.isfinite(low.mean))
    assert np.all(high.mean - low.mean > 2)


def test_no_answer_gives_the_prior() -> None:
    bank = compile_bank(mixed_items(24, dims=3), dims=3)
    belief = posterior(bank, [], PRIORS[3], accuracy="final")
    assert np.allclose(belief.mean, PRIORS[3].mean, atol=1e-4)
    assert np.allclose(belief.cov, PRIORS[3].cov, atol=1e-3)


def test_same_answers_in_any_order_give_the_same_floats() -> None:
    bank = compile_bank(mixed_items(120))
    prior = Prior.equicorrelated(5, 0.6)
    answers = random_answers(bank, 30, 7)
    shuffled = random.Random(3).sample(answers, len(answers))
    one, two = posterior(bank, answers, prior), posterior(bank, shuffled, prior)
    assert np.array_equal(one.mean, two.mean)
    assert np.array_equal(one.cov, two.cov)
    step_by_step = gather(bank, [])
    for item, category in shuffled:
        step_by_step = step_by_step.with_answer(bank, item, category)
    assert np.array_equal(step_by_step.table, gather(bank, answers).table)


def test_marginals_agree_with_moments() -> None:
    bank = compile_bank(mixed_items(120))
    belief = posterior(bank, random_answers(bank, 30, 8), Prior.equicorrelated(5, 0.6))
    assert np.allclose(belief.marginals.sum(axis=1), 1)
    assert np.allclose(belief.marginals @ bank.nodes, belief.mean, atol=1e-6)


def test_interpolation_reproduces_cubics_and_holds_its_ends() -> None:
    nodes = np.linspace(-5, 5, 61)
    table = np.stack([nodes**3 - 2 * nodes, 1 + nodes**2])
    theta = np.random.default_rng(1).uniform(-5, 5, (50, 2))
    exact = np.stack([theta[:, 0] ** 3 - 2 * theta[:, 0], 1 + theta[:, 1] ** 2], axis=1)
    assert np.allclose(interpolate(table, nodes, theta), exact)
    assert np.allclose(interpolate(table, nodes, np.array([[9.0, -9.0]])), [[table[0, -1], table[1, 0]]])


@pytest.mark.parametrize("answers", [[(99, 0)], [(-1, 0)], [(0, 4)], [(1, 2)], [(0, -1)], [(3, 0), (3, 1)]])
def test_impossible_answers_are_refused(answers: list[Answer]) -> None:
    bank = compile_bank(mixed_items(12))
    with pytest.raises(BadAnswer):
        posterior(bank, answers, Prior.equicorrelated(5, 0.5))


@pytest.mark.parametrize("prior", [Prior.equicorrelated(4, 0.5), Prior.equicorrelated(5, 1.0), WIDE])
def test_impossible_priors_are_refused(prior: Prior) -> None:
    with pytest.raises(BadPrior):
        posterior(compile_bank(mixed_items(12)), [], prior)


def test_levels_sum_to_one_and_uncertain_cuts_blur_them() -> None:
    bank = compile_bank(mixed_items(60, dims=2), dims=2)
    belief = posterior(bank, random_answers(bank, 20, 2), PRIORS[2])
    cuts = (-1.0, float(belief.mean[0]) - 0.3, 1.5)
    sharp, blurred = (levels(belief, [LevelCuts(cuts, se)] * 2) for se in ((), (0.5, 0.5, 0.5)))
    assert all(abs(sum(p) - 1) < 1e-12 and min(p) >= 0 for p in (*sharp, *blurred))
    assert max(blurred[0]) < max(sharp[0])
    with pytest.raises(BadBlueprint):
        levels(belief, [LevelCuts((1.0, 0.0))] * 2)


@pytest.mark.parametrize(("dims", "n"), [(1, 0), (2, 9), (5, 0), (5, 1), (5, 40)])
def test_the_compiled_propagation_finds_what_the_plain_one_finds(dims: int, n: int) -> None:
    bank = compile_bank(mixed_items(80, dims=dims), dims=dims)
    prior = prior_parts(Prior.equicorrelated(dims, 0.5), dims, 6.0)
    for seed in range(5):
        table = gather(bank, random_answers(bank, n, seed)).table
        fast = propagated(prior.precision, prior.shift, prior.floor, table, bank.nodes)
        plain = _expectation_propagation(prior, table, bank.nodes)
        for mine, other in zip(fast, plain, strict=True):
            assert np.abs(mine - other).max() < 2e-7  # both stop when a sweep changes less than 1e-7
