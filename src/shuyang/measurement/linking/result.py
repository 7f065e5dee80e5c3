"""The result of linking: constants, their error, and what they do to items and scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.errors import NotOneDimensional
from shuyang.measurement.irt.items import TOTAL, ItemParameters
from shuyang.measurement.linking.anchors import Floats
from shuyang.measurement.linking.errors_of_constants import Uncertainty

_FREED = {"rasch": "1pl", "pcm": "gpcm", "rsm": "gpcm"}


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """theta_base = A theta_form + B, so a_base = a_form / A and b_base = A b_form + B.

    method, scale: as asked; criterion: the minimum of the loss (NaN for moment methods); se_method: "delta",
    "jackknife" or "none"; covariance: [2, 2] of (A, B), NaN without. anchors: ids; gap: [n] root mean squared
    difference of the anchors' expected scores after linking, over the integration weights; shift: [n] mean difficulty
    on the base scale, form minus base (NaN for nominal items).
    """

    A: float
    B: float
    method: str
    scale: str
    criterion: float
    se_method: str
    covariance: Floats
    anchors: tuple[str, ...]
    gap: Floats
    shift: Floats
    uncertainty: Uncertainty | None = None

    @property
    def constants(self) -> tuple[float, float]:
        """(A, B)."""
        return self.A, self.B

    @property
    def se_A(self) -> float:  # noqa: N802 - the constant is called A everywhere
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def se_B(self) -> float:  # noqa: N802
        return float(np.sqrt(self.covariance[1, 1]))

    def scores(self, theta: ArrayLike, se: ArrayLike | None = None) -> tuple[Floats, Floats]:
        """Abilities and standard errors of the form on the base scale: A theta + B and A se."""
        moved = self.A * np.asarray(theta, float) + self.B
        return moved, np.full_like(moved, np.nan) if se is None else self.A * np.asarray(se, float)

    def transform(self, items: ItemParameters) -> ItemParameters:
        """The form's items on the base scale; their covariance, where known, includes the error of the constants.

        Models that fix the slope become their free-slope kin (Rasch 1PL, PCM and rating scale GPCM) unless A is 1.
        Raises NotOneDimensional.
        """
        if items.dimensions != 1:
            raise NotOneDimensional("A and B exist for one dimension", dimensions=items.dimensions)
        score = _intercept_scores(items)
        models = items.models if self.A == 1 else tuple(_FREED.get(m, m) for m in items.models)
        return replace(
            items,
            models=models,
            slopes=items.slopes / self.A,
            intercepts=items.intercepts - score * items.slopes * self.B / self.A,
            covariance=self._moved_covariance(items, score),
        )

    def _moved_covariance(self, items: ItemParameters, score: Floats) -> Floats | None:
        if items.covariance is None:
            return None
        jacobian, change = _jacobian(items, score, self.A, self.B)
        if self.uncertainty is None:
            return np.asarray(jacobian @ items.covariance @ jacobian.T)
        place = {(items.ids[j], name): i for i, (j, name) in enumerate(items.free)}
        here = [(k, place[key]) for k, key in enumerate(self.uncertainty.form_keys) if key in place]
        constants = np.zeros((2, len(items.free)))
        for k, i in here:
            constants[:, i] = self.uncertainty.form_gradient[:, k]
        rest = self.uncertainty.base_part if self.uncertainty.form_keys else self.uncertainty.covariance
        whole = jacobian + change @ constants
        return np.asarray(whole @ items.covariance @ whole.T + change @ rest @ change.T)

    def to_dict(self) -> dict[str, Any]:
        return {
            "A": self.A,
            "B": self.B,
            "se_A": self.se_A,
            "se_B": self.se_B,
            "method": self.method,
            "scale": self.scale,
            "criterion": self.criterion,
            "se_method": self.se_method,
            "anchors": self.to_table(),
        }

    def to_table(self) -> dict[str, list[Any]]:
        """One row an anchor."""
        return {"item": list(self.anchors), "gap": self.gap.tolist(), "shift": self.shift.tolist()}

    def summary(self) -> str:
        worst = self.anchors[int(np.argmax(self.gap))]
        return (
            f"{self.method}: A {self.A:.4f} (SE {self.se_A:.4f}), B {self.B:.4f} (SE {self.se_B:.4f}), "
            f"SE by {self.se_method}; {len(self.anchors)} anchors, largest curve gap {self.gap.max():.3f} at {worst}"
        )


def _intercept_scores(items: ItemParameters) -> Floats:
    """The factor of the composite that belongs to each intercept, [J, K-1]: 1, or the category's score."""
    total = np.array([m in TOTAL for m in items.models])
    return np.where(total[:, None], items.scores[:, 1:], 1.0)


def _jacobian(items: ItemParameters, score: Floats, a: float, b: float) -> tuple[Floats, Floats]:
    """Derivatives of the moved parameters in the old ones, [P, P], and in (A, B), [P, 2]."""
    place = {key: i for i, key in enumerate(items.free)}
    jacobian, change = np.eye(len(place)), np.zeros((len(place), 2))
    for i, (j, name) in enumerate(items.free):
        slope = items.slopes[j, 0]
        if name == "a1":
            jacobian[i, i] = 1 / a
            change[i, 0] = -slope / a**2
        elif name[0] == "d":
            k = int(name[1:]) - 1
            factor = score[j, k]
            change[i] = factor * slope * b / a**2, -factor * slope / a
            for other, effect in (("a1", -factor * b / a), (f"s{k + 1}", -slope * b / a)):
                if (j, other) in place:
                    jacobian[i, place[j, other]] = effect
    return jacobian, change
