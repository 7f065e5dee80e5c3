"""Simulated sittings under a blueprint: in a compiled batch, or one by one through the door that the product uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.blueprints import check_blueprint
from shuyang.measurement.cat.contracts import (
    Answer,
    Blueprint,
    CatItem,
    CompiledBank,
    FloatArray,
    Prior,
    Step,
    StopReason,
)
from shuyang.measurement.cat.errors import BadBlueprint
from shuyang.measurement.cat.exposure import ExposureCounts, withheld
from shuyang.measurement.cat.information import price
from shuyang.measurement.cat.posterior import prior_parts
from shuyang.measurement.cat.selection import SHORTLIST, splitmix
from shuyang.measurement.cat.session import next_step
from shuyang.measurement.cat.shadow import ShadowTest, choose_by_shadow

from .contracts import SittingSimulation, mean_overlap
from .truth import draw_abilities
from .violations import violations

BATCH = 200
ANSWERS = 1 << 20
Engine = Literal["compiled", "door", "shadow"]
STOPS = (
    "",
    StopReason.PRECISION,
    StopReason.MAX_ITEMS,
    StopReason.TIME,
    StopReason.BANK,
    StopReason.CLASSIFIED,
    StopReason.GAIN,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is to be simulated; `curves` [J, K, Q] are the true category probabilities."""

    bank: CompiledBank
    blueprint: Blueprint
    prior: Prior
    truth: FloatArray
    curves: FloatArray
    seed: int
    maximum_exposure: float
    progress: Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Sittings:
    """Raw results: posterior moments, items and categories (−1 beyond the end), stop reasons."""

    mean: FloatArray
    cov: FloatArray
    given: NDArray[np.int32]
    answer: NDArray[np.int8]
    stop: NDArray[np.int64]

    @classmethod
    def empty(cls, persons: int, dims: int, most: int) -> _Sittings:
        return cls(
            np.empty((persons, dims)),
            np.empty((persons, dims, dims)),
            np.full((persons, most), -1, dtype=np.int32),
            np.full((persons, most), -1, dtype=np.int8),
            np.zeros(persons, dtype=np.int64),
        )


def simulate_sittings(
    bank_items: Sequence[CatItem],
    blueprint: Blueprint,
    prior: Prior,
    *,
    n: int,
    seed: int,
    draw_parameters: bool = True,
    theta: FloatArray | None = None,
    maximum_exposure: float = 1.0,
    engine: Engine = "compiled",
    progress: Callable[[int], None] | None = None,
) -> SittingSimulation:
    """Simulate `n` sittings and compare estimates with the truth.

    With `draw_parameters` each examinee meets items whose true parameters are drawn afresh from their distributions,
    so coverage is marginal, as the intervals claim (one person meets an item once, so this is the same as answering
    by the integrated curve); without, the items' central values are true. `theta` [n, D] fixes the abilities
    (otherwise drawn from `prior`). `maximum_exposure` below 1 controls exposure by item eligibility from examinee to
    examinee. `engine`: "compiled"; "door", the product's stateless door, with the same sittings some thirty times
    slower; "shadow", items from shadow tests, slower again. `progress` is called with the number of sittings done.
    """
    bank = compile_bank(bank_items, dims=len(prior.mean))
    check_blueprint(blueprint, bank.dims)
    if not 0.0 < maximum_exposure <= 1.0:
        raise BadBlueprint("maximum exposure is a share above 0 and at most 1", maximum=maximum_exposure)
    given = draw_abilities(prior, n, np.random.default_rng(seed)) if theta is None else theta
    truth = np.ascontiguousarray(given, dtype=np.float64)
    curves = bank.prob if draw_parameters else compile_bank(list(map(_certain, bank_items)), dims=bank.dims).prob
    out = _Sittings.empty(len(truth), bank.dims, min(blueprint.max_items, len(bank)))
    plan = _Plan(bank, blueprint, prior, truth, curves, seed, maximum_exposure, progress or _silent)
    if engine == "compiled":
        _compiled(plan, out)
    else:
        _one_by_one(plan, out, shadow=engine == "shadow")
    return _report(bank, blueprint, truth, out)


def _silent(done: int) -> None:
    """No progress is wanted."""


def _certain(item: CatItem) -> CatItem:
    return replace(item, slope_log_sd=0.0, threshold_sd=0.0, guessing_sd=0.0)


def _one_by_one(plan: _Plan, out: _Sittings, *, shadow: bool) -> None:
    from .sitting_kernels import draw_category

    bank = plan.bank
    seen, eligible = np.zeros(len(bank)), np.zeros(len(bank))
    for person, theta in enumerate(plan.truth):
        own = splitmix(plan.seed, person)
        closed = _closed_items(own, person, plan.maximum_exposure, seen, eligible)
        answers: list[Answer] = []
        seconds, previous = 0.0, None
        while True:
            step = next_step(bank, answers, plan.prior, plan.blueprint, seed=own, seconds=seconds, excluded=closed)
            if step.choice is None:
                break
            item, place = step.choice.index, len(answers)
            if shadow:
                item, previous = _from_shadow(plan, step, answers, own, seconds, closed, previous)
            level = float(theta[bank.dim[item]])
            number = _uniform(own, ANSWERS + place)
            category = int(draw_category(plan.curves[item], int(bank.n_categories[item]), bank.nodes, level, number))
            out.given[person, place], out.answer[person, place] = item, category
            answers.append((item, category))
            seen[item] += 1.0
            seconds += bank.items[item].seconds
        out.mean[person], out.cov[person] = step.posterior.mean, step.posterior.cov
        out.stop[person] = STOPS.index(step.stop or "")
        plan.progress(person + 1)


