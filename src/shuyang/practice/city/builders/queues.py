"""Waiting at windows: each window serves in the order of arrival, one after the other, and nobody is served at lunch."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.calendar import WORK_MINUTES
from shuyang.practice.city.draws import Floats, Ints


def waits(window: Ints, arrival: Floats, service: Floats) -> Floats:
    """Minutes from arrival to call, by customer.

    `arrival`: working minutes since the start of the books; `service`: minutes at the window. First come, first served,
    one server a window; those who wait at closing time are still served, and the next morning begins empty. This is
    Lindley's recursion W(n+1) = max(0, W(n) + S(n) − A(n, n+1)), solved for all queues at once: with the sums
    X(n) = Σ (S − A) the wait is X(n) − min X(k ≤ n), within each window and day.
    """
    if not len(window):
        return np.zeros(0)
    day = arrival // WORK_MINUTES
    order = np.lexsort((arrival, day, window))
    w, d, a, s = window[order], day[order], arrival[order], service[order]
    fresh = np.concatenate([[True], (w[1:] != w[:-1]) | (d[1:] != d[:-1])])
    step = np.concatenate([[0.0], s[:-1] - (a[1:] - a[:-1])])
    step[fresh] = 0.0
    total = np.cumsum(step)
    start = np.maximum.accumulate(np.where(fresh, np.arange(len(w)), 0))
    # each queue is moved below all before it, so that one running minimum serves them all
    span = np.ptp(total) + 1.0
    queue = np.cumsum(fresh)
    lowered = total - total[start] - queue * 2 * span
    found = np.empty(len(w))
    found[order] = np.maximum(lowered - np.minimum.accumulate(lowered), 0.0)
    return found
