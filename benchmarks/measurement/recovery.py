"""Recovery by simulation: bias of the estimates and coverage of their 95 % intervals, model by model.

Each line: samples, persons a sample, mean error in standard errors, spread of the errors in standard errors (1 is
right), and the share of intervals that hold the truth. Parameters of the ability distribution are counted apart.
With priors (3PL) the intervals are posterior ones and, where the truth lies well within the priors, hold it more often.

    python -m benchmarks.measurement.recovery [samples]
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.priors import Normal, Priors
from shuyang.measurement.irt.result import Calibration

Float = NDArray[np.float64]
SAMPLES, PERSONS, ITEMS = 40, 1000, 15
MISSING = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """A true bank, how ability is drawn (with whatever `calibrate` has to be told), and the true latent parameters."""

    name: str
    items: ItemParameters
    ability: Callable[[np.random.Generator], tuple[Float, dict[str, Any]]]
    options: dict[str, Any]
    latent: dict[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """Errors of item parameters and of latent parameters, each over its standard error."""

    items: list[float]
    latent: list[float]


def standard(rng: np.random.Generator, dims: int = 1) -> Float:
    """Abilities of a standard normal population."""
    return rng.standard_normal((PERSONS, dims))


def one_dimensional() -> Iterator[Case]:
    rng = np.random.default_rng(1)
    a, b = rng.uniform(0.8, 1.8, ITEMS), rng.normal(0, 0.8, ITEMS)
    steps = b[:, None] + np.array([-0.9, 0.0, 0.9])
    plain = lambda r: (standard(r), {})  # noqa: E731
    build = ItemParameters.from_difficulty
    yield Case("rasch", build("rasch", np.ones(ITEMS), b), plain, {}, {"variance:all": 1.0})
    yield Case("1pl", build("1pl", np.full(ITEMS, 1.3), b), plain, {}, {})
    yield Case("2pl", build("2pl", a, b), plain, {}, {})
    priors = Priors(guessing=Normal(-1.4, 0.5), slope=Normal(1.3, 0.5))
    yield Case("3pl, priors", build("3pl", a, b, g=0.2), plain, {"priors": priors}, {})
    yield Case("graded", build("graded", a, steps), plain, {}, {})
    yield Case("gpcm", build("gpcm", a, steps), plain, {}, {})
    yield Case("pcm", build("pcm", np.ones(ITEMS), steps), plain, {}, {"variance:all": 1.0})
    yield Case("rating scale", build("rsm", np.ones(ITEMS), steps), plain, {}, {"variance:all": 1.0})
    scores = [[0, 1.3, 1.6, 3]] * ITEMS
    yield Case("nominal", ItemParameters.build("nominal", a / 2, -a[:, None] / 2 * steps, scores=scores), plain, {}, {})
    bank = build(["2pl", "graded", "gpcm"] * 5, a, [s[:k] for s, k in zip(steps, [1, 3, 3] * 5, strict=True)])
    yield Case("mixed formats", bank, plain, {}, {})


def populations() -> Iterator[Case]:
    rng = np.random.default_rng(2)
    a, b = rng.uniform(0.8, 1.8, ITEMS), rng.normal(0, 0.8, ITEMS)
    bank = ItemParameters.from_difficulty("2pl", a, b)
    half = np.arange(PERSONS) % 2

    def groups(r: np.random.Generator) -> tuple[Float, dict[str, Any]]:
        return np.where(half, 0.5 + 1.2 * r.standard_normal(PERSONS), r.standard_normal(PERSONS))[:, None], {
            "groups": half.tolist()
        }

    def regression(r: np.random.Generator) -> tuple[Float, dict[str, Any]]:
        x = r.standard_normal(PERSONS)
        return standard(r) + 0.5 * x[:, None], {"covariates": x}

    def anchored(r: np.random.Generator) -> tuple[Float, dict[str, Any]]:
        return 0.4 + 1.1 * standard(r), {"anchors": bank.select(range(8))}

    yield Case("two groups", bank, groups, {}, {"mean:1": 0.5, "variance:1": 1.44})
    yield Case("latent regression", bank, regression, {}, {"coefficient:0": 0.5})
    yield Case("fixed items", bank, anchored, {}, {"mean:all": 0.4, "variance:all": 1.21})


def several_dimensions() -> Iterator[Case]:
    rng = np.random.default_rng(3)
    d = rng.normal(0, 0.8, ITEMS)

    def correlated(dims: int) -> Callable[[np.random.Generator], tuple[Float, dict[str, Any]]]:
        root = np.linalg.cholesky(0.5 + 0.5 * np.eye(dims))
        return lambda r: (standard(r, dims) @ root.T, {})

    for dims in (2, 3):
        loads = np.repeat(np.eye(dims, dtype=bool), -(-ITEMS // dims), axis=0)[:ITEMS]
        bank = ItemParameters.build("2pl", np.where(loads, rng.uniform(0.9, 1.8, (ITEMS, 1)), 0.0), d)
        truth = {f"covariance:{i + 1},{j + 1}": 0.5 for i in range(dims) for j in range(i)}
        yield Case(f"{dims} correlated factors", bank, correlated(dims), {"loads": loads}, truth)
    labels = np.repeat(np.arange(3), 5)
    slopes = np.zeros((ITEMS, 4))
    slopes[:, 0] = rng.uniform(1.0, 1.8, ITEMS)
    slopes[np.arange(ITEMS), 1 + labels] = rng.uniform(0.8, 1.4, ITEMS)
    bank = ItemParameters.build("2pl", slopes, d)
    shape = {"specific": labels.tolist(), "nodes": 21}
    yield Case("bifactor", bank, lambda r: (standard(r, 4), {}), shape, {})
    slopes = slopes.copy()
    slopes[np.arange(ITEMS), 1 + labels] = slopes[:, 0]
    spread = np.array([1.0, 0.8, 0.7, 0.9])
    truth = {f"covariance:{k},{k}": float(spread[k - 1] ** 2) for k in (2, 3, 4)}
    bank = ItemParameters.build("2pl", slopes, d)
    yield Case("testlets", bank, lambda r: (standard(r, 4) * spread, {}), shape | {"testlet": True}, truth)


def answers(items: ItemParameters, theta: Float, rng: np.random.Generator) -> Responses:
    """Drawn from the model, a tenth of them missing."""
    above = np.cumsum(probabilities(items, theta), axis=1)
    x = (rng.random((len(items), 1, len(theta))) > above).sum(axis=1).T.astype(float)
    x[rng.random(x.shape) < MISSING] = np.nan
    return Responses.from_matrix(x, item_ids=items.ids)


def errors_of(result: Calibration, case: Case) -> Found:
    """(estimate - truth) / standard error; the sign of a factor is that of its slopes' sum."""
    got, true = result.items, case.items
    z = []
    sign = np.where(got.slopes.sum(axis=0) < 0, -1.0, 1.0)
    for (j, name), se in got.standard_errors().items():
        if name.startswith("logit") or (got.models[j] == "1pl" and name == "a1" and j > 0):
            continue  # a guessing prior decides its own interval; a common slope counts once
        array, k = {"a": "slopes", "d": "intercepts", "s": "scores"}[name[0]], int(name[1:]) - (name[0] != "s")
        found = getattr(got, array)[j, k] * (sign[k] if name[0] == "a" else 1.0)
        z.append((found - getattr(true, array)[j, k]) / se)
    return Found(
        z, [(_latent(result, name) - value) / result.latent_errors[name] for name, value in case.latent.items()]
    )


