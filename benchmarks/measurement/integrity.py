"""False positive rates of the integrity indices for honest simulated people: how often each would be flagged for nothing.

python -m benchmarks.measurement.integrity [people]
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.integrity import person_fit, preknowledge, response_effort, similarity

Floats = NDArray[np.float64]
ITEMS, DRAWS = 40, 200
LEVELS = (0.05, 0.01, 0.001)


def bank(rng: np.random.Generator, items: int) -> tuple[Floats, Floats]:
    """Slopes and difficulties."""
    return rng.lognormal(0.2, 0.25, items), rng.normal(0, 1, items)


def curve(slope: Floats, difficulty: Floats, theta: Floats) -> Floats:
    """[len(theta), items, 2] category probabilities."""
    p = 1 / (1 + np.exp(-slope * (theta[:, None] - difficulty)))
    return np.stack([1 - p, p], axis=2)


def posterior(slope: Floats, difficulty: Floats, answers: Floats, rng: np.random.Generator) -> tuple[float, Floats]:
    """Mean, and draws from the posterior on a grid under a standard normal prior."""
    grid = np.linspace(-4, 4, 161)
    p = curve(slope, difficulty, grid)[:, :, 1]
    log = (answers * np.log(p) + (1 - answers) * np.log(1 - p)).sum(axis=1) - grid**2 / 2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    return float(weight @ grid), rng.choice(grid, DRAWS, p=weight)


def honest(rng: np.random.Generator, theta: float, items: int = ITEMS) -> tuple[Floats, Floats, Floats, Floats]:
    """Items, answers and times over typical times of one honest person."""
    slope, difficulty = bank(rng, items)
    answers = (rng.random(items) < curve(slope, difficulty, np.array([theta]))[0, :, 1]).astype(float)
    return slope, difficulty, answers, rng.lognormal(rng.normal(0, 0.3), 0.5, items)


def fit_p(rng: np.random.Generator) -> float:
    slope, difficulty, answers, _ = honest(rng, rng.standard_normal())
    mean, drawn = posterior(slope, difficulty, answers, rng)
    at, draws = curve(slope, difficulty, np.array([mean]))[0], curve(slope, difficulty, drawn)
    return person_fit(
        list(at), answers.astype(int).tolist(), list(draws.transpose(1, 0, 2)), seed=int(rng.integers(2**31))
    ).p


def similarity_p(rng: np.random.Generator, shared: int = 15) -> float:
    slope, difficulty = bank(rng, ITEMS)
    pair = []
    for theta in rng.standard_normal(2):
        p = curve(slope, difficulty, np.array([theta]))[0, :, 1]
        answers = (rng.random(ITEMS) < p).astype(float)
        mean, _ = posterior(slope, difficulty, answers, rng)
        pair.append((curve(slope, difficulty, np.array([mean]))[0][:shared], answers[:shared]))
    (a, x), (b, y) = pair
    return similarity(list(a), list(b), (x == y).tolist()).p


def knowledge_p(rng: np.random.Generator, leaked: int = 8) -> float:
    slope, difficulty, answers, seconds = honest(rng, rng.standard_normal())
    rest = slice(leaked, None)
    _, drawn = posterior(slope[rest], difficulty[rest], answers[rest], rng)
    draws = curve(slope[:leaked], difficulty[:leaked], drawn).transpose(1, 0, 2)
    found = preknowledge(
        list(draws), answers[:leaked].astype(int).tolist(), seconds[:leaked].tolist(), seconds[rest].tolist()
    )
    return max(found.p_score, found.p_time)


def slow_enough(rng: np.random.Generator) -> float:
    """1 − effort, as if it were a p value: below 0.1 means effort above 0.9, so flags are counted the other way."""
    *_, seconds = honest(rng, 0.0)
    return response_effort((60 * seconds).tolist(), [60.0] * ITEMS).effort


INDICES: dict[str, Callable[[np.random.Generator], float]] = {
    "person fit": fit_p, "similarity (15 shared)": similarity_p, "pre-knowledge (8 leaked)": knowledge_p,
}  # fmt: skip


def rates(people: int, seed: int = 1) -> dict[str, tuple[float, ...]]:
    """Share of honest people (pairs) whose p value lies below each of `LEVELS`, by index."""
    found = {}
    for name, index in INDICES.items():
        rng = np.random.default_rng(seed)
        p = np.array([index(rng) for _ in range(people)])
        found[name] = tuple(float(np.mean(p < level)) for level in LEVELS)
    return found


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    print(f"{people} honest people; share flagged at p < " + ", ".join(map(str, LEVELS)))
    for name, found in rates(people).items():
        print(f"{name:28}" + "  ".join(f"{rate:.4f}" for rate in found))
    rng = np.random.default_rng(2)
    low = np.mean([slow_enough(rng) < 0.9 for _ in range(people)])
    print(f"{'rapid answers, effort < 0.9':28}{low:.4f}")


if __name__ == "__main__":
    main()
