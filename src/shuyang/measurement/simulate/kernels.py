"""Compiled loop of one-dimensional adaptive tests. Imported only when a simulation runs.

The posterior is kept as a running product of tabulated probabilities, so an answer costs one multiplication a node.
Items are looked up in lists sorted by an upper bound of their information over a cell of the ability scale: the
search ends as soon as the bound falls below the best exact value, and so gives the same choice as a full search.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]

BINARY, GRADED, TOTAL = 0, 1, 2


@compiled(inline="always")
def mixed(seed: Any, counter: Any) -> Any:
    """A well-mixed 64-bit number from a seed and a counter (SplitMix64, Steele, Lea & Flood 2014)."""
    z = np.uint64(seed) + (np.uint64(counter) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled(inline="always")
def uniform(seed: Any, counter: Any) -> float:
    """A number in [0, 1) from a seed and a counter."""
    return float(mixed(seed, counter) >> np.uint64(11)) * 1.1102230246251565e-16


@compiled()
def category_at(
    a: float, d: Float, s: Float, g: float, u: float, family: int, categories: int, theta: float, draw: float
) -> int:
    """The category that a uniform number falls into, given the item's parameters in slope/intercept form."""
    if family == BINARY:
        p = g + (u - g) / (1.0 + np.exp(-(a * theta + d[0])))
        return 1 if draw < p else 0
    if family == GRADED:
        k = 0
        while k < categories - 1 and draw < 1.0 / (1.0 + np.exp(-(a * theta + d[k]))):
            k += 1
        return k
    top = 0.0
    for k in range(1, categories):
        top = max(top, a * s[k] * theta + d[k - 1])
    total = np.exp(-top)
    for k in range(1, categories):
        total += np.exp(a * s[k] * theta + d[k - 1] - top)
    left = draw * total - np.exp(-top)
    for k in range(1, categories):
        if left < 0.0:
            return k - 1
        left -= np.exp(a * s[k] * theta + d[k - 1] - top)
    return categories - 1


@compiled()
def information_at(
    a: float, d: Float, s: Float, g: float, u: float, family: int, categories: int, theta: float
) -> float:
    """Fisher information of one item about theta."""
    if family == BINARY:
        q = 1.0 / (1.0 + np.exp(-(a * theta + d[0])))
        p = g + (u - g) * q
        slope = (u - g) * q * (1.0 - q) * a
        return float(slope * slope / (p * (1.0 - p)))
    if family == GRADED:
        upper, upper_slope, total = 1.0, 0.0, 0.0
        for k in range(categories):
            q = 1.0 / (1.0 + np.exp(-(a * theta + d[k]))) if k < categories - 1 else 0.0
            slope = q * (1.0 - q)
            if upper > q:
                total += (upper_slope - slope) ** 2 / (upper - q)
            upper, upper_slope = q, slope
        return float(total * a * a)
    top = 0.0
    for k in range(1, categories):
        top = max(top, a * s[k] * theta + d[k - 1])
    s0 = np.exp(-top)
    s1, s2 = s[0] * s0, s[0] * s[0] * s0
    for k in range(1, categories):
        w = np.exp(a * s[k] * theta + d[k - 1] - top)
        s0 += w
        s1 += s[k] * w
        s2 += s[k] * s[k] * w
    return float((s2 / s0 - (s1 / s0) ** 2) * a * a)


@compiled()
def best_items(
    theta: float,
    k: int,
    order: Int32,
    bound: Float,
    blocked: NDArray[np.bool_],
    a: Float,
    d: Float,
    s: Float,
    g: Float,
    u: Float,
    family: Int,
    categories: Int,
    best: Int,
    value: Float,
) -> int:
    """Fill `best` with the k free items of largest information, best first; returns how many there are.

    `order` and `bound` belong to the cell of theta. When the list is exhausted without proof that nothing better
    stands outside it, the whole bank is searched.
    """
    for whole in range(2):
        found = 0
        proven = len(order) == len(a)
        for r in range(len(a) if whole == 1 else len(order)):
            j = r if whole == 1 else order[r]
            if whole == 0 and found == k and bound[r] < value[k - 1]:
                proven = True
                break
            if blocked[j]:
                continue
            v = information_at(a[j], d[j], s[j], g[j], u[j], family[j], categories[j], theta)
            if found == k and (v < value[k - 1] or (v == value[k - 1] and j > best[k - 1])):
                continue
            found = min(found + 1, k)
            at = found - 1
            while at > 0 and (value[at - 1] < v or (value[at - 1] == v and best[at - 1] > j)):
                value[at] = value[at - 1]
                best[at] = best[at - 1]
                at -= 1
            value[at] = v
            best[at] = j
        if proven or whole == 1:
            return found
    return found


