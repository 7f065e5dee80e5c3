"""The distribution of sum scores given ability, and ability given a sum score (Lord & Wingersky, 1984)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadShape, NeedsCompleteData
from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses, as_responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SumScoreTable:
    """Ability for every sum score S = 0 ... of a complete test.

    Attributes:
        scores: int [S].
        theta: [S, D] posterior mean given the sum score; covariance: [S, D, D].
        proportion: [S] model-implied share of persons.
        observed: [S] observed persons, or None.
    """

    scores: NDArray[np.int64]
    theta: Float
    covariance: Float
    proportion: Float
    observed: Float | None

    @property
    def se(self) -> Float:
        """[S, D] posterior standard deviations."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))

    @property
    def expected(self) -> Float | None:
        """[S] expected persons, when observed ones are known."""
        return None if self.observed is None else self.proportion * self.observed.sum()

    def to_table(self) -> dict[str, list[Any]]:
        """One row a sum score; `residual` is (observed - expected) / sqrt(expected), in absolute value."""
        table: dict[str, list[Any]] = {"score": self.scores.tolist()}
        for k in range(self.theta.shape[1]):
            suffix = "" if self.theta.shape[1] == 1 else str(k + 1)
            table[f"theta{suffix}"] = self.theta[:, k].tolist()
            table[f"se{suffix}"] = self.se[:, k].tolist()
        table["proportion"] = self.proportion.tolist()
        expected = self.expected
        if self.observed is not None and expected is not None:
            table["observed"], table["expected"] = self.observed.tolist(), expected.tolist()
            table["residual"] = (np.abs(self.observed - expected) / np.sqrt(expected)).tolist()
        return table

    def to_dict(self) -> dict[str, Any]:
        """The table as plain lists."""
        return self.to_table()

    def summary(self) -> str:
        """A line for people."""
        return f"sum scores 0 to {len(self.scores) - 1}: theta {self.theta[0].round(3)} to {self.theta[-1].round(3)}"


def sum_score_likelihoods(probabilities: Float) -> Float:
    """P(sum score = s | node) as [S, Q] from category probabilities [J, K, Q] (0 beyond an item's categories).

    The recursion of Lord & Wingersky (1984), extended to several categories (Thissen et al., 1995).
    """
    tops = [int(np.flatnonzero(p.any(axis=1)).max()) for p in probabilities]
    likelihood = np.zeros((sum(tops) + 1, probabilities.shape[2]))
    likelihood[0] = 1.0
    reached = 0
    for p, top in zip(probabilities, tops, strict=True):
        before = likelihood[: reached + 1].copy()
        likelihood[: reached + top + 1] = 0.0
        for k in range(top + 1):
            likelihood[k : k + reached + 1] += before * p[k]
        reached += top
    return likelihood


def sum_score_table(
    items: ItemParameters,
    *,
    latent: Latent | None = None,
    responses: Responses | ArrayLike | None = None,
    nodes: int | None = None,
    bound: float = 6.0,
) -> SumScoreTable:
    """Posterior mean and covariance of ability for each sum score of the complete test.

    Args:
        items: the test; categories count 0, 1, 2, ...
        latent: one group's ability distribution, standard normal when absent.
        responses: complete responses to count observed sum scores from.
        nodes, bound: quadrature, as in `score`.

    Raises:
        NeedsCompleteData: responses are missing. BadShape: several groups.
    """
    from shuyang.measurement.irt.scores import grid_log_weights, grid_nodes

    latent = latent or Latent.standard(items.dimensions)
    if len(latent.names) != 1:
        raise BadShape("one ability distribution is needed; make a table for each group")
    space = grid_nodes(items.dimensions, nodes, bound)
    joint = sum_score_likelihoods(models.probabilities(items, space)) * np.exp(grid_log_weights(latent, space)[0])
    proportion = joint.sum(axis=1)
    share = joint / proportion[:, None]
    theta = share @ space
    second = np.einsum("sq,qd,qe->sde", share, space, space)
    covariance = second - theta[:, :, None] * theta[:, None, :]
    return SumScoreTable(np.arange(len(joint)), theta, covariance, proportion, _observed(responses, len(joint)))


def _observed(responses: Responses | ArrayLike | None, size: int) -> Float | None:
    if responses is None:
        return None
    data = as_responses(responses)
    if not data.complete:
        raise NeedsCompleteData("sum scores compare persons only when everyone answered every item")
    return np.bincount(data.sum_scores().astype(np.int64), data.weights, minlength=size).astype(float)
