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

    `theta`, `mean`, `sd` [N, D]: true ability, posterior mean and SD in logits; `length` [N] items, `seconds` [N];
    `reached` [N] whether every dimension reached its target SE; `exposure` [J] share of sittings that showed an item;
    `overlap`: mean share of items that two sittings have in common; `violations`: broken rule → number of sittings;
    `stops`: stop reason → number of sittings.
    """

    theta: FloatArray
    mean: FloatArray
    sd: FloatArray
    length: IntArray
    seconds: FloatArray
    reached: BoolArray
    exposure: FloatArray
    overlap: float
    violations: Mapping[str, int]
    stops: Mapping[str, int]

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
