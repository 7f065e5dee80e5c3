"""Adaptive testing: CPU seconds of simulation, of one step of a sitting, and of shadow tests.

python -m benchmarks.measurement.cat
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Answer, Blueprint, CatItem, CompiledBank, FacetQuota, KindLimit, Prior
from shuyang.measurement.cat.information import variance_gain
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.cat.session import next_step
from shuyang.measurement.cat.shadow import approximate_reduction, shadow_test
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.simulate.one_dimension import CatRules, simulate_cat
from shuyang.measurement.simulate.sittings import simulate_sittings

PRIOR = Prior.equicorrelated(5, 0.6)
FACET_DIM = (0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4)
BLUEPRINT = Blueprint(
    (0.4,) * 5,
    24,
    75,
    facets=tuple(FacetQuota(f"f{k}", 2, 10) for k in range(12)),
    kinds=(KindLimit("k0", 18), KindLimit("k1", None, 0.4)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the figure with its unit, the goal, and a peer's figure."""

    name: str
    figure: float
    unit: str
    goal: str
    peer: str = ""


def rows() -> list[Row]:
    """Measure everything (some 20 seconds, the compiled loops already cached)."""
    return [*simulation_rows(), *step_rows(), shadow_row()]


def five_dimensional_items(n: int, seed: int = 1) -> list[CatItem]:
    """A bank as the product has it: 60 % dichotomous with guessing, 40 % partial credit, expert uncertainty."""
    rng = np.random.default_rng(seed)
    items = []
    for j in range(n):
        partial = rng.random() < 0.4
        b = np.sort(rng.normal(0, 1.2, 3 if partial else 1))
        items.append(
            CatItem(
                id=str(j),
                dim=FACET_DIM[j % 12],
                model="gpcm" if partial else "3pl",
                slope=1.2 if partial else 1.4,
                thresholds=tuple(b.tolist()),
                slope_log_sd=0.25,
                threshold_sd=0.4,
                guessing=0.0 if partial else 0.15,
                guessing_sd=0.0 if partial else 0.05,
                facet=f"f{j % 12}",
                kind=f"k{(j // 12) % 4}",
                seconds=40.0 + j % 50,
                enemies=(str((j + 24) % n),) if j % 10 == 0 else (),
            )
        )
    return items


def simulation_rows() -> list[Row]:
    rng = np.random.default_rng(77)
    a, b = rng.lognormal(0.2, 0.3, 500), rng.normal(0, 1.2, (500, 1))
    items = ItemParameters.from_difficulty("2pl", a, b)
    few, many = rng.normal(size=1000), rng.normal(size=100_000)
    bank = five_dimensional_items(480)
    simulate_cat(items, few)
    simulate_sittings(bank, BLUEPRINT, PRIOR, n=2, seed=1)
    peer = catsim_rate(a, b[:, 0]) if importlib.util.find_spec("catsim") else "catsim not installed"
    free, held = (
        lambda: simulate_sittings(bank, BLUEPRINT, PRIOR, n=600, seed=1),
        lambda: simulate_sittings(bank, BLUEPRINT, PRIOR, n=600, seed=1, maximum_exposure=0.3),
    )
    unit = "examinees / CPU s"
    return [
        Row("1-D, 500 items, 1,000 examinees", 1000 / cpu(lambda: simulate_cat(items, few), 5), unit, "≥ 15000", peer),
        Row("1-D, 500 items, 100,000 examinees", 100_000 / cpu(lambda: simulate_cat(items, many), 3), unit, "≥ 15000"),
        Row(
            "1-D, the same with top-5 choice",
            100_000 / cpu(lambda: simulate_cat(items, many, CatRules(randomesque=5)), 3),
            unit,
            "≥ 15000",
        ),
        Row("5-D, quotas, kinds, enemies", 600 / cpu(free, 3), unit, "≥ 500"),
        Row("5-D, the same with exposure ≤ 0.30", 600 / cpu(held, 3), unit, "≥ 500"),
    ]


