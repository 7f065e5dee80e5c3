"""Compiled loop of multidimensional sittings: the same posterior, rules and choices as `cat.session.next_step`.

Kept apart from the door on purpose: a test runs both and expects the same sittings, so each checks the other.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.cat.propagation_kernels import propagate
from shuyang.measurement.irt.kernels import compiled

from .kernels import mixed, uniform

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

ANSWERS, CLOSINGS = 1 << 20, 1 << 21
"""Counters of a person's random numbers start here; below lie the draws among the best items."""
NO_STOP, PRECISION, MAX_ITEMS, TIME, BANK, CLASSIFIED, GAIN = 0, 1, 2, 3, 4, 5, 6


@compiled()
def mark_eligible(
    free: Bool,
    facet: Int,
    kind: Int,
    item_seconds: Float,
    facet_min: Int,
    facet_max: Int,
    kind_cap: Int,
    kind_share: Float,
    facet_count: Int,
    kind_count: Int,
    places: int,
    given: int,
    seconds_left: float,
    later: Bool,
    now: Bool,
    short: Int,
    supply: Int,
) -> Any:
    """The rules of `cat.quotas.eligible`: fills `later`, `now`, `short`; returns items now, places owed, lateness."""
    supply[:] = 0
    late, fitting = False, 0
    for j in range(len(free)):
        room = min(facet_max[facet[j]] - facet_count[facet[j]], places)
        ok = free[j] and room > 0 and kind_cap[kind[j]] > kind_count[kind[j]]
        later[j] = ok and item_seconds[j] <= seconds_left
        late = late or ok
        if later[j]:
            supply[facet[j]] += 1
            fitting += 1
    owed = 0
    for f in range(len(facet_min)):
        short[f] = max(min(facet_min[f] - facet_count[f], supply[f]), 0)
        owed += short[f]
    if owed > 0:
        for k in range(len(kind_cap)):
            _reserve(k, facet, kind, kind_cap, kind_count, later, short, supply)
    many, urgent = 0, 0
    for j in range(len(free)):
        now[j] = later[j] and np.ceil(kind_share[kind[j]] * (given + 1) - 1e-9) > kind_count[kind[j]]
        if now[j]:
            many += 1
            if short[facet[j]] > 0:
                urgent += 1
    if urgent > 0:
        for j in range(len(free)):
            now[j] = now[j] and short[facet[j]] > 0
        many = urgent
    return many, owed, late and fitting == 0


@compiled()
def _reserve(
    k: int, facet: Int, kind: Int, kind_cap: Int, kind_count: Int, later: Bool, short: Int, supply: Int
) -> None:
    """Keep the last places of a counted kind for the facets that can't reach their minimum without it."""
    left = kind_cap[k] - kind_count[k]
    if left > short.sum():
        return
    supply[:] = 0
    for j in range(len(later)):
        if later[j] and kind[j] != k:
            supply[facet[j]] += 1
    lacking = 0
    for f in range(len(short)):
        lacking += max(short[f] - supply[f], 0)
    if lacking > 0 and left <= lacking:
        for j in range(len(later)):
            if kind[j] == k and not (short[facet[j]] > supply[facet[j]]):
                later[j] = False


@compiled(fastmath=True)
def mean_row(row: Float, weights: Float) -> float:
    """Sum of a table row weighted by a marginal."""
    total = 0.0
    for q in range(len(weights)):
        total += row[q] * weights[q]
    return total


@compiled(fastmath=True)
def exact_gain(prob: Float, categories: int, nodes: Float, weights: Float, mean: float) -> float:
    """Variance of the conditional means E(θ_d | X) of one item, given the marginal on the nodes."""
    between = 0.0
    for k in range(categories):
        row = prob[k]
        s0, s1 = 0.0, 0.0
        for q in range(len(nodes)):
            p = row[q] * weights[q]
            s0 += p
            s1 += p * nodes[q]
        if s0 > 0.0:
            between += s1 * s1 / s0
    return max(between - mean * mean, 0.0)


@compiled()
def keep_best(value: float, item: int, values: Float, items: Int, found: int) -> int:
    """Insert into a list sorted downward (equal values: lower item first) that holds at most len(items)."""
    size = len(items)
    if found == size and (value < values[size - 1] or (value == values[size - 1] and item > items[size - 1])):
        return found
    found = min(found + 1, size)
    at = found - 1
    while at > 0 and (values[at - 1] < value or (values[at - 1] == value and items[at - 1] > item)):
        values[at] = values[at - 1]
        items[at] = items[at - 1]
        at -= 1
    values[at] = value
    items[at] = item
    return found