def _latent(result: Calibration, name: str) -> float:
    kind, _, where = name.partition(":")
    if kind == "coefficient":
        assert result.latent.coefficients is not None
        return float(result.latent.coefficients[int(where), 0])
    if "," in where:
        i, j = (int(v) - 1 for v in where.split(","))
        return float(result.latent.covariance[0, i, j])
    g = [str(n) for n in result.latent.names].index(where)
    return float(result.latent.mean[g, 0] if kind == "mean" else result.latent.covariance[g, 0, 0])


def run_case(case: Case, samples: int) -> str:
    """One line of the table."""
    items: list[float] = []
    latent: list[float] = []
    for seed in range(samples):
        rng = np.random.default_rng(1000 + seed)
        theta, told = case.ability(rng)
        data = answers(case.items, theta, rng)
        result = calibrate(data, list(case.items.models), standard_errors=True, **case.options, **told)
        found = errors_of(result, case)
        items += found.items
        latent += found.latent
    return f"{case.name:24s} {_figures(items)}   {_figures(latent) if latent else ''}"


def _figures(z: list[float]) -> str:
    inside = np.abs(z) < 1.959964
    return f"{np.mean(z):+6.3f} {np.std(z):6.3f} {inside.mean():7.1%} of {len(z):5d}"


def main(samples: int = SAMPLES) -> None:
    """Print the table (some five minutes with 40 samples)."""
    warnings.simplefilter("ignore")
    print(f"{samples} samples of {PERSONS} persons, {ITEMS} items, {MISSING:.0%} missing")
    print(f"{'model':24s} {'items: mean, sd of z, coverage':34s}   ability distribution: the same")
    for make in (one_dimensional, populations, several_dimensions):
        for case in make():
            print(run_case(case, samples), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