def step_rows() -> list[Row]:
    items = five_dimensional_items(2000)
    bank = compile_bank(items)
    answers = some_answers(bank, 25)
    free = replace(BLUEPRINT, facets=(), kinds=())
    return [
        Row(
            "compile a bank of 500 uncertain items", 1e3 * cpu(lambda: compile_bank(items[:500]), 3), "CPU ms", "< 1000"
        ),
        Row("posterior after 25 answers", 1e3 * cpu(lambda: posterior(bank, answers, PRIOR), 200), "CPU ms", ""),
        Row(
            "final posterior (cubature)",
            1e3 * cpu(lambda: posterior(bank, answers, PRIOR, accuracy="final"), 20),
            "CPU ms",
            "",
        ),
        Row(
            "update, selection, forecast over 2,000 items",
            1e3 * cpu(lambda: next_step(bank, answers, PRIOR, free, seed=1), 200),
            "CPU ms",
            "≤ 1",
        ),
        Row(
            "the same with all rules",
            1e3 * cpu(lambda: next_step(bank, answers, PRIOR, BLUEPRINT, seed=1), 200),
            "CPU ms",
            "≤ 1",
        ),
    ]


def shadow_row() -> Row:
    bank = compile_bank(five_dimensional_items(2000))
    blueprint = replace(BLUEPRINT, max_items=45, max_seconds=2700.0)
    times = []
    for seed in range(2):
        answers = some_answers(bank, 30, seed)
        for n in range(0, 30, 2):
            belief = posterior(bank, answers[:n], PRIOR)
            values = approximate_reduction(bank, belief, variance_gain(belief, np.ones(5, dtype=np.bool_)))
            began = time.process_time()
            shadow_test(bank, values, [i for i, _ in answers[:n]], blueprint, seconds=60.0 * n, time_limit=1.0)
            times.append(time.process_time() - began)
    return Row("shadow test, 2,000 items pruned to 300, median", 1e3 * float(np.median(times)), "CPU ms", "≤ 15")


def some_answers(bank: CompiledBank, n: int, seed: int = 0) -> list[Answer]:
    """A sitting under the blueprint whose answers are drawn at ability 0."""
    rng = np.random.default_rng(seed)
    answers: list[Answer] = []
    while len(answers) < n:
        choice = next_step(bank, answers, PRIOR, replace(BLUEPRINT, target_se=(0.1,) * 5), seed=seed).choice
        assert choice is not None
        p = bank.prob[choice.index, :, len(bank.nodes) // 2]
        answers.append((choice.index, int(rng.choice(len(p), p=p / p.sum()))))
    return answers


def catsim_rate(a: np.ndarray, b: np.ndarray) -> str:
    """Examinees per CPU second of catsim's simulator on the same bank."""
    from catsim.estimation import NumericalSearchEstimator
    from catsim.initialization import FixedPointInitializer
    from catsim.selection import MaxInfoSelector
    from catsim.simulation import Simulator
    from catsim.stopping import MinErrorStopper

    items = np.column_stack([a, b, np.zeros_like(a), np.ones_like(a)])
    parts = (
        FixedPointInitializer(0.0),
        MaxInfoSelector(),
        NumericalSearchEstimator(),
        MinErrorStopper(0.3, max_items=30),
    )
    simulator = Simulator(items, 40, *parts)
    seconds = cpu(simulator.simulate, 1)
    return f"catsim {40 / seconds:.0f}"


def cpu(work: Callable[[], object], repeat: int) -> float:
    """CPU seconds of one call, all threads together: the mean of `repeat` calls after one to warm up."""
    if repeat > 1:
        work()
    began = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - began) / repeat


def main() -> None:
    for row in rows():
        print(f"{row.name:48} {row.figure:12.2f} {row.unit:18} {row.goal:10} {row.peer}")


if __name__ == "__main__":
    main()
