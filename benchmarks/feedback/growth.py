"""Does the interval of a person's change hold the truth? `python -m benchmarks.feedback.growth --people 2000`

Everyone sits twice, adaptively, on two halves of a bank on expert priors (nobody meets an item twice), with item
parameters drawn afresh from what is believed about them. The true change is none, drawn, or fixed. Reported: coverage of
the 95 % interval per force, the share of (person, force) called reliable, and the share of persons with any force called
reliable: with no change that is the family-wise rate of false findings.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.measurement.cat import five_dimensional_items
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Blueprint, CatItem, Posterior, Prior
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.change import STABILITY, Measured, change
from shuyang.measurement.simulate.sittings import simulate_sittings

FloatArray = npt.NDArray[np.float64]
PRIOR = Prior.equicorrelated(5, 0.6)
BLUEPRINT = Blueprint((0.40,) * 5, 25, 75)


def sit(items: Sequence[CatItem], theta: FloatArray, seed: int) -> list[Posterior]:
    """Posteriors of people with abilities `theta` [N, 5] after an adaptive sitting each."""
    done = simulate_sittings(items, BLUEPRINT, PRIOR, n=len(theta), seed=seed, theta=theta)
    bank = compile_bank(items, dims=5)
    pairs = [list(zip(g.tolist(), a.tolist(), strict=True)) for g, a in zip(done.given, done.answers, strict=True)]
    return [posterior(bank, [(i, c) for i, c in line if i >= 0], PRIOR) for line in pairs]


def changes(people: int, rng: np.random.Generator) -> Mapping[str, FloatArray]:
    """True changes [N, 5] in logits (population SDs) by name."""
    cov = np.asarray(PRIOR.cov)
    return {
        "none": np.zeros((people, 5)),
        "drawn, SD 0.5": rng.multivariate_normal(np.zeros(5), 0.25 * cov, people),
        "drawn, SD 1.0": rng.multivariate_normal(np.zeros(5), cov, people),
        "all forces +0.5": np.full((people, 5), 0.5),
        "all forces +1.0": np.full((people, 5), 1.0),
        "one force +1.0": np.tile([1.0, 0.0, 0.0, 0.0, 0.0], (people, 1)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    items = five_dimensional_items(960)
    theta = rng.multivariate_normal(PRIOR.mean, PRIOR.cov, options.people)
    first = sit(items[::2], theta, options.seed)
    print(f"{options.people} people, prior correlation of occasions {STABILITY}")
    print(f"{'true change':18s} coverage per force              reliable   any of five   mean SE")
    for name, moved in changes(options.people, rng).items():
        second = sit(items[1::2], theta + moved, options.seed + 1)
        both = [
            change(Measured(a.mean.tolist(), a.cov.tolist(), PRIOR), Measured(b.mean.tolist(), b.cov.tolist(), PRIOR))
            for a, b in zip(first, second, strict=True)
        ]
        mean, sd = np.array([c.mean for c in both]), np.array([c.sd for c in both])
        covered = (np.abs(mean - moved) <= 1.96 * sd).mean(axis=0)
        called = np.abs(mean) > 1.96 * sd
        shares = " ".join(f"{c:.3f}" for c in covered)
        print(f"{name:18s} {shares}   {called.mean():8.3f}   {called.any(axis=1).mean():11.3f}   {sd.mean():.3f}")


if __name__ == "__main__":
    main()
