"""The risk of a cut agrees with what a simulation of true abilities and errors shows."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.errors import BadShape
from shuyang.measurement.standards import cut_risks


def test_it_agrees_with_simulated_truth() -> None:
    rng = np.random.default_rng(7)
    sd, cut = 0.4, 0.3
    estimate = rng.normal(0.0, np.sqrt(1 - sd**2), 40_000)
    truth = estimate + sd * rng.standard_normal(len(estimate))
    (risk,) = cut_risks(estimate[:4000], np.full(4000, sd), [cut], draws=40, seed=1)
    wrong_pass = float(np.mean((estimate >= cut) & (truth < cut)))
    wrong_fail = float(np.mean((estimate < cut) & (truth >= cut)))
    assert risk.false_positive.value == pytest.approx(wrong_pass, abs=0.012)
    assert risk.false_negative.value == pytest.approx(wrong_fail, abs=0.012)
    assert risk.accuracy.value == pytest.approx(1 - wrong_pass - wrong_fail, abs=0.02)
    assert risk.false_positive.low < risk.false_positive.value < risk.false_positive.high


def test_an_uncertain_cut_widens_the_interval() -> None:
    estimate = np.random.default_rng(3).normal(size=400)
    sure, unsure = (
        cut_risks(estimate, np.full(400, 0.4), [-0.5, 0.5], cut_se=se, draws=100, seed=2)[1].false_positive
        for se in (0.0, 0.3)
    )
    assert unsure.high - unsure.low > sure.high - sure.low


def test_it_refuses_what_makes_no_sense() -> None:
    for mean, cuts in (([0.1], [0.0]), ([0.1, 0.2], [0.5, 0.5])):
        with pytest.raises(BadShape):
            cut_risks(mean, [0.3] * len(mean), cuts)
