"""Banks and answers for the tests of the adaptive engine: our own random numbers."""

from __future__ import annotations

import numpy as np

from shuyang.measurement.cat.contracts import Answer, CatItem, CompiledBank

FACET_DIM = (0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4)


def mixed_items(
    n: int, *, dims: int = 5, seed: int = 1, slope_log_sd: float = 0.25, shift_sd: float = 0.4
) -> list[CatItem]:
    """Two thirds 3PL with guessing 0.15, one third partial credit, spread over twelve facets and four kinds."""
    rng = np.random.default_rng(seed)
    items = []
    for j in range(n):
        facet = j % 12
        graded = j % 3 == 0
        thresholds = np.sort(rng.normal(0, 1.2, 3)) if graded else rng.normal(0, 1.3, 1)
        items.append(
            CatItem(
                id=f"i{j:04d}",
                dim=FACET_DIM[facet] % dims,
                model="gpcm" if graded else "3pl",
                slope=1.2 if graded else 1.4,
                slope_log_sd=slope_log_sd,
                thresholds=tuple(thresholds.tolist()),
                threshold_sd=shift_sd,
                guessing=0.0 if graded else 0.15,
                guessing_sd=0.0 if graded else 0.05,
                facet=f"f{facet:02d}",
                kind=f"k{(j // 12) % 4}",
            )
        )
    return items


def random_answers(bank: CompiledBank, n: int, seed: int) -> list[Answer]:
    """Answers of one random person to `n` random items."""
    rng = np.random.default_rng(seed)
    node = rng.integers(len(bank.nodes) // 4, 3 * len(bank.nodes) // 4, bank.dims)
    chosen = rng.choice(len(bank), n, replace=False)
    answers = []
    for item in chosen.tolist():
        p = bank.prob[item, :, node[bank.dim[item]]]
        answers.append((item, int(rng.choice(len(p), p=p / p.sum()))))
    return answers
