"""Calibration and scoring: CPU seconds of ours, with ratios to recorded peers (`peers` runs installed ones).

Data are simulated here (seeded). Recorded figures of peers come from the same designs on two virtual cores (Xeon,
AVX2); a ratio to them compares machines as well as programs.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.scores import score

Int8 = NDArray[np.int8]
BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `goals`: recorded CPU seconds of a peer and the ratio aimed at; `result`: what was found."""

    name: str
    cpu: float
    wall: float
    result: str
    goals: tuple[tuple[str, float, float], ...]


def bank(items: int, seed: int, categories: int = 2) -> ItemParameters:
    """A plausible bank: log-normal slopes, normal difficulties."""
    rng = np.random.default_rng(seed)
    a = np.clip(rng.lognormal(0.25, 0.3, items), 0.4, 3.0)
    if categories == 2:
        return ItemParameters.build("2pl", a, -a * np.clip(rng.normal(0, 1, items), -2.5, 2.5))
    steps = rng.normal(0, 1, (items, 1)) + np.linspace(-1.5, 1.5, categories - 1)
    return ItemParameters.from_difficulty("graded", a, steps)


def answers(items: ItemParameters, theta: NDArray[np.float64], seed: int) -> Int8:
    """Simulated complete responses [N, J]."""
    rng = np.random.default_rng(seed)
    out = np.empty((len(theta), len(items)), np.int8)
    for start in range(0, len(theta), BLOCK):
        above = np.cumsum(probabilities(items, theta[start : start + BLOCK]), axis=1)[:, :-1]
        uniform = rng.random((len(items), 1, above.shape[2]))
        out[start : start + BLOCK] = (uniform > above).sum(axis=1).T
    return out


def sparse_answers(items: ItemParameters, persons: int, each: int, seed: int) -> Responses:
    """Simulated responses in which everyone sees `each` random items."""
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal(persons)
    item = np.empty((persons, each), np.int32)
    category = np.empty((persons, each), np.int8)
    for start in range(0, persons, BLOCK):
        part = slice(start, min(start + BLOCK, persons))
        chosen = np.argpartition(rng.random((part.stop - start, len(items)), np.float32), each, axis=1)[:, :each]
        item[part] = np.sort(chosen, axis=1)
        t = items.slopes[item[part], 0] * theta[part, None] + items.intercepts[item[part], 0]
        category[part] = rng.random(t.shape) < 1 / (1 + np.exp(-t))
    return Responses(np.arange(persons + 1) * each, item.ravel(), category.ravel(), items.ids)


def five_factors(seed: int, crossed: bool) -> tuple[Int8, NDArray[np.bool_]]:
    """5,000 x 50 on five factors correlated .6; crossed: most items also load on the next factor."""
    rng = np.random.default_rng(seed)
    loads = np.repeat(np.eye(5, dtype=bool), 10, axis=0)
    slopes = loads * np.clip(rng.lognormal(0.2, 0.3, (50, 1)), 0.4, 3.0)
    if crossed:
        extra = np.roll(loads, 1, axis=1) & (np.arange(50) % 10 >= 3)[:, None]
        slopes, loads = slopes + 0.5 * extra, loads | extra
    theta = rng.standard_normal((5000, 5)) @ np.linalg.cholesky(0.6 + 0.4 * np.eye(5)).T
    d = rng.normal(0, 1, 50)
    return (rng.random((5000, 50)) < 1 / (1 + np.exp(-(theta @ slopes.T + d)))).astype(np.int8), loads


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Result, CPU and wall seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def peak_mib() -> float:
    """Peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def warm_up() -> None:
    """Compile (or load) every kernel outside the clock."""
    x = answers(bank(8, 1), np.random.default_rng(0).standard_normal(300), 2)
    result = calibrate(x, limit=4)
    score(x, result.items)
    simple = np.repeat(np.eye(2, dtype=bool), 4, axis=0)
    calibrate(x, loads=simple, method="adaptive", limit=3, points=64)


def run(large: bool = False) -> Iterator[Line]:
    """The lines of the table; `large` adds the million-person runs."""
    import warnings

    warnings.simplefilter("ignore")
    warm_up()
    yield from _complete()
    yield from _sparse(100_000, (("R mirt", 188.0, 90.0), ("theta-irt", 37.0, 18.0)))
    for crossed, ratio in ((False, 50.0), (True, 20.0)):
        x, loads = five_factors(7, crossed)
        fit, cpu, wall = timed(lambda x=x, loads=loads: calibrate(x, loads=loads))
        name = "five factors 5,000 x 50, " + ("general loadings" if crossed else "simple structure")
        yield Line(name, cpu, wall, _found(fit), (("R mirt QMCEM", 138.0, ratio),))
    if large:
        yield _scoring()
        yield from _sparse(1_000_000, (("goal", 30.0, 1.0),))


def _complete() -> Iterator[Line]:
    theta = np.random.default_rng(11).standard_normal(100_000)
    x = answers(bank(40, 3), theta, 4)
    for persons, goals in (
        (1_000, (("R mirt", 0.56, 1.0),)),
        (10_000, (("R mirt", 3.1, 1.0),)),
        (100_000, (("R mirt", 21.0, 20.0), ("theta-irt", 4.7, 4.0))),
    ):
        fit, cpu, wall = timed(lambda n=persons: calibrate(x[:n]))
        yield Line(f"2PL {persons:,} x 40", cpu, wall, _found(fit), goals)
    y = answers(bank(30, 5, 5), theta[:10_000], 6)
    fit, cpu, wall = timed(lambda: calibrate(y, "graded"))
    yield Line("graded 10,000 x 30 x 5", cpu, wall, _found(fit), (("R mirt", 5.3, 25.0),))


def _sparse(persons: int, goals: tuple[tuple[str, float, float], ...]) -> Iterator[Line]:
    data = sparse_answers(bank(500, 8), persons, 30, 9)
    before = peak_mib()
    fit, cpu, wall = timed(lambda: calibrate(data))
    size = (data.ptr.nbytes + data.item.nbytes + data.category.nbytes) / 2**20
    found = f"{_found(fit)}, data {size:.0f} MiB, peak {peak_mib():.0f} MiB (before {before:.0f})"
    yield Line(f"2PL sparse {persons:,} x 30 of 500", cpu, wall, found, goals)


def _scoring() -> Line:
    items = bank(40, 3)
    x = answers(items, np.random.default_rng(12).standard_normal(1_000_000), 4)
    data = Responses.from_matrix(x, item_ids=items.ids)
    scores, cpu, wall = timed(lambda: score(data, items))
    return Line("EAP 1,000,000 x 40", cpu, wall, f"mean SE {scores.se.mean():.4f}", (("goal", 2.0, 1.0),))


def _found(fit: Any) -> str:
    state = "" if fit.converged else " NOT CONVERGED"
    return f"log-likelihood {fit.log_likelihood:.2f}, {fit.iterations} steps{state}"


def table(lines: Iterator[Line]) -> Iterator[str]:
    """The lines as text, as they come."""
    yield f"{'case':45s} {'CPU s':>8s} {'wall s':>8s}  against"
    for line in lines:
        against = [f"{peer} {cpu:g}: {cpu / line.cpu:.0f}x (goal {goal:g}x)" for peer, cpu, goal in line.goals]
        yield f"{line.name:45s} {line.cpu:8.2f} {line.wall:8.2f}  {'; '.join(against)}\n{'':45s} {line.result}"


def main(large: bool = False) -> None:
    """Print the table."""
    for text in table(run(large)):
        print(text, flush=True)


if __name__ == "__main__":
    import sys

    main("--large" in sys.argv)