@compiled()
def choose(
    now: Bool,
    dim: Int,
    categories: Int,
    prob: Float,
    info: Float,
    nodes: Float,
    marginals: Float,
    cov: Float,
    target: Float,
    shortlist: Int,
    short_values: Float,
    best: Int,
    best_values: Float,
    gain: Float,
    cost: Float,
) -> Any:
    """Fill `best` with the items of largest expected variance reduction for their cost; returns how many there are, and
    the reduction by the first."""
    dims = len(target)
    any_open = False
    for e in range(dims):
        any_open = any_open or np.sqrt(cov[e, e]) > target[e]
    for d in range(dims):
        gain[d] = 0.0
        for e in range(dims):
            if not any_open or np.sqrt(cov[e, e]) > target[e]:
                gain[d] += (cov[e, d] / cov[d, d]) ** 2
    listed = 0
    for j in range(len(now)):
        if now[j]:
            d = dim[j]
            var = cov[d, d]
            value = gain[d] * var * var / (1.0 / mean_row(info[j], marginals[d]) + var) / cost[j]
            listed = keep_best(value, j, short_values, shortlist, listed)
    found = 0
    for r in range(listed):
        j = shortlist[r]
        d = dim[j]
        mean = mean_row(nodes, marginals[d])
        value = exact_gain(prob[j], categories[j], nodes, marginals[d], mean) * gain[d] / cost[j]
        found = keep_best(value, j, best_values, best, found)
    return found, best_values[0] * cost[best[0]] if found else 0.0


@compiled()
def draw_category(prob: Float, categories: int, nodes: Float, theta: float, number: float) -> int:
    """Category of a person at theta, by cubic interpolation of the cumulative curves."""
    last = len(nodes)
    t = (min(max(theta, nodes[0]), nodes[last - 1]) - nodes[0]) / (nodes[1] - nodes[0])
    cell = min(max(int(t), 1), last - 3)
    u = t - cell
    a = -u * (u - 1.0) * (u - 2.0) / 6.0
    b = (u + 1.0) * (u - 1.0) * (u - 2.0) / 2.0
    c = -(u + 1.0) * u * (u - 2.0) / 2.0
    d = (u + 1.0) * u * (u - 1.0) / 6.0
    below = 0.0
    for k in range(categories - 1):
        row = prob[k]
        below += a * row[cell - 1] + b * row[cell] + c * row[cell + 1] + d * row[cell + 2]
        if number < below:
            return k
    return categories - 1


