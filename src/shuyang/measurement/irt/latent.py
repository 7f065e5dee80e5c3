"""The distribution of ability: normal per group, or normal around a regression on covariates (one dimension)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
SMALLEST_SD = 0.02  # well below the distance of the nodes: nothing is told apart there


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """Normal ability distributions of G groups on D dimensions.

    Attributes:
        names: group names.
        mean: [G, D].
        covariance: [G, D, D].
        coefficients: [C, D] regression coefficients of the covariates on top of the means, or None.
    """

    names: tuple[Any, ...]
    mean: Float
    covariance: Float
    coefficients: Float | None = None

    @classmethod
    def standard(cls, dimensions: int = 1, names: tuple[Any, ...] = ("all",)) -> Latent:
        """Mean 0, identity covariance."""
        size = len(names)
        return cls(names, np.zeros((size, dimensions)), np.tile(np.eye(dimensions), (size, 1, 1)))

    @property
    def sd(self) -> Float:
        """[G, D] standard deviations."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        coefficients = None if self.coefficients is None else self.coefficients.tolist()
        return {
            "names": list(self.names),
            "mean": self.mean.tolist(),
            "covariance": self.covariance.tolist(),
            "coefficients": coefficients,
        }


@dataclass(frozen=True, slots=True, eq=False)
class LatentFree:
    """Which parts of a one-dimensional latent distribution are estimated: [G] masks."""

    mean: NDArray[np.bool_]
    sd: NDArray[np.bool_]

    @property
    def any(self) -> bool:
        return bool(self.mean.any() or self.sd.any())


def pack(latent: Latent) -> Float:
    """Means, log standard deviations and coefficients of a one-dimensional latent distribution as one vector."""
    parts = [latent.mean[:, 0], np.log(latent.sd[:, 0])]
    if latent.coefficients is not None:
        parts.append(latent.coefficients[:, 0])
    return np.concatenate(parts)


def unpack(latent: Latent, vector: Float) -> Latent:
    """The inverse of `pack`."""
    size = len(latent.names)
    mean, sd = vector[:size], np.exp(vector[size : 2 * size])
    coefficients = None if latent.coefficients is None else vector[2 * size :, None].copy()
    return replace(latent, mean=mean[:, None].copy(), covariance=(sd**2)[:, None, None], coefficients=coefficients)


def log_weights(mean: Float, sd: Float, nodes: Float) -> Float:
    """[G, Q] log of node weights proportional to the normal density, summing to 1."""
    logs = -0.5 * ((nodes[None, :] - mean[:, None]) / sd[:, None]) ** 2
    top = logs.max(axis=1, keepdims=True)
    return np.asarray(logs - top - np.log(np.exp(logs - top).sum(axis=1, keepdims=True)))


def fit_groups(latent: Latent, free: LatentFree, persons: Float, nodes: Float) -> Latent:
    """Mean and sd that maximise the expected log weights given expected persons [G, Q].

    On a fine grid these are the moments; Newton steps on the exact discrete likelihood remove what the grid's ends cut.
    """
    mean, sd = latent.mean[:, 0].copy(), latent.sd[:, 0].copy()
    for g in range(len(latent.names)):
        total = persons[g].sum()
        if total > 0 and (free.mean[g] or free.sd[g]):
            mean[g], sd[g] = _fit_one(persons[g] / total, nodes, mean[g], sd[g], bool(free.mean[g]), bool(free.sd[g]))
    return replace(latent, mean=mean[:, None], covariance=(sd**2)[:, None, None])


def _fit_one(share: Float, nodes: Float, mean: float, sd: float, free_mean: bool, free_sd: bool) -> tuple[float, float]:
    """Match the free ones of E[x], E[(x - mean)^2] under the discrete normal to those under `share`."""
    first = float(share @ nodes)
    if free_mean:
        mean = first
    if free_sd:
        sd = max(float(share @ (nodes - mean) ** 2), SMALLEST_SD**2) ** 0.5
    if sd <= 0.25 * (nodes[1] - nodes[0]):  # all on one node: the moments are what there is
        return mean, sd
    target = np.array([first, float(share @ nodes**2)])
    for _ in range(8):
        w = np.exp(log_weights(np.array([mean]), np.array([sd]), nodes)[0])
        x = np.stack([nodes, nodes**2])
        moments = x @ w
        spread = (x * w) @ x.T - np.outer(moments, moments)
        chain = np.array([[1 / sd**2, -2 * mean / sd**3], [0.0, 1 / sd**3]])
        residual = chain.T @ (target - moments)
        information = chain.T @ spread @ chain
        keep = [i for i, on in enumerate((free_mean, free_sd)) if on]
        step = np.linalg.solve(information[np.ix_(keep, keep)], residual[keep])
        if free_mean:
            mean += float(step[0])
        if free_sd:
            sd = max(sd + float(step[-1]), 0.5 * sd)
        if np.abs(step).max() < 1e-10:
            break
    return mean, sd
