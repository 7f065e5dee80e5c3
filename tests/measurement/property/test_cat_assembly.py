"""Parallel forms and exposure control."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shuyang.measurement.cat.assembly import InformationTarget, assemble_forms
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Blueprint, FacetQuota, FloatArray, KindLimit
from shuyang.measurement.cat.errors import BadBlueprint
from shuyang.measurement.cat.exposure import ExposureCounts, draw_eligible, eligibility, sympson_hetter, withheld
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.simulate.one_dimension import CatRules, simulate_cat
from shuyang.measurement.simulate.violations import violations

from .cat_cases import mixed_items

BLUEPRINT = Blueprint(
    (0.4,), 12, 12, facets=tuple(FacetQuota(f"f{k:02d}", 1, 2) for k in range(12)), kinds=(KindLimit("k0", 4),)
)
TARGET = InformationTarget(0, (-1.0, 0.0, 1.0), (3.5, 4.0, 3.5))


def test_forms_are_disjoint_parallel_and_lawful() -> None:
    items = [replace(item, enemies=("i0031",) if j == 7 else ()) for j, item in enumerate(mixed_items(96, dims=1))]
    bank = compile_bank(items, dims=1)
    result = assemble_forms(bank, BLUEPRINT, [TARGET], forms=3, time_limit=5.0, tolerance=0.06)
    given = [item for form in result.forms for item in form]
    assert len(given) == len(set(given)) == 36
    assert all(violations(items, form, BLUEPRINT) == set() for form in result.forms)
    exact = np.array(
        [[np.interp(t, bank.nodes, bank.info[list(form)].sum(axis=0)) for t in TARGET.theta] for form in result.forms]
    )
    assert np.allclose(exact, result.information)
    assert result.deviation < 0.06, result.summary()
    assert "3 forms" in result.summary()
    assert len(result.to_table()["item"]) == 36


def test_several_dimensions_have_their_own_targets() -> None:
    bank = compile_bank(mixed_items(96, dims=2), dims=2)
    targets = [InformationTarget(0, (0.0,), (2.0,)), InformationTarget(1, (0.0,), (3.0,))]
    result = assemble_forms(bank, replace(BLUEPRINT, facets=(), kinds=()), targets, time_limit=5.0)
    assert result.information[0] == pytest.approx([2.0, 3.0], abs=0.05)


def test_impossible_forms_are_refused() -> None:
    bank = compile_bank(mixed_items(30, dims=1), dims=1)
    with pytest.raises(BadBlueprint):
        assemble_forms(bank, BLUEPRINT, [TARGET], forms=3, time_limit=5.0, tolerance=0.06)
    with pytest.raises(BadBlueprint):
        assemble_forms(bank, BLUEPRINT, [InformationTarget(4, (0.0,), (1.0,))])


def one_dimensional() -> ItemParameters:
    rng = np.random.default_rng(5)
    return ItemParameters.from_difficulty("2pl", rng.lognormal(0.1, 0.3, 120), rng.normal(0, 1, (120, 1)))


def test_sympson_hetter_holds_the_maximum() -> None:
    items, theta = one_dimensional(), np.random.default_rng(6).normal(size=20_000)
    rules = CatRules(target_se=0.0, max_items=12)

    def simulate(keep: FloatArray) -> tuple[FloatArray, FloatArray]:
        result = simulate_cat(items, theta, rules, keep=keep)
        return result.considered / len(theta), result.exposure

    found = sympson_hetter(simulate, 120, maximum=0.25, length=12)
    assert found.converged
    fresh = simulate_cat(items, np.random.default_rng(7).normal(size=20_000), rules, keep=found.keep, seed=9)
    assert fresh.exposure.max() < 0.27
    assert set(fresh.length.tolist()) == {12}
    with pytest.raises(BadBlueprint):
        sympson_hetter(simulate, 120, maximum=0.05, length=12)


def test_eligibility_holds_the_maximum_from_examinee_to_examinee() -> None:
    items, theta = one_dimensional(), np.random.default_rng(8).normal(size=800)
    rules = CatRules(target_se=0.0, max_items=10)
    counts = ExposureCounts.empty(120)
    given = np.zeros(120)
    for person, ability in enumerate(theta):
        eligible = draw_eligible(eligibility(counts, 0.2), person)
        test = simulate_cat(items, [ability], rules, closed=~eligible[None, :], seed=person)
        counts = counts.after(eligible, test.given[0])
        given += test.counts
    assert given.max() / 800 < 0.23
    free = simulate_cat(items, theta, rules)
    assert free.exposure.max() > 0.5


def test_old_exposure_fades() -> None:
    counts = ExposureCounts(100.0, np.full(3, 100.0), np.array([90.0, 10.0, 0.0]))
    assert eligibility(counts, 0.25) == pytest.approx([0.0, 1.0, 1.0])
    assert eligibility(counts, 0.95)[0] == 1.0
    assert eligibility(ExposureCounts(100.0, np.full(3, 30.0), np.full(3, 24.0)), 0.24)[0] == pytest.approx(0.3)
    assert withheld(counts, 0.25, seed=7) == (0,)
    often = ExposureCounts(100.0, np.full(3, 30.0), np.full(3, 24.0))
    shares = [0 in withheld(often, 0.24, seed) for seed in range(2000)]
    assert np.mean(shares) == pytest.approx(0.7, abs=0.03)
    later = counts.after(np.array([False, True, True]), np.array([1]), fading=0.5)
    assert later.given.tolist() == [45.0, 6.0, 0.0]
    with pytest.raises(BadBlueprint):
        eligibility(counts, 0.0)