def _from_shadow(
    plan: _Plan,
    step: Step,
    answers: Sequence[Answer],
    seed: int,
    seconds: float,
    closed: Sequence[int],
    previous: ShadowTest | None,
) -> tuple[int, ShadowTest | None]:
    """The next item from a shadow test; the plain rule's where there is none."""
    used = [item for item, _ in answers]
    choice, test = choose_by_shadow(
        plan.bank, step.posterior, used, plan.blueprint, seed=seed, excluded=closed, seconds=seconds, previous=previous
    )
    assert step.choice is not None
    return (choice or step.choice).index, test


def _closed_items(
    person: int, examinee: int, maximum: float, seen: FloatArray, eligible: FloatArray
) -> tuple[int, ...]:
    """Items withheld from one examinee; the others are counted as eligible."""
    closed = withheld(ExposureCounts(examinee, eligible, seen), maximum, person) if maximum < 1.0 else ()
    eligible += 1.0
    eligible[list(closed)] -= 1.0
    return closed


def _uniform(seed: int, counter: int) -> float:
    return (splitmix(seed, counter) >> 11) * 2.0**-53


def _compiled(plan: _Plan, out: _Sittings) -> None:
    from . import sitting_kernels  # compiled code is loaded only by those who simulate

    bank, blueprint, truth = plan.bank, plan.blueprint, plan.truth
    run: Callable[..., None] = sitting_kernels.sit_several
    enemy_start = np.concatenate([[0], np.cumsum([len(e) for e in bank.enemies])]).astype(np.int64)
    enemy_of = np.array([e for enemies in bank.enemies for e in enemies], dtype=np.int64)
    normal = prior_parts(plan.prior, bank.dims, float(bank.nodes[-1]))
    seen, eligible = np.zeros(len(bank)), np.zeros(len(bank))
    for start in range(0, len(truth), BATCH):
        part = slice(start, start + BATCH)
        run(
            truth[part], plan.seed, plan.curves, bank.prob, bank.log_prob, bank.info, bank.nodes, bank.dim, bank.n_categories,
            bank.facet, bank.kind, bank.seconds, enemy_start, enemy_of, normal.precision, normal.shift, normal.floor,
            np.array(blueprint.target_se, dtype=np.float64), *_limits(bank, blueprint), blueprint.min_items,
            out.given.shape[1], inf if blueprint.max_seconds is None else float(blueprint.max_seconds),
            blueprint.randomesque, max(SHORTLIST, 2 * blueprint.randomesque), plan.maximum_exposure,
            *_cuts(blueprint), blueprint.confidence, blueprint.min_gain, price(bank, blueprint), out.mean[part],
            out.cov[part], out.given[part], out.answer[part], out.stop[part], seen, eligible, start,
        )  # fmt: skip
        plan.progress(min(start + BATCH, len(truth)))


def _limits(bank: CompiledBank, blueprint: Blueprint) -> tuple[NDArray[Any], ...]:
    """Facet minimums and maximums, kind counts and shares, by the bank's codes."""
    facet_min = np.zeros(len(bank.facet_names), dtype=np.int64)
    facet_max = np.full(len(bank.facet_names), 1 << 40, dtype=np.int64)
    kind_cap = np.full(len(bank.kind_names), 1 << 40, dtype=np.int64)
    kind_share = np.full(len(bank.kind_names), inf)
    for quota in blueprint.facets:
        if quota.facet in bank.facet_names:
            f = bank.facet_names.index(quota.facet)
            facet_min[f] = quota.minimum
            facet_max[f] = facet_max[f] if quota.maximum is None else quota.maximum
    for limit in blueprint.kinds:
        if limit.kind in bank.kind_names:
            k = bank.kind_names.index(limit.kind)
            kind_cap[k] = kind_cap[k] if limit.max_count is None else limit.max_count
            kind_share[k] = inf if limit.max_share is None else limit.max_share
    return facet_min, facet_max, kind_cap, kind_share


def _cuts(blueprint: Blueprint) -> tuple[FloatArray, FloatArray]:
    """Cuts and their standard errors [D or 0, C + 1], padded with infinity and 0."""
    width = 1 + max((len(c.cuts) for c in blueprint.classify), default=0)
    cuts, se = np.full((len(blueprint.classify), width), inf), np.zeros((len(blueprint.classify), width))
    for d, each in enumerate(blueprint.classify):
        cuts[d, : len(each.cuts)] = each.cuts
        se[d, : len(each.se)] = each.se
    return cuts, se


def _report(bank: CompiledBank, blueprint: Blueprint, truth: FloatArray, out: _Sittings) -> SittingSimulation:
    """Compare with the truth, and check every sitting against the blueprint."""
    given = [row[row >= 0] for row in out.given]
    counts = np.bincount(out.given[out.given >= 0], minlength=len(bank)).astype(np.float64)
    broken = Counter(name for row in given for name in violations(bank.items, row.tolist(), blueprint))
    sd = np.sqrt(np.diagonal(out.cov, axis1=1, axis2=2))
    return SittingSimulation(
        theta=truth,
        mean=out.mean,
        sd=sd,
        given=out.given,
        answers=out.answer,
        seconds=np.array([bank.seconds[row].sum() for row in given]),
        reached=np.all(sd <= np.asarray(blueprint.target_se), axis=1),
        exposure=counts / len(truth),
        overlap=mean_overlap(counts, len(truth)),
        violations=dict(broken),
        stops={str(STOPS[code]): int(count) for code, count in sorted(Counter(out.stop.tolist()).items())},
    )
