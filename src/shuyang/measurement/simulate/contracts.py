"""What a simulation of sittings reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shuyang.measurement.cat.contracts import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class SittingSimulation:
    """Sittings of simulated examinees.

    `theta`, `mean`, `sd` [N, D]: true ability, posterior mean and SD in logits; `given`, `answers` [N, M]: items in
    order and their categories, −1 beyond the end; `seconds` [N]; `reached` [N] whether every dimension reached its
    target SE; `exposure` [J] share of sittings that showed an item; `overlap`: mean share of items that two sittings
    have in common; `violations`: broken rule → number of sittings; `stops`: stop reason → number of sittings.
    """

    theta: FloatArray
    mean: FloatArray
    sd: FloatArray
    given: np.ndarray[Any, np.dtype[np.int32]]
    answers: np.ndarray[Any, np.dtype[np.int8]]
    seconds: FloatArray
    reached: BoolArray
    exposure: FloatArray
    overlap: float
    violations: Mapping[str, int]
    stops: Mapping[str, int]

    @property
    def length(self) -> IntArray:
        """Number of items given [N]."""
        return np.asarray((self.given >= 0).sum(axis=1))

    @property
    def bias(self) -> FloatArray:
        """Mean error per dimension [D]."""
        return np.asarray((self.mean - self.theta).mean(axis=0))

    @property
    def rmse(self) -> FloatArray:
        """Root mean squared error per dimension [D]."""
        return np.asarray(np.sqrt(((self.mean - self.theta) ** 2).mean(axis=0)))

    @property
    def coverage(self) -> FloatArray:
        """Share of 95 % intervals (mean ± 1.96 SD) that hold the truth, per dimension [D]."""
        return np.asarray((np.abs(self.mean - self.theta) <= 1.959963984540054 * self.sd).mean(axis=0))

    def to_dict(self) -> dict[str, Any]:
        """The figures that describe the simulation, as plain data."""
        return {
            "n": len(self.length),
            "bias": self.bias.tolist(),
            "rmse": self.rmse.tolist(),
            "coverage": self.coverage.tolist(),
            "mean_sd": self.sd.mean(axis=0).tolist(),
            "length": dict(
                zip(("p10", "median", "p90"), np.percentile(self.length, (10, 50, 90)).tolist(), strict=True)
            ),
            "minutes": float(np.median(self.seconds) / 60.0),
            "reached": float(self.reached.mean()),
            "max_exposure": float(self.exposure.max(initial=0.0)),
            "items_used": int((self.exposure > 0).sum()),
            "overlap": self.overlap,
            "violations": dict(self.violations),
            "stops": dict(self.stops),
        }

    def to_table(self) -> dict[str, list[float]]:
        """One row per dimension, as columns."""
        return {
            "dimension": list(range(self.theta.shape[1])),
            "bias": self.bias.tolist(),
            "rmse": self.rmse.tolist(),
            "coverage": self.coverage.tolist(),
            "mean_sd": self.sd.mean(axis=0).tolist(),
        }

    def summary(self) -> str:
        """A few lines for a terminal."""
        d = self.to_dict()
        lengths = " / ".join(f"{x:.0f}" for x in d["length"].values())
        lines = [
            f"{d['n']} sittings, items {lengths} (p10 / median / p90), target reached in {d['reached']:.1%}",
            f"exposure at most {d['max_exposure']:.1%}, {d['items_used']} items used, overlap {d['overlap']:.1%}",
            f"stops {d['stops']}; violations {d['violations'] or 'none'}",
            "dim    bias   rmse  coverage  mean SD",
        ]
        rows = zip(self.bias, self.rmse, self.coverage, self.sd.mean(axis=0), strict=True)
        return "\n".join(lines + [f"{k:3d} {b:7.3f} {r:6.3f} {c:9.1%} {s:8.3f}" for k, (b, r, c, s) in enumerate(rows)])


@dataclass(frozen=True, slots=True, eq=False)
class CatSimulation:
    """One-dimensional adaptive tests of N examinees.

    `theta`, `estimate`, `se` [N]; `given` [N, M] item positions in order, −1 beyond the end; `answers` [N, M]
    categories likewise; `considered` [J] how often an item was chosen, shown or not.
    """

    theta: FloatArray
    estimate: FloatArray
    se: FloatArray
    given: np.ndarray[Any, np.dtype[np.int32]]
    answers: np.ndarray[Any, np.dtype[np.int8]]
    considered: IntArray

    @property
    def length(self) -> IntArray:
        """Number of items given [N]."""
        return np.asarray((self.given >= 0).sum(axis=1))

    @property
    def counts(self) -> IntArray:
        """How many examinees saw each item [J]."""
        return np.bincount(self.given[self.given >= 0], minlength=len(self.considered))

    @property
    def exposure(self) -> FloatArray:
        """Share of examinees who saw each item [J]."""
        return np.asarray(self.counts / len(self.theta))

    @property
    def overlap(self) -> float:
        """Mean share of items that two examinees have in common."""
        return mean_overlap(self.counts, len(self.theta))

    @property
    def bias(self) -> float:
        """Mean error."""
        return float((self.estimate - self.theta).mean())

    @property
    def rmse(self) -> float:
        """Root mean squared error."""
        return float(np.sqrt(((self.estimate - self.theta) ** 2).mean()))

    @property
    def coverage(self) -> float:
        """Share of 95 % intervals that hold the truth."""
        return float((np.abs(self.estimate - self.theta) <= 1.959963984540054 * self.se).mean())

    def by_ability(self, edges: FloatArray) -> dict[str, list[float]]:
        """Conditional figures for plots: one row per interval between `edges` that holds an examinee, as columns."""
        table: dict[str, list[float]] = {name: [] for name in ("low", "high", "n", "bias", "rmse", "se", "length")}
        error, length = self.estimate - self.theta, self.length
        for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            here = (self.theta >= low) & (self.theta < high)
            if here.any():
                row = (low, high, here.sum(), error[here].mean(), np.sqrt((error[here] ** 2).mean()))
                more = (self.se[here].mean(), length[here].mean())
                for name, number in zip(table, (*row, *more), strict=True):
                    table[name].append(float(number))
        return table

    def to_dict(self) -> dict[str, Any]:
        """The figures that describe the simulation, as plain data."""
        return {
            "n": len(self.theta),
            "bias": self.bias,
            "rmse": self.rmse,
            "coverage": self.coverage,
            "mean_se": float(self.se.mean()),
            "mean_length": float(self.length.mean()),
            "max_exposure": float(self.exposure.max(initial=0.0)),
            "items_used": int((self.exposure > 0).sum()),
            "overlap": self.overlap,
        }

    def to_table(self) -> dict[str, list[float]]:
        """One row per examinee, as columns."""
        return {
            "theta": self.theta.tolist(),
            "estimate": self.estimate.tolist(),
            "se": self.se.tolist(),
            "length": self.length.tolist(),
        }

    def summary(self) -> str:
        """A few lines for a terminal."""
        d = self.to_dict()
        return (
            f"{d['n']} tests, {d['mean_length']:.2f} items on average\n"
            f"bias {d['bias']:.3f}, RMSE {d['rmse']:.3f}, coverage {d['coverage']:.1%}, mean SE {d['mean_se']:.3f}\n"
            f"exposure at most {d['max_exposure']:.1%}, {d['items_used']} items used, overlap {d['overlap']:.1%}"
        )


def mean_overlap(counts: IntArray | FloatArray, persons: int) -> float:
    """Mean share of items that two examinees have in common, from the number of examinees per item (Chen et al. 2003).

    Exact for the mean over all pairs when lengths are equal; otherwise relative to the mean length.
    """
    shared = float((counts * (counts - 1.0)).sum())
    return shared / max((persons - 1.0) * float(counts.sum()), 1.0)
