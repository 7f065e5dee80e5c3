"""Pure decisions of recruitment: numbers, who passes, what that risks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shuyang.delivery.recruitment.contracts import RuleRisk
from shuyang.evidence.api import NewEstimate
from shuyang.kernel.errors import Conflict, Invalid, Problem
from shuyang.measurement.cat.contracts import LevelCuts

LEVELS = range(2, 6)
DRAWS, REPEATS, SEED = 400, 200, 20261122
FEWEST = 5
WORDS_LENGTH = 1000
_ALPHABET = "23456789"


class NotReleasable(Conflict):
    """Something is missing before results may be released: a rule, or the end of all sittings."""

    code = "not_releasable"


class SamePerson(Conflict):
    """The two who release must be different persons, and persons at all."""

    code = "same_person"


class NeedsTwo(Conflict):
    """The results of a recruitment are released by two persons."""

    code = "needs_two"


class Involved(Conflict):
    """Who had a hand in the campaign does not decide an appeal in it."""

    code = "involved"


class RuleStands(Conflict):
    """The rule was chosen, and stands."""

    code = "rule_stands"


class TooFew(Conflict):
    """Fewer than five candidates have finished: no figure can be shown."""

    code = "too_few"


class AppealMade(Conflict):
    """There is an appeal already, or it was decided."""

    code = "appeal_made"


def new_number() -> str:
    """A candidate's number: six digits that can't be taken for one another when read aloud, at random."""
    return "K" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def checked_rule(level: int | None, forces: Sequence[str], known: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The rule, forces in the release's order. Raises `Invalid`."""
    problems = [Problem("level", "rule_level")] if level is None or level not in LEVELS else []
    chosen = tuple(f for f in known if f in set(forces))
    if not chosen or set(forces) - set(known):
        problems.append(Problem("forces", "rule_forces"))
    if problems or level is None:
        raise Invalid(problems)
    return level, chosen


def checked_words(where: str, text: str) -> str:
    """Words of an appeal or a decision. Raises `Invalid`."""
    said = text.strip()
    if not said:
        raise Invalid([Problem(where, "reason_needed")])
    if len(said) > WORDS_LENGTH:
        raise Invalid([Problem(where, "too_long", (("most", str(WORDS_LENGTH)),))])
    return said


def thresholds(
    level: int, forces: Sequence[str], known: Sequence[str], cuts: Mapping[str, LevelCuts]
) -> list[tuple[int, float, float]]:
    """(dimension, cut, its standard error) for each force of the rule: the cut below `level`."""
    rows = []
    for force in forces:
        one = cuts[force]
        rows.append((known.index(force), one.cuts[level - 2], one.se[level - 2] if one.se else 0.0))
    return rows


def passes(estimate: NewEstimate, wanted: Sequence[tuple[int, float, float]]) -> bool:
    """Does the score lie at or above every cut of the rule?"""
    return all(estimate.mean[d] >= cut for d, cut, _ in wanted)


def rule_risk(estimates: Sequence[NewEstimate], wanted: Sequence[tuple[int, float, float]]) -> RuleRisk:
    """What the rule risks for these candidates, 95 % intervals by drawing candidates with replacement.

    A candidate's true abilities are drawn from his posterior and the cuts from their standard errors; `p` is his
    chance to lie above all cuts. Wrong passes are the mean of 1 − p over those who pass (Rudner 2001, carried over to
    several cuts at once). Raises `TooFew`.
    """
    if len(estimates) < FEWEST:
        raise TooFew("too few candidates")
    passed = np.array([passes(e, wanted) for e in estimates], float)
    p = _chances(estimates, wanted)
    rows = np.column_stack([
        passed, passed * p + (1 - passed) * (1 - p), p**2 + (1 - p) ** 2, passed * (1 - p), (1 - passed) * p,
    ])  # fmt: skip
    rng = np.random.default_rng(SEED)
    again = np.array([rows[rng.integers(len(rows), size=len(rows))].mean(axis=0) for _ in range(REPEATS)])
    low, high = np.percentile(again, [2.5, 97.5], axis=0)
    figures = [(float(v), float(a), float(b)) for v, a, b in zip(rows.mean(axis=0), low, high, strict=True)]
    return RuleRisk(len(estimates), *figures)


def _chances(estimates: Sequence[NewEstimate], wanted: Sequence[tuple[int, float, float]]) -> np.ndarray[Any, Any]:
    """For each candidate the chance to lie above every cut."""
    rng = np.random.default_rng(SEED)
    dims = [d for d, _, _ in wanted]
    cuts = np.array([c for _, c, _ in wanted]) + rng.standard_normal((DRAWS, len(dims))) * [s for _, _, s in wanted]
    z = rng.standard_normal((DRAWS, len(dims)))
    chances = []
    for estimate in estimates:
        mean, cov = np.array(estimate.mean)[dims], np.array(estimate.covariance)[np.ix_(dims, dims)]
        drawn = mean + z @ np.linalg.cholesky(cov).T
        chances.append(float((drawn >= cuts).all(axis=1).mean()))
    return np.array(chances)
