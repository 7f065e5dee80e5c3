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


def loadings(items: ItemParameters) -> Float:
    """Standardised factor loadings a / sqrt(1.702^2 + |a|^2) [J, D] of uncorrelated factors."""
    return np.asarray(items.slopes / np.sqrt(1.702**2 + (items.slopes**2).sum(axis=1, keepdims=True)))


def rotate(items: ItemParameters, method: str = "oblimin") -> tuple[ItemParameters, Float]:
    """The bank on rotated axes, and the factor correlations [D, D].

    method: "varimax" (orthogonal; Kaiser, 1958) or "oblimin" (oblique, direct quartimin; Jennrich & Sampson, 1966).
    The rotation is found on standardised loadings and applied to slopes, so that probabilities are unchanged when
    ability has the returned correlations. The covariance of the parameters is dropped.
    """
    raw = loadings(items)
    if method == "varimax":
        turn = _orthogonal(raw, _varimax)
        correlation = np.eye(items.dimensions)
        slopes = items.slopes @ turn
    elif method == "oblimin":
        turn = _oblique(raw, _quartimin)
        correlation = turn.T @ turn
        slopes = items.slopes @ np.linalg.inv(turn).T
    else:
        raise BadModel(f"unknown rotation {method!r}", known=("varimax", "oblimin"))
    sign = np.where(slopes.sum(axis=0) < 0, -1.0, 1.0)
    rotated = replace(items, slopes=slopes * sign, covariance=None, free=())
    return rotated, correlation * np.outer(sign, sign)


def _varimax(a: Float) -> tuple[float, Float]:
    centred = a**2 - (a**2).mean(axis=0)
    return -float((centred**2).sum()) / 4, -a * centred


def _quartimin(a: Float) -> tuple[float, Float]:
    squares = a**2
    others = squares.sum(axis=1, keepdims=True) - squares
    return float((squares * others).sum()) / 4, a * others


def _orthogonal(a: Float, criterion: Criterion) -> Float:
    turn = np.eye(a.shape[1])
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


def _oblique(a: Float, criterion: Criterion) -> Float:
    """T with unit columns; rotated loadings are a inv(T)'."""
    turn = np.eye(a.shape[1])
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
