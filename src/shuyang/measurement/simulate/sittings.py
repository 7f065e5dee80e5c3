"""Simulated sittings through the very door that the product's sittings use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Answer, Blueprint, CatItem, CompiledBank, FloatArray, Posterior, Prior
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.cat.session import next_step

from .contracts import SittingSimulation, mean_overlap
from .truth import draw_abilities, draw_answer, draw_item
from .violations import violations

ROUNDING = 0.002
"""A sitting stops by the quick posterior; its final SD may differ from that in the third decimal."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sitting:
    given: list[int]
    belief: Posterior
    stop: str


def simulate_sittings(
    bank_items: Sequence[CatItem],
    blueprint: Blueprint,
    prior: Prior,
    *,
    n: int,
    seed: int,
    draw_parameters: bool = True,
    theta: FloatArray | None = None,
    progress: Callable[[int], None] | None = None,
) -> SittingSimulation:
    """Simulate `n` sittings and compare estimates with the truth.

    With `draw_parameters` each examinee meets items whose true parameters are drawn afresh from their distributions,
    so coverage is marginal, as the intervals claim; without, the items' central values are true. `theta` [n, D]
    fixes the abilities (otherwise drawn from `prior`). `progress` is called with the number of sittings done.
    """
    bank = compile_bank(bank_items, dims=len(prior.mean))
    rng = np.random.default_rng(seed)
    truth = draw_abilities(prior, n, rng) if theta is None else np.asarray(theta, dtype=np.float64)
    sittings = []
    for person in range(n):
        sittings.append(_one(bank, blueprint, prior, truth[person], rng, draw_parameters))
        if progress is not None:
            progress(person + 1)
    return _report(bank, blueprint, truth, sittings)


def _one(
    bank: CompiledBank, blueprint: Blueprint, prior: Prior, theta: FloatArray, rng: np.random.Generator, draw: bool
) -> _Sitting:
    answers: list[Answer] = []
    seconds = 0.0
    seed = int(rng.integers(2**62))
    while True:
        step = next_step(bank, answers, prior, blueprint, seed=seed, seconds=seconds)
        if step.choice is None:
            final = posterior(bank, answers, prior, accuracy="final")
            return _Sitting([i for i, _ in answers], final, str(step.stop))
        item = bank.items[step.choice.index]
        seconds += item.seconds
        true_item = draw_item(item, rng) if draw else item
        answers.append((step.choice.index, draw_answer(true_item, float(theta[item.dim]), rng)))


def _report(
    bank: CompiledBank, blueprint: Blueprint, truth: FloatArray, sittings: Sequence[_Sitting]
) -> SittingSimulation:
    n = len(sittings)
    counts = np.bincount([i for s in sittings for i in s.given], minlength=len(bank)).astype(np.float64)
    broken = Counter(name for s in sittings for name in violations(bank.items, s.given, blueprint))
    sd = np.array([s.belief.sd for s in sittings])
    return SittingSimulation(
        theta=truth,
        mean=np.array([s.belief.mean for s in sittings]),
        sd=sd,
        length=np.array([len(s.given) for s in sittings], dtype=np.int64),
        seconds=np.array([bank.seconds[s.given].sum() for s in sittings]),
        reached=np.all(sd <= np.asarray(blueprint.target_se) + ROUNDING, axis=1),
        exposure=counts / n,
        overlap=mean_overlap(counts, n),
        violations=dict(broken),
        stops=dict(Counter(s.stop for s in sittings)),
    )
