"""Rotation of exploratory factors to simple structure by gradient projection (Jennrich, 2001, 2002)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadModel
from shuyang.measurement.irt.items import ItemParameters

Float = NDArray[np.float64]
Criterion = Callable[[Float], tuple[float, Float]]
STEP = 1e-4


def rotate(items: ItemParameters, method: str = "oblimin") -> tuple[ItemParameters, Float]:
    """The bank on rotated axes, and the factor correlations [D, D].

    method: "varimax" (orthogonal; Kaiser, 1958) or "oblimin" (oblique, direct quartimin; Jennrich & Sampson, 1966).
    The rotation is found on standardised loadings and applied to slopes, so that probabilities are unchanged when
    ability has the returned correlations. A covariance of the parameters is carried along by the delta method
    (Archer & Jennrich, 1973).
    """
    turn, correlation = _turn(items.slopes, method, np.eye(items.dimensions))
    slopes = items.slopes @ turn
    sign = np.where(slopes.sum(axis=0) < 0, -1.0, 1.0)
    rotated = replace(items, slopes=slopes * sign, covariance=None, free=())
    if items.covariance is not None:
        covariance, free = _carried(items, method, turn, sign)
        rotated = replace(rotated, covariance=covariance, free=free)
    return rotated, correlation * np.outer(sign, sign)


def _turn(slopes: Float, method: str, start: Float) -> tuple[Float, Float]:
    """What slopes are multiplied by from the right, found from the axes `start`, and the factor correlations."""
    raw = slopes / np.sqrt(1.702**2 + (slopes**2).sum(axis=1, keepdims=True))
    if method == "varimax":
        return _orthogonal(raw, _varimax, start), np.eye(len(start))
    if method == "oblimin":
        axes = _oblique(raw, _quartimin, start)
        return np.asarray(np.linalg.inv(axes).T, float), axes.T @ axes
    raise BadModel(f"unknown rotation {method!r}", known=("varimax", "oblimin"))


def _carried(items: ItemParameters, method: str, turn: Float, sign: Float) -> tuple[Float, tuple[tuple[int, str], ...]]:
    """Covariance of all rotated slopes and of the other parameters, by differences of the rotation."""
    assert items.covariance is not None
    size, dims = items.slopes.shape
    start = turn if method == "varimax" else np.asarray(np.linalg.inv(turn).T, float)
    kept = [(r, key) for r, key in enumerate(items.free) if key[1][0] != "a"]
    jacobian = np.zeros((size * dims + len(kept), len(items.free)))
    for r, (j, name) in enumerate(items.free):
        if name[0] == "a":
            moved = []
            for step in (STEP, -STEP):
                slopes = items.slopes.copy()
                slopes[j, int(name[1:]) - 1] += step
                moved.append(slopes @ _turn(slopes, method, start)[0] * sign)
            jacobian[: size * dims, r] = ((moved[0] - moved[1]) / (2 * STEP)).ravel()
    for at, (r, _) in enumerate(kept):
        jacobian[size * dims + at, r] = 1.0
    names = [(j, f"a{k + 1}") for j in range(size) for k in range(dims)] + [key for _, key in kept]
    order = sorted(range(len(names)), key=lambda r: names[r][0])
    covariance = jacobian @ items.covariance @ jacobian.T
    return covariance[np.ix_(order, order)], tuple(names[r] for r in order)


def principal_axes(slopes: Float) -> Float:
    """The rotation V [D, D] after which a'a is diagonal, largest first, with positive column sums."""
    _, vectors = np.linalg.eigh(slopes.T @ slopes)
    turn = vectors[:, ::-1]
    return np.asarray(turn * np.where((slopes @ turn).sum(axis=0) < 0, -1.0, 1.0))


def _varimax(a: Float) -> tuple[float, Float]:
    centred = a**2 - (a**2).mean(axis=0)
    return -float((centred**2).sum()) / 4, -a * centred


def _quartimin(a: Float) -> tuple[float, Float]:
    squares = a**2
    others = squares.sum(axis=1, keepdims=True) - squares
    return float((squares * others).sum()) / 4, a * others


def _orthogonal(a: Float, criterion: Criterion, turn: Float) -> Float:
    value, slope = criterion(a @ turn)
    step = 1.0
    for _ in range(1000):
        gradient = a.T @ slope
        inner = turn.T @ gradient
        along = gradient - turn @ (inner + inner.T) / 2
        size = float((along**2).sum())
        if size < 1e-14:
            break
        step *= 2
        while step > 1e-12:
            left, _, right = np.linalg.svd(turn - step * along)
            trial = left @ right
            new, slope_new = criterion(a @ trial)
            if new < value - 0.5 * size * step:
                break
            step /= 2
        turn, value, slope = trial, new, slope_new
    return np.asarray(turn)


def _oblique(a: Float, criterion: Criterion, turn: Float) -> Float:
    """T with unit columns, from the start `turn`; rotated loadings are a inv(T)'."""
    rotated = a @ np.linalg.inv(turn).T
    value, slope = criterion(rotated)
    step = 1.0
    for _ in range(1000):
        gradient = -(rotated.T @ slope @ np.linalg.inv(turn)).T
        along = gradient - turn * (turn * gradient).sum(axis=0)
        size = float((along**2).sum())
        if size < 1e-14:
            break
        step *= 2
        while step > 1e-12:
            moved = turn - step * along
            trial = moved / np.sqrt((moved**2).sum(axis=0))
            tried = a @ np.linalg.inv(trial).T
            new, slope_new = criterion(tried)
            if new < value - 0.5 * size * step:
                break
            step /= 2
        turn, rotated, value, slope = trial, tried, new, slope_new
    return turn
