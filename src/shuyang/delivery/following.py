"""Sittings that follow a plan: which form or panel a person gets, and what comes next in it.

Everything follows from the plan, the sitting's seed and what the person has met before, so that any process gives the
same answer and an auditor can recompute it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from functools import lru_cache

from shuyang.itembank.api import DesignKind, Plan
from shuyang.measurement.cat.contracts import Choice, CompiledBank, Posterior, Prior, Step, StopReason
from shuyang.measurement.cat.multistage import Panel, PanelStep, next_module
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.cat.session import reached

Answers = Sequence[tuple[int, int]]


@lru_cache(maxsize=64)
def forms_of(plan: Plan, bank: CompiledBank) -> tuple[tuple[int, ...], ...]:
    """The forms of a plan as item indices of the bank."""
    return plan.indices(bank.index)


@lru_cache(maxsize=64)
def panels_of(plan: Plan, bank: CompiledBank) -> tuple[Panel, ...]:
    """The panels of a plan over item indices of the bank."""
    return plan.panels_of(bank.index)


def given_one(sets: Sequence[Collection[int]], *, seed: int, excluded: Collection[int]) -> int | None:
    """Which of several parallel sets of items a person gets: from the seed on, the first without an item met before.

    None where each holds such an item.
    """
    barred = set(excluded)
    for step in range(len(sets)):
        number = (seed + step) % len(sets)
        if not barred & set(sets[number]):
            return number
    return None


def form_number(plan: Plan, bank: CompiledBank, *, seed: int, excluded: Collection[int]) -> int | None:
    """The number of the form or panel (from 0) that a sitting follows; None where nothing is left for the person."""
    if plan.kind == DesignKind.MULTISTAGE:
        sets = [[i for stage in p.stages for m in stage for i in m.items] for p in panels_of(plan, bank)]
        return given_one(sets, seed=seed, excluded=excluded)
    return given_one(forms_of(plan, bank), seed=seed, excluded=excluded)


def planned_step(
    plan: Plan,
    bank: CompiledBank,
    prior: Prior,
    answers: Answers,
    *,
    seed: int,
    seconds: float,
    max_seconds: float | None,
    excluded: Collection[int],
    neutralised: Collection[int],
) -> Step:
    """What follows in a fixed form or a panel: the next item in its order, or the end.

    Neutralised items are passed over; their answers count for nothing, neither for the score nor for the route through
    a panel from here on (a module begun is finished). One that counts again after the sitting has passed it is not asked
    for: a form is given in its order. Time that has run out ends the sitting.
    """
    counting = [pair for pair in answers if pair[0] not in neutralised]
    number = form_number(plan, bank, seed=seed, excluded=excluded)
    if number is None:
        return _step(plan, posterior(bank, counting, prior), None, 0, StopReason.BANK)
    belief, rest = _rest(plan, bank, prior, answers, counting, number, neutralised)
    if not rest:
        return _step(plan, belief, None, 0, StopReason.FORM)
    if max_seconds is not None and seconds >= max_seconds:
        return _step(plan, belief, None, 0, StopReason.TIME)
    return _step(plan, belief, rest[0], len(rest), None)


def _rest(
    plan: Plan,
    bank: CompiledBank,
    prior: Prior,
    answers: Answers,
    counting: Answers,
    number: int,
    neutralised: Collection[int],
) -> tuple[Posterior, list[int]]:
    """The belief now, and the items still to come (of a panel: for stages ahead, those of their first module)."""
    belief = posterior(bank, counting, prior)
    given = {item for item, _ in answers}
    if plan.kind == DesignKind.FORMS:
        form = forms_of(plan, bank)[number]
        return belief, [i for i in form[_reached(form, given) :] if i not in neutralised]
    panel = panels_of(plan, bank)[number]
    step = next_module(bank, panel, answers, prior, void={*neutralised, *_passed_over(panel, given)})
    return belief, [*step.items, *_ahead(panel, step, neutralised)]


def _reached(items: Sequence[int], given: Collection[int]) -> int:
    """How far a sitting got in a fixed order: what lies before was given, or passed over for good."""
    return max((place + 1 for place, item in enumerate(items) if item in given), default=0)


def _passed_over(panel: Panel, given: Set[int]) -> set[int]:
    """Items that were passed over while they were neutralised: counting again, they are not asked for late."""
    begun = [[m for m in stage if given & set(m.items)] for stage in panel.stages]
    last = max((number for number, modules in enumerate(begun) if modules), default=0)
    behind = [i for modules in begun[:last] for m in modules for i in m.items]
    here = [i for m in begun[last] for i in m.items[: _reached(m.items, given)]]
    return {i for i in (*behind, *here) if i not in given}


def _ahead(panel: Panel, step: PanelStep, neutralised: Collection[int]) -> list[int]:
    """Items of the stages after the module at hand, one module each: as many as are still to come."""
    if step.module is None:
        return []
    here = next(n for n, stage in enumerate(panel.stages) if step.module in stage)
    return [i for stage in panel.stages[here + 1 :] for i in stage[0].items if i not in neutralised]


def _step(plan: Plan, belief: Posterior, item: int | None, remaining: int, stop: StopReason | None) -> Step:
    choice = None if item is None else Choice(index=item, criterion=0.0, best=0.0, candidates=(item,))
    return Step(belief, reached(belief, plan.rules), remaining, stop, choice)
