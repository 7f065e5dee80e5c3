"""Simulated multistage tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Answer, CatItem, CompiledBank, FloatArray, Prior
from shuyang.measurement.cat.multistage import Panel, next_module
from shuyang.measurement.cat.posterior import posterior

from .contracts import SittingSimulation, mean_overlap
from .truth import draw_abilities, draw_answer, draw_item


def simulate_panel(
    bank_items: Sequence[CatItem],
    panel: Panel,
    prior: Prior,
    *,
    n: int,
    seed: int,
    draw_parameters: bool = True,
    target_se: Sequence[float] | None = None,
    theta: FloatArray | None = None,
) -> SittingSimulation:
    """Give `n` examinees the panel; options as in `simulate_sittings`. `stops` counts the paths, module by module.

    `reached` compares the posterior SDs with `target_se` (always true when that is None).
    """
    bank = compile_bank(bank_items, dims=len(prior.mean))
    rng = np.random.default_rng(seed)
    truth = draw_abilities(prior, n, rng) if theta is None else np.asarray(theta, dtype=np.float64)
    tests = [_one(bank, panel, prior, person, rng, draw_parameters) for person in truth]
    beliefs = [posterior(bank, answers, prior) for answers, _ in tests]
    sd = np.array([belief.sd for belief in beliefs])
    limit = np.full(bank.dims, np.inf) if target_se is None else np.asarray(target_se, dtype=np.float64)
    given = _padded([[item for item, _ in answers] for answers, _ in tests])
    counts = np.bincount(given[given >= 0], minlength=len(bank)).astype(np.float64)
    return SittingSimulation(
        theta=truth,
        mean=np.array([belief.mean for belief in beliefs]),
        sd=sd,
        given=given.astype(np.int32),
        answers=_padded([[category for _, category in answers] for answers, _ in tests]).astype(np.int8),
        seconds=np.array([bank.seconds[[item for item, _ in answers]].sum() for answers, _ in tests]),
        reached=np.all(sd <= limit, axis=1),
        exposure=counts / len(truth),
        overlap=mean_overlap(counts, len(truth)),
        violations={},
        stops=dict(Counter(path for _, path in tests)),
    )


def _one(
    bank: CompiledBank, panel: Panel, prior: Prior, theta: FloatArray, rng: np.random.Generator, draw: bool
) -> tuple[list[Answer], str]:
    answers: list[Answer] = []
    path: list[str] = []
    while (step := next_module(bank, panel, answers, prior)).module is not None:
        path.append(step.module.name)
        for index in step.items:
            item = bank.items[index]
            true_item = draw_item(item, rng) if draw else item
            answers.append((index, draw_answer(true_item, float(theta[item.dim]), rng)))
    return answers, " > ".join(path)


def _padded(rows: Sequence[Sequence[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    out = np.full((len(rows), max(map(len, rows), default=0)), -1, dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out
