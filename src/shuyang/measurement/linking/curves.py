"""Linking constants from characteristic curves: Haebara and Stocking-Lord."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from shuyang.measurement.errors import NotIdentified
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import curves
from shuyang.measurement.linking.anchors import Anchors, Floats

METHODS = ("haebara", "stocking-lord")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is minimised: method, the scale(s) integrated over ("base", "form", "symmetric"), nodes and weights [Q]."""

    method: str
    scale: str
    nodes: Floats
    weights: Floats

    def residuals(self, constants: Floats, anchors: Anchors) -> tuple[Floats, Floats]:
        """Weighted differences [M] and their derivatives in (A, B), [M, 2]; half their square sum is the criterion.

        The form's curve at a base ability t is its own at (t - B) / A; the base's curve at a form ability t is its
        own at A t + B.
        """
        a, b = constants
        t, parts = self.nodes, []
        if self.scale in ("base", "symmetric"):
            inner = (t - b) / a
            moved, slope = self._features(anchors.form, inner)
            fixed, _ = self._features(anchors.base, t)
            parts.append((moved - fixed, slope * np.stack([-inner / a, np.full_like(t, -1 / a)])[:, None, :]))
        if self.scale in ("form", "symmetric"):
            moved, slope = self._features(anchors.base, a * t + b)
            fixed, _ = self._features(anchors.form, t)
            parts.append((moved - fixed, slope * np.stack([t, np.ones_like(t)])[:, None, :]))
        root = np.sqrt(self.weights)
        gaps = [(gap * root).ravel() for gap, _ in parts]
        slopes = [(change * root).reshape(2, -1).T for _, change in parts]
        return np.concatenate(gaps), np.concatenate(slopes)

    def _features(self, items: ItemParameters, t: Floats) -> tuple[Floats, Floats]:
        """What is compared, [F, Q], and its derivative in ability: all category curves, or the expected total."""
        c = curves(items, t)
        change = c.first * items.slopes[:, :1, None]
        if self.method == "haebara":
            return c.p.reshape(-1, len(t)), change.reshape(-1, len(t))
        steps = np.arange(c.p.shape[1], dtype=float)
        return np.einsum("jkq,k->q", c.p, steps)[None, :], np.einsum("jkq,k->q", change, steps)[None, :]

    def gradient(self, constants: Floats, anchors: Anchors) -> Floats:
        gap, slope = self.residuals(constants, anchors)
        return np.asarray(slope.T @ gap)

    def hessian(self, constants: Floats, anchors: Anchors) -> Floats:
        """Second derivatives in (A, B) by central differences of the gradient."""
        steps = 1e-5 * np.eye(2)
        columns = [self.gradient(constants + h, anchors) - self.gradient(constants - h, anchors) for h in steps]
        return np.column_stack(columns) / 2e-5


def curve_constants(anchors: Anchors, criterion: Criterion, start: Floats) -> tuple[Floats, float]:
    """(A, B) at the minimum, and the minimum (sum of weighted squared differences).

    Haebara (1980); Stocking & Lord (1983); several categories: Kim & Lee (2006), every category counts.
    Raises NotIdentified when no minimum with A > 0 is found.
    """
    found = least_squares(
        lambda x: criterion.residuals(x, anchors)[0],
        start,
        jac=lambda x: criterion.residuals(x, anchors)[1],
        bounds=([1e-3, -np.inf], [np.inf, np.inf]),
        xtol=1e-13,
        ftol=1e-14,
        gtol=1e-12,
        x_scale=(1.0, 1.0),
    )
    if not found.success or found.x[0] < 2e-3 or not np.isfinite(found.x).all():
        raise NotIdentified("no minimum of the criterion with A > 0", constants=found.x.tolist())
    return np.asarray(found.x, float), float(2 * found.cost)