@compiled()
def sit(
    first: int,
    theta: Float,
    responses: NDArray[np.int8],
    seed: int,
    a: Float,
    d: Float,
    s: Float,
    g: Float,
    u: Float,
    family: Int,
    categories: Int,
    prob: Float,
    nodes: Float,
    prior: Float,
    order: Int32,
    bound: Float,
    low: float,
    cell: float,
    cuts: Float,
    target_se: float,
    min_gain: float,
    confidence: float,
    min_items: int,
    max_items: int,
    randomesque: int,
    keep: Float,
    closed: NDArray[np.bool_],
    given: Int32,
    answer: NDArray[np.int8],
    estimate: Float,
    error: Float,
    considered: Int,
) -> None:
    """Run every examinee's test; results go into the last arrays.

    `keep` [J] are Sympson–Hetter probabilities of showing a chosen item, `closed` [N or 0, J] items that an examinee
    may not get; `first` numbers the examinees for the random numbers. `considered` [J] counts how often an item was
    chosen, shown or not.
    """
    size = len(nodes)
    post = np.empty(size)
    blocked = np.empty(len(a), np.bool_)
    best = np.empty(max(1, randomesque), np.int64)
    value = np.empty(max(1, randomesque))
    for i in range(len(theta)):
        person = mixed(seed, first + i)
        post[:] = prior
        if closed.shape[0]:
            blocked[:] = closed[i]
        else:
            blocked[:] = False
        mean, se, n, tries = _start(post, nodes, size)
        while n < max_items:
            at = min(max(int((mean - low) / cell), 0), order.shape[0] - 1)
            found = best_items(
                mean, randomesque, order[at], bound[at], blocked, a, d, s, g, u, family, categories, best, value
            )
            if found == 0:
                break
            j = best[mixed(person, 3 * tries) % np.uint64(found)]
            blocked[j] = True
            considered[j] += 1
            tries += 1
            if keep[j] < 1.0 and uniform(person, 3 * tries + 1) >= keep[j]:
                continue
            if responses.shape[0]:
                x = int(responses[i, j])
            else:
                draw = uniform(person, 3 * tries + 2)
                x = category_at(a[j], d[j], s[j], g[j], u[j], family[j], categories[j], theta[i], draw)
            given[i, n] = j
            answer[i, n] = x
            n += 1
            before = se
            mean, se = _answered(post, prob[j, x], nodes, size)
            if n >= min_items and _ends(mean, se, before - se, cuts, target_se, min_gain, confidence):
                break
        estimate[i] = mean
        error[i] = se


@compiled(inline="always")
def _start(post: Float, nodes: Float, size: int) -> Any:
    s0, s1, s2 = 0.0, 0.0, 0.0
    for q in range(size):
        s0 += post[q]
        s1 += post[q] * nodes[q]
        s2 += post[q] * nodes[q] * nodes[q]
    mean = s1 / s0
    return mean, np.sqrt(max(s2 / s0 - mean * mean, 0.0)), 0, 0


@compiled(fastmath=True)
def _answered(post: Float, row: Float, nodes: Float, size: int) -> Any:
    """Multiply an answer's curve into the posterior; the new mean and SD."""
    s0, s1, s2 = 0.0, 0.0, 0.0
    for q in range(size):
        w = post[q] * row[q]
        post[q] = w
        s0 += w
        s1 += w * nodes[q]
        s2 += w * nodes[q] * nodes[q]
    if s0 < 1e-200:
        for q in range(size):
            post[q] *= 1e200
    mean = s1 / s0
    return mean, np.sqrt(max(s2 / s0 - mean * mean, 0.0))


@compiled(inline="always")
def _ends(
    mean: float, se: float, gain: float, cuts: Float, target_se: float, min_gain: float, confidence: float
) -> bool:
    """Stop by precision, by an interval that holds no cut, or by an answer that changed next to nothing."""
    if se <= target_se or gain < min_gain:
        return True
    if len(cuts) == 0:
        return False
    for cut in cuts:  # noqa: SIM110 (the compiler knows no generators)
        if abs(mean - cut) <= confidence * se:
            return False
    return True
