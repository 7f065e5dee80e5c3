"""The stateless door: all answers in, the belief and the next item out."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from .blueprints import check_blueprint
from .contracts import Accuracy, Answer, Blueprint, CompiledBank, Posterior, Prior, Step
from .forecast import forecast
from .information import mean_information, open_dimensions
from .posterior import posterior as posterior_given
from .quotas import eligible
from .selection import choose_among
from .stopping import stop_reason


def next_step(
    bank: CompiledBank,
    answers: Sequence[Answer],
    prior: Prior,
    blueprint: Blueprint,
    *,
    seed: int,
    seconds: float = 0.0,
    excluded: Collection[int] = (),
    skipped: Collection[int] = (),
    accuracy: Accuracy = "sitting",
    with_forecast: bool = True,
) -> Step:
    """What to do after `answers` (item index, category), in any order: a pure function, safe under any concurrency.

    `seconds` is the time spent, `excluded` are items this person may not meet (exposure, twelve months' memory),
    `skipped` items that were given but carry no answer for the estimate: they count as given. `seed` belongs to the
    sitting. Without `with_forecast`, `remaining` is -1: the forecast is half of a step's cost and needs no renewal at
    every item. Raises `BadAnswer`, `BadPrior`, `BadBlueprint`.
    """
    check_blueprint(blueprint, bank.dims)
    belief = posterior_given(bank, answers, prior, accuracy=accuracy)
    used = {item for item, _ in answers} | set(skipped)
    state = eligible(bank, used, blueprint, excluded=excluded, seconds=seconds)
    info = mean_information(bank, belief)
    choice = choose_among(bank, belief, info, state, len(used), blueprint, seed=seed)
    best = math.inf if choice is None else choice.best
    stop = stop_reason(
        belief,
        len(used),
        seconds,
        blueprint,
        int(state.now.sum()),
        short=state.reserved,
        gain=best,
        out_of_time=state.out_of_time,
    )
    remaining = forecast(bank, belief, info, state, len(used), blueprint) if with_forecast and not stop else -1
    return Step(
        posterior=belief,
        reached=reached(belief, blueprint),
        remaining=0 if stop else remaining,
        stop=stop,
        choice=None if stop else choice,
        unmet_facets=tuple(sorted({*state.unreachable, *state.short})) if stop else state.unreachable,
    )


def reached(belief: Posterior, blueprint: Blueprint) -> tuple[bool, ...]:
    """Per dimension: is the posterior SD at or below its target?"""
    return tuple(not bool(x) for x in open_dimensions(belief, blueprint))
