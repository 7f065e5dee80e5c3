"""From the log of a sitting to its signals: the numbers a person will judge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from shuyang.delivery import engine
from shuyang.delivery.integrity.rules import (
    FEWEST_ANSWERS,
    FEWEST_LEAKED,
    FEWEST_SHARED,
    LEAST_EFFORT,
    LEAST_FIT_P,
    LEAST_KNOWLEDGE_P,
    MOST_PAIRED,
    SIMILARITY_RISK,
)
from shuyang.delivery.models import Response, Sitting
from shuyang.delivery.rules import sitting_seed
from shuyang.measurement.cat.contracts import CompiledBank, Posterior
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.integrity import person_fit, preknowledge, response_effort, similarity

DRAWS = 300
Evidence = dict[str, Any]


def _belief(row: Sitting, log: Sequence[Response]) -> Posterior:
    pairs = [(r.item_index, r.category) for r in log]
    return posterior(engine.compiled(row.release_hash), pairs, engine.release_of(row).prior)


def _at(bank: CompiledBank, index: int, theta: np.ndarray) -> np.ndarray:
    """Category probabilities [len(theta), K] of an item, read from its table."""
    table = bank.prob[index][: bank.n_categories[index]]
    found = np.stack([np.interp(theta, bank.nodes, line) for line in table], axis=1)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _draws(row: Sitting, belief: Posterior) -> np.ndarray:
    rng = np.random.default_rng(sitting_seed(row.id))
    return np.asarray(belief.mean + rng.standard_normal((DRAWS, len(belief.mean))) @ np.linalg.cholesky(belief.cov).T)


def rapid(row: Sitting, log: Sequence[Response]) -> Evidence | None:
    """Answers below their item's threshold (its expected time is the typical one until data say otherwise)."""
    if len(log) < FEWEST_ANSWERS:
        return None
    seconds = engine.compiled(row.release_hash).seconds
    found = response_effort([r.elapsed_ms / 1000 for r in log], [float(seconds[r.item_index]) for r in log])
    if found.effort >= LEAST_EFFORT:
        return None
    return {"rapid": found.rapid, "answers": found.items, "effort": round(found.effort, 3)}


def fit(row: Sitting, log: Sequence[Response]) -> Evidence | None:
    """Answers that contradict each other."""
    if len(log) < FEWEST_ANSWERS:
        return None
    bank, belief = engine.compiled(row.release_hash), _belief(row, log)
    drawn = _draws(row, belief)
    dims = [int(bank.dim[r.item_index]) for r in log]
    curves = [_at(bank, r.item_index, belief.mean[d : d + 1])[0] for r, d in zip(log, dims, strict=True)]
    tables = [_at(bank, r.item_index, drawn[:, d]) for r, d in zip(log, dims, strict=True)]
    found = person_fit(curves, [r.category for r in log], tables, seed=sitting_seed(row.id) % 2**31)
    if found.p >= LEAST_FIT_P:
        return None
    return {"lz": round(found.lz, 2), "p": found.p, "answers": found.items}


def knowledge(row: Sitting, log: Sequence[Response], leaked: set[int]) -> Evidence | None:
    """Fast and right on leaked items; only both together are worth a look."""
    known, rest = [r for r in log if r.item_index in leaked], [r for r in log if r.item_index not in leaked]
    if len(known) < FEWEST_LEAKED or len(rest) < FEWEST_ANSWERS:
        return None
    bank = engine.compiled(row.release_hash)
    drawn = _draws(row, _belief(row, rest))
    tables = [_at(bank, r.item_index, drawn[:, int(bank.dim[r.item_index])]) for r in known]
    times, others = ([r.elapsed_ms / 1000 / float(bank.seconds[r.item_index]) for r in part] for part in (known, rest))
    found = preknowledge(tables, [r.category for r in known], times, others)
    if max(found.p_score, found.p_time) >= LEAST_KNOWLEDGE_P:
        return None
    return {"leaked": found.leaked, "gain": round(found.gain, 2), "ratio": round(found.ratio, 2),
            "p_score": found.p_score, "p_time": found.p_time}  # fmt: skip


def alike(rows: Sequence[tuple[Sitting, Sequence[Response]]]) -> list[tuple[Sitting, Sitting, Evidence]]:
    """Pairs alike beyond chance, allowing for the number of pairs compared."""
    answers = {row.id: {r.item_index: r.category for r in log} for row, log in rows}
    beliefs: dict[Any, Posterior] = {}
    logs = {row.id: log for row, log in rows}
    pairs = [
        (a, b) for (a, _), (b, _) in combinations(rows, 2)
        if len(answers[a.id].keys() & answers[b.id].keys()) >= FEWEST_SHARED
        and (len(rows) <= MOST_PAIRED or a.unit_path == b.unit_path)
    ]  # fmt: skip
    found = []
    for a, b in pairs:
        for row in (a, b):
            beliefs.setdefault(row.id, _belief(row, logs[row.id]))
        seen = _pair(a, answers[a.id], beliefs[a.id], answers[b.id], beliefs[b.id], len(pairs))
        if seen is not None:
            found.append((a, b, seen))
    return found


def _pair(
    row: Sitting, mine: dict[int, int], my: Posterior, theirs: dict[int, int], their: Posterior, pairs: int
) -> Evidence | None:
    bank = engine.compiled(row.release_hash)
    shared = sorted(mine.keys() & theirs.keys())
    first, second = (
        [_at(bank, i, belief.mean[[int(bank.dim[i])]])[0] for i in shared] for belief in (my, their)
    )  # fmt: skip
    seen = similarity(first, second, [mine[i] == theirs[i] for i in shared])
    if seen.p >= SIMILARITY_RISK / pairs:
        return None
    return {
        "shared": seen.shared,
        "matches": seen.matches,
        "expected": round(seen.expected, 1),
        "p": seen.p,
        "pairs": pairs,
    }
