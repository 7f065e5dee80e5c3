"""Acceleration of EM by squared extrapolation (SQUAREM S3, Varadhan & Roland, 2008), guarded to stay monotone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

PATIENCE, WORTH = 40, 0.01  # steps without a gain of so much in the objective, before a run may be given up

Float = NDArray[np.float64]
Step = Callable[[Float], tuple[Float, float]]


@dataclass(slots=True)
class Trace:
    """Course of an iteration: the last point, the objective at every evaluation, and whether it converged.

    `change` is the last estimate of the distance to the maximum, in the largest parameter. `given_up`: whether it was
    stopped for going nowhere.
    """

    point: Float
    objective: list[float] = field(default_factory=list)
    converged: bool = False
    change: float = np.inf
    given_up: bool = False

    @property
    def steps(self) -> int:
        """Number of EM steps taken."""
        return len(self.objective)


@dataclass(slots=True)
class _Best:
    """The best point so far, and the step of the last gain worth the name."""

    point: Float
    objective: float = -np.inf
    worthy: float = -np.inf
    since: int = 0

    def see(self, point: Float, objective: float, step: int) -> None:
        if objective > self.objective:
            self.point, self.objective = point, objective
        if objective > self.worthy + WORTH:
            self.worthy, self.since = objective, step


def accelerate(
    step: Step,
    start: Float,
    *,
    tolerance: float,
    limit: int,
    allowed: Callable[[Float], bool] = lambda point: True,
    slack: float = 1e-9,
    longest: float = 256.0,
    on_step: Callable[[int, float, float], None] = lambda step, objective, change: None,
    measure: Callable[[Float, Float], float] = lambda change, point: float(np.abs(change).max(initial=0.0)),
    runaway: Callable[[Float], bool] = lambda point: False,
) -> Trace:
    """Iterate x <- step(x) to its fixed point.

    Args:
        step: x -> (next x, objective at x).
        tolerance: stop when the estimated distance to the fixed point (last change times the extrapolation factor,
            the sum of the geometric series of the changes to come) is below this.
        limit: largest number of steps.
        allowed: whether an extrapolated point may be visited.
        slack: fall of the objective, relative, that is put down to rounding.
        on_step: called after each step with (steps, objective, change).
        measure: size of a change at a point.
        runaway: whether a point is on its way to infinity; such a run is given up as soon as the objective stands still
            (there is no fixed point, and no more to gain).

    Where it does not converge, the best point met is returned.
    """
    trace = Trace(start)
    best = _Best(start)

    def take(x: Float) -> tuple[Float, float]:
        after, objective = step(x)
        trace.objective.append(objective)
        best.see(x, objective, trace.steps)
        return after, objective

    x, factor = start, 1.0
    while trace.steps < limit:
        if trace.steps - best.since >= PATIENCE and runaway(x):
            trace.given_up = True
            break
        one, before = take(x)
        if _close_enough(trace, one, measure(one - x, one) * factor, tolerance, on_step):
            break
        two, _ = take(one)
        r, v = one - x, two - 2 * one + x
        curvature = float(np.sqrt((v * v).sum()))
        factor = min(max(float(np.sqrt((r * r).sum())) / max(curvature, 1e-300), 1.0), longest)
        if _close_enough(trace, two, measure(two - one, two) * factor, tolerance, on_step):
            break
        x = _extrapolate(take, x, r, v, two, factor, before, allowed, slack)
    if not trace.converged and np.isfinite(best.objective):
        trace.point = best.point
    return trace


def _close_enough(
    trace: Trace, point: Float, change: float, tolerance: float, on_step: Callable[[int, float, float], None]
) -> bool:
    trace.point, trace.change, trace.converged = point, change, change < tolerance
    on_step(trace.steps, trace.objective[-1], change)
    return trace.converged


def _extrapolate(
    take: Step, x: Float, r: Float, v: Float, two: Float, factor: float, before: float,
    allowed: Callable[[Float], bool], slack: float,
) -> Float:  # fmt: skip
    """The point after a stabilising step from the extrapolation, or plain EM's when that would not rise."""
    for alpha in (factor, (factor + 1.0) / 2.0):
        if alpha <= 1.01:
            break
        candidate = x + 2.0 * alpha * r + alpha * alpha * v
        if np.isfinite(candidate).all() and allowed(candidate):
            after, objective = take(candidate)
            if objective >= before - slack * abs(before):
                return after
    return two
