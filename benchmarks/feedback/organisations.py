"""Organisations of synthetic people whose truth is known, as rows to publish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.feedback.publishing.rows import Rows, Scale
from shuyang.measurement.group_sites import Sites, item_sites

FORCES, FACETS = 5, 12
MIX = np.linalg.cholesky(0.6 + 0.4 * np.eye(FORCES))
FORCE_OF = np.arange(FACETS) % FORCES
WITHIN, ERROR, FACET_ERROR = 0.85, 0.4, 0.9
"""SD between persons of a unit, error of a force and of a facet, in logits."""


def scale() -> Scale:
    """Five forces with four cuts each, twelve facets, no error of the scale."""
    return Scale(
        forces=("perception", "execution", "decision", "creation", "growth"),
        facets=tuple(f"F{n:02d}" for n in range(1, FACETS + 1)),
        cuts=np.tile([-1.5, -0.5, 0.5, 1.5], (FORCES, 1)),
        cut_errors=np.zeros((FORCES, 4)),
        bank_error=np.zeros(FORCES + 1 + FACETS),
    )


@dataclass(frozen=True)
class Organisation:
    """A tree, its people, the true mean [U, F] of each unit's own people, and each person's true place [N, F]."""

    parent: np.ndarray
    rows: Rows
    truth: np.ndarray
    theta: np.ndarray


def tree(units: int, below: int) -> np.ndarray:
    """Parents of units of which each has `below` below it, parents first."""
    return np.array([-1, *((i - 1) // below for i in range(1, units))])


def organisation(
    rng: np.random.Generator,
    parent: np.ndarray,
    unit: np.ndarray,
    *,
    spread: float,
    shift: np.ndarray | None = None,
    codes: np.ndarray | None = None,
    shift_of: np.ndarray | float = 0.0,
) -> Organisation:
    """People at `unit` [N]; units differ with SD `spread`; `shift` [U, F] is added to means, `shift_of` [N, F] to persons."""
    n, units = len(unit), len(parent)
    truth = spread * rng.standard_normal((units, FORCES)) @ MIX.T + (0.0 if shift is None else shift)
    theta = truth[unit] + WITHIN * rng.standard_normal((n, FORCES)) @ MIX.T + shift_of
    return Organisation(parent, rows_at(rng, theta, unit, posts(rng, n) if codes is None else codes), truth, theta)


def posts(rng: np.random.Generator, n: int) -> np.ndarray:
    """Rank layer, job category and age band of each person, as uneven as in real offices."""
    return np.stack(
        [rng.choice(3, n, p=[0.12, 0.68, 0.2]), rng.choice(6, n, p=[0.4, 0.15, 0.15, 0.1, 0.08, 0.12]),
         rng.choice(4, n, p=[0.3, 0.3, 0.25, 0.15])], axis=1,
    )  # fmt: skip


def rows_at(rng: np.random.Generator, theta: np.ndarray, unit: np.ndarray, codes: np.ndarray) -> Rows:
    """Results of people at `theta` [N, F]: what was seen of them, with errors that differ from person to person."""
    n = len(theta)
    error = (ERROR * np.exp(0.15 * rng.standard_normal(theta.shape))) ** 2
    facet = theta[:, FORCE_OF] + FACET_ERROR * rng.standard_normal((n, FACETS))
    return Rows(
        estimate=np.arange(n), person=np.arange(n), unit=unit, codes=codes,
        forces=Sites(theta + np.sqrt(error) * rng.standard_normal(theta.shape), error),
        facets=Sites(facet, np.full(facet.shape, FACET_ERROR**2)),
        target=np.full(theta.shape, 0.3), self_gap=np.full(theta.shape, np.nan),
    )  # fmt: skip


def with_facet_items(rng: np.random.Generator, made: Organisation, truth: np.ndarray) -> Rows:
    """The rows of an organisation with facets seen through answers, their units' means at `truth` [U, T].

    Each person meets four or five items of a facet, near where his force was seen, as an adaptive sitting gives them; the site is
    what the product makes of their likelihood.
    """
    rows, unit = made.rows, made.rows.unit
    theta = made.theta[:, FORCE_OF] - made.truth[unit][:, FORCE_OF] + truth[unit]
    seen = made.theta[:, FORCE_OF] + 0.5 * rng.standard_normal(theta.shape)
    nodes = np.linspace(-6.0, 6.0, 81)
    table = np.zeros((*theta.shape, len(nodes)))
    for item in range(5):
        slope = 1.3 * np.exp(0.25 * rng.standard_normal(theta.shape))
        place = seen + 0.6 * rng.standard_normal(theta.shape)
        right = rng.random(theta.shape) < 1.0 / (1.0 + np.exp(-slope * (theta - place)))
        sign = np.where(right, 1.0, -1.0) * (1.0 if item < 4 else rng.random(theta.shape) < 0.5)
        table -= np.log1p(np.exp(-(sign * slope)[..., None] * (nodes - place[..., None]))) * (sign != 0)[..., None]
    sites = [item_sites(table[:, t], nodes) for t in range(FACETS)]
    value, error = (np.hstack([getattr(s, name) for s in sites]) for name in ("value", "variance"))
    return Rows(
        rows.estimate, rows.person, unit, rows.codes, rows.forces, Sites(value, error), rows.target, rows.self_gap
    )