@compiled()
def sit_several(
    theta: Float,
    seed: int,
    truth: Float,
    prob: Float,
    log_prob: Float,
    info: Float,
    nodes: Float,
    dim: Int,
    categories: Int,
    facet: Int,
    kind: Int,
    item_seconds: Float,
    enemy_start: Int,
    enemy_of: Int,
    prior_precision: Float,
    prior_shift: Float,
    floor: float,
    target: Float,
    facet_min: Int,
    facet_max: Int,
    kind_cap: Int,
    kind_share: Float,
    min_items: int,
    max_items: int,
    max_seconds: float,
    randomesque: int,
    list_size: int,
    maximum_exposure: float,
    cuts: Float,
    cut_se: Float,
    confidence: float,
    min_gain: float,
    cost: Float,
    mean_out: Float,
    cov_out: Float,
    given: NDArray[np.int32],
    answer: NDArray[np.int8],
    stop_out: Int,
    count_given: Float,
    count_eligible: Float,
    start: int,
) -> None:
    """Run every examinee's sitting; results go into the last arrays, exposure counts carry over between calls."""
    items, dims, size = len(dim), len(target), len(nodes)
    table, marginals = np.empty((dims, size)), np.empty((dims, size))
    site_precision, site_shift, mean, gain = np.empty(dims), np.empty(dims), np.empty(dims), np.empty(dims)
    cov, work, matrix = np.empty((dims, dims)), np.empty((dims, dims)), np.empty((dims, dims))
    scale = np.empty(size)
    power = scale.view(np.int64)
    free, later, now = np.empty(items, np.bool_), np.empty(items, np.bool_), np.empty(items, np.bool_)
    facet_count, kind_count = np.empty(len(facet_min), np.int64), np.empty(len(kind_cap), np.int64)
    short, supply = np.empty(len(facet_min), np.int64), np.empty(len(facet_min), np.int64)
    shortlist, short_values = np.empty(list_size, np.int64), np.empty(list_size)
    best, best_values = np.empty(randomesque, np.int64), np.empty(randomesque)
    for i in range(len(theta)):
        person = mixed(seed, start + i)
        _open_items(person, start + i, maximum_exposure, free, count_given, count_eligible)
        table[:] = 0.0
        site_precision[:] = 0.0
        site_shift[:] = 0.0
        facet_count[:] = 0
        kind_count[:] = 0
        n, seconds, stop = 0, 0.0, NO_STOP
        while stop == NO_STOP:
            propagate(
                table, nodes, prior_precision, prior_shift, floor, site_precision, site_shift, mean, cov, marginals,
                work, matrix, power, scale,
            )  # fmt: skip
            many, owed, late = mark_eligible(
                free, facet, kind, item_seconds, facet_min, facet_max, kind_cap, kind_share, facet_count, kind_count,
                max_items - n, n, max_seconds - seconds, later, now, short, supply,
            )  # fmt: skip
            stop = _stop(
                n, seconds, many, owed, late, mean, cov, target, cuts, cut_se, confidence, min_items, max_items,
                max_seconds,
            )  # fmt: skip
            if stop != NO_STOP:
                break
            found, top = choose(
                now, dim, categories, prob, info, nodes, marginals, cov, target, shortlist, short_values, best,
                best_values, gain, cost,
            )  # fmt: skip
            if n >= min_items and owed == 0 and top < min_gain:
                stop = GAIN
                break
            j = best[mixed(person, n) % np.uint64(found)]
            x = draw_category(truth[j], categories[j], nodes, theta[i, dim[j]], uniform(person, ANSWERS + n))
            given[i, n] = j
            answer[i, n] = x
            for q in range(size):
                table[dim[j], q] += log_prob[j, x, q]
            free[j] = False
            for e in range(enemy_start[j], enemy_start[j + 1]):
                free[enemy_of[e]] = False
            facet_count[facet[j]] += 1
            kind_count[kind[j]] += 1
            count_given[j] += 1.0
            seconds += item_seconds[j]
            n += 1
        mean_out[i] = mean
        cov_out[i] = cov
        stop_out[i] = stop


@compiled()
def _open_items(
    person: Any, examinee: int, maximum: float, free: Bool, count_given: Float, count_eligible: Float
) -> None:
    """Item eligibility for one examinee (see `cat.exposure.eligibility`)."""
    for j in range(len(free)):
        free[j] = True
        if maximum < 1.0 and count_given[j] > 0.0:
            closed = count_given[j] > maximum * examinee
            free[j] = not closed and uniform(person, CLOSINGS + j) < maximum * count_eligible[j] / count_given[j]
        if free[j]:
            count_eligible[j] += 1.0


@compiled()
def _stop(
    n: int,
    seconds: float,
    many: int,
    owed: int,
    late: bool,
    mean: Float,
    cov: Float,
    target: Float,
    cuts: Float,
    cut_se: Float,
    confidence: float,
    min_items: int,
    max_items: int,
    max_seconds: float,
) -> int:
    if n >= max_items:
        return MAX_ITEMS
    if n >= min_items and owed == 0:
        precise, decided = True, cuts.shape[0] > 0
        for d in range(len(target)):
            precise = precise and np.sqrt(cov[d, d]) <= target[d]
        for d in range(cuts.shape[0]):
            decided = decided and surest_level(mean[d], cov[d, d], cuts[d], cut_se[d]) >= confidence
        if precise:
            return PRECISION
        if decided:
            return CLASSIFIED
    if late or seconds >= max_seconds:
        return TIME
    return BANK if many == 0 else NO_STOP


@compiled()
def surest_level(mean: float, var: float, cuts: Float, se: Float) -> float:
    """Probability of the most probable level; cuts ascend and end with infinity (see `cat.levels`)."""
    before, best = 0.0, 0.0
    for c in range(len(cuts)):
        below = 1.0
        if cuts[c] < np.inf:
            below = 0.5 * math.erfc((mean - cuts[c]) / np.sqrt(2.0 * (var + se[c] * se[c])))
        below = max(below, before)
        best = max(best, below - before)
        before = below
    return best
