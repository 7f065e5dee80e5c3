"""Fit of items and persons from standardised residuals at given abilities: infit, outfit, lz.

None of these needs complete data; each item counts the persons who answered it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.fit.inputs import Case, Floats, Model, case_of
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import log_probabilities

# guards of the usual programs (mirt, Winsteps), kept so that figures can be compared
SMALLEST_VARIANCE = 1e-5**0.5  # of an answer: one careless answer to a sure item must not decide a mean square
LARGEST_DEVIATION = 1.4142  # of a mean square, before its z value


@dataclass(frozen=True, slots=True)
class ResidualFit:
    """Mean squares near 1 and their z values near N(0, 1) where the model holds; one entry an item or a person.

    outfit: mean of squared standardised residuals; infit: weighted by information; z_...: Wilson-Hilferty cube root.
    count: answers behind each entry. zh: for persons the standardised log-likelihood (lz; Zh for several categories),
    small = misfit; None for items. NaN without an answer.
    """

    names: tuple[Any, ...]
    outfit: Floats
    z_outfit: Floats
    infit: Floats
    z_infit: Floats
    count: Floats
    zh: Floats | None = None

    def to_table(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {"name": list(self.names)}
        for name in ("outfit", "z_outfit", "infit", "z_infit", "zh", "count"):
            values = getattr(self, name)
            if values is not None:
                columns[name] = values.tolist()
        return columns

    def to_dict(self) -> dict[str, Any]:
        return self.to_table()

    def summary(self) -> str:
        low, high = np.nanmin(self.infit), np.nanmax(self.infit)
        text = f"infit {low:.2f} to {high:.2f}, outfit {np.nanmin(self.outfit):.2f} to {np.nanmax(self.outfit):.2f}"
        return text if self.zh is None else f"{text}; {np.nanmean(self.zh < -1.645):.1%} of persons below zh -1.645"


class _Column(NamedTuple):
    """One item at the persons who answered: rows, squared residual, variance, fourth moment, log-likelihood terms."""

    rows: np.ndarray[tuple[int], np.dtype[np.intp]]
    square: Floats
    variance: Floats
    fourth: Floats
    chosen: Floats
    expected: Floats
    spread: Floats


def item_fit(
    responses: Responses | ArrayLike,
    model: Model,
    *,
    theta: ArrayLike | None = None,
    latent: Latent | None = None,
    groups: Sequence[Any] | None = None,
    covariates: ArrayLike | None = None,
) -> ResidualFit:
    """Infit and outfit of every item (Wright & Masters 1982), at theta or at EAP estimates.

    responses: matrix [N, J] or `Responses`; model: bank or calibration; theta: [N] or [N, D]; latent, groups: ability
    distribution for the EAP, and the person's group where it has several; covariates: [N, C] where it is a
    regression. Raises BadShape, BadCategory.
    """
    case = case_of(responses, model, latent)
    at = case.abilities(theta, groups, covariates)
    rows = [_mean_squares(*_sums(c, case.weights[c.rows])) for c in _columns(case, at)]
    outfit, z_outfit, infit, z_infit, count = np.array(rows).T
    return ResidualFit(case.items.ids, outfit, z_outfit, infit, z_infit, count)


def person_fit(
    responses: Responses | ArrayLike,
    model: Model,
    *,
    theta: ArrayLike | None = None,
    latent: Latent | None = None,
    groups: Sequence[Any] | None = None,
    covariates: ArrayLike | None = None,
) -> ResidualFit:
    """Infit, outfit and standardised log-likelihood (lz, Drasgow, Levine & Williams 1985) of every person.

    Arguments as `item_fit`. With estimated abilities lz is a little too narrow (Snijders 2001), so the share of
    flagged persons runs below the nominal.
    """
    case = case_of(responses, model, latent)
    n = case.data.persons
    sums, logs = np.zeros((6, n)), np.zeros((3, n))
    for c in _columns(case, case.abilities(theta, groups, covariates)):
        sums[:, c.rows] += _terms(c)
        logs[:, c.rows] += np.stack([c.chosen, c.expected, c.spread])
    outfit, z_outfit, infit, z_infit, count = _mean_squares(*sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        zh = np.where(logs[2] > 0, (logs[0] - logs[1]) / np.sqrt(logs[2]), np.nan)
    names = case.data.person_ids or tuple(range(n))
    return ResidualFit(names, outfit, z_outfit, infit, z_infit, count, zh)


def _columns(case: Case, at: Floats) -> Iterator[_Column]:
    for j, (rows, answer) in enumerate(case.columns()):
        logs = log_probabilities(case.items.select([j]), at[rows])[0]
        yield _column(rows, answer, logs)


def _column(rows: Any, answer: Any, logs: Floats) -> _Column:
    p, score = np.exp(logs), np.arange(len(logs), dtype=float)[:, None]
    finite = np.where(p > 0, logs, 0.0)
    centred = score - (score * p).sum(axis=0)
    expected = (p * finite).sum(axis=0)
    return _Column(
        rows=rows,
        square=centred[answer, np.arange(len(rows))] ** 2,
        variance=np.maximum((p * centred**2).sum(axis=0), SMALLEST_VARIANCE),
        fourth=(p * centred**4).sum(axis=0),
        chosen=logs[answer, np.arange(len(rows))],
        expected=expected,
        spread=(p * finite**2).sum(axis=0) - expected**2,
    )


def _terms(c: _Column) -> Floats:
    v = c.variance
    return np.stack([c.square / v, c.fourth / v**2, c.square, v, c.fourth - v**2, np.ones_like(v)])


def _sums(c: _Column, weights: Floats) -> Floats:
    return np.asarray(_terms(c) @ weights)


def _mean_squares(z2: Any, kurtosis: Any, square: Any, variance: Any, excess: Any, count: Any) -> tuple[Any, ...]:
    """(outfit, z, infit, z, count) from sums over the answers; Wilson-Hilferty z (Wright & Masters 1982, p. 100)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        outfit, infit = z2 / count, square / variance
        outer = np.sqrt(np.maximum(kurtosis / count**2 - 1 / count, 0))
        inner = np.sqrt(np.maximum(excess, 0)) / variance
        return outfit, _cube_root_z(outfit, outer), infit, _cube_root_z(infit, inner), count


def _cube_root_z(mean_square: Any, deviation: Any) -> Any:
    q = np.minimum(deviation, LARGEST_DEVIATION)
    return (np.cbrt(mean_square) - 1) * 3 / q + q / 3
