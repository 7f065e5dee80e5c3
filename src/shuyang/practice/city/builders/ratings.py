"""Who rates, how, and what he writes: the score falls with waiting, returns and delay, the words name the cause."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.applications import Applications
from shuyang.practice.city.builders.items import ITEMS
from shuyang.practice.city.calendar import DAY_MINUTES, DAYS
from shuyang.practice.city.draws import Draws, Floats, Ints
from shuyang.practice.city.store import Store, moment, pick
from shuyang.practice.city.texts import CAUSES, SHORT, parts

# Points of satisfaction lost per 10 minutes waited beyond 10, per return, per day over the promise, for a refusal.
PER_TEN_MINUTES, PER_RETURN, PER_DAY_LATE, REFUSED = 0.34, 0.62, 0.11, 0.9
NOISE = 0.55


def grievances(cases: Applications) -> Floats:
    """What each applicant holds against it, in points: columns waiting, returns, delay, refusal."""
    promised = np.array([t.promised for t in ITEMS])[cases.item]
    waiting = np.clip((np.where(cases.online, 0, cases.waited) - 10) / 10 * PER_TEN_MINUTES, 0, 2.6)
    late = np.clip((cases.days - promised) * PER_DAY_LATE, 0, 1.6)
    return np.stack([waiting, cases.returns * PER_RETURN, late, cases.refused * REFUSED], axis=1)


def write_ratings(store: Store, draws: Draws, cases: Applications) -> None:
    """The table `rating`: those who are angry rate and write more often than the content."""
    done = cases.finished >= 0
    points = grievances(cases)
    mood = 4.75 - points.sum(axis=1) + NOISE * draws.normal("rating/mood", len(cases))
    share = np.clip(0.30 + 0.12 * (mood < 2.5) + 0.04 * (mood > 4.6), 0, 1)
    rows = np.flatnonzero(done & draws.chance("rating/rates", len(cases), share))
    score = np.clip(np.round(mood[rows]), 1, 5).astype(np.int64)
    writes = draws.chance("rating/writes", len(rows), np.array([0, 0.72, 0.6, 0.34, 0.13, 0.11])[score])
    when = cases.finished[rows] + draws.exponential("rating/when", len(rows), 700.0).astype(np.int64)
    when = np.minimum(when, DAYS * DAY_MINUTES - 1)
    _write(
        store, draws, rows, score, when, np.where(writes, _theme(points[rows], score, cases.online[rows], draws), -1)
    )


def _theme(points: Floats, score: Ints, online: np.ndarray, draws: Draws) -> Ints:
    """0 a short word, 1 praise, from 2 on the heaviest cause; the discontented without one grumble about manner or site."""
    n = len(score)
    heaviest = points.argmax(axis=1)
    other = np.where(online, CAUSES.index("site"), CAUSES.index("manner"))
    cause = np.where(points.max(axis=1) > 0.25, heaviest + 1, other)
    brief = draws.chance("rating/brief", n, 0.3)
    return np.where(score >= 4, np.where(brief, 0, 1), np.where((score == 3) & brief, 0, 1 + cause))


def _write(store: Store, draws: Draws, rows: Ints, score: Ints, when: Ints, theme: Ints) -> None:
    n = len(rows)
    store.words("short", SHORT)
    branches = [f"WHEN 0 THEN {pick('short', f'a % {len(SHORT)}')}"]
    for i, cause in enumerate(CAUSES):
        pieces = []
        for k, (column, words) in enumerate(zip("abc", parts(cause), strict=True)):
            store.words(f"{cause}_{k}", words)
            pieces.append(pick(f"{cause}_{k}", f"{column} % {len(words)}"))
        branches.append(f"WHEN {i + 1} THEN {' || '.join(pieces)}")
    columns = {
        "i": np.arange(n, dtype=np.int32), "row": rows.astype(np.int32), "score": score.astype(np.int8), "time": when,
        "theme": theme.astype(np.int8), **{c: draws.below(f"rating/word {c}", n, 5040).astype(np.int16) for c in "abc"},
    }  # fmt: skip
    store.write("rating", columns, {
        "rating_id": "i + 1", "application_id": "row + 1", "rated_at": moment("time"),
        "comment": f"CASE theme {' '.join(branches)} END",
    })  # fmt: skip
