"""Observed information of bifactor and testlet models (Louis, 1982), exact on the nodes of the dimension reduction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt import models
from shuyang.measurement.irt.bifactor import BifactorEM
from shuyang.measurement.irt.em import Fitted
from shuyang.measurement.irt.estep import NONE_FLOAT, in_threads
from shuyang.measurement.irt.se import (
    MOST_UNKNOWNS,
    Information,
    LatentUnknowns,
    answer_rows,
    inverted,
    item_information,
    normal_information,
)
from shuyang.measurement.irt.unknowns import Unknowns, spread, unknowns_of

Float = NDArray[np.float64]
SHARD = 256


class FactorUnknowns:
    """What is free in the factors' distributions: the general factor as in one dimension, then log standard deviations
    of specific factors, numbered from `offset` on."""

    def __init__(self, em: BifactorEM, fitted: Fitted, offset: int) -> None:
        self.em, self.fitted = em, fitted
        self.general = LatentUnknowns(em, fitted, offset)
        self.own = [(int(g), int(f)) for g, f in np.argwhere(em.own)]
        self.offset = offset + self.general.count
        self.count = self.general.count + len(self.own)
        self.sd = fitted.latent.sd

    def information(self, total: int) -> Float:
        """Complete-data information of the factors' unknowns."""
        matrix = self.general.information(total)
        persons = self.em.persons(self.fitted.expected)
        for k, (g, f) in enumerate(self.own):
            at = self.offset + k
            part = normal_information(persons[g, 1 + f], self.em.nodes, 0.0, float(self.sd[g, 1 + f]))
            matrix[at, at] = part[1, 1]
        return matrix

    def own_rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
        """(first, column, derivative) of the specific factors' entries, by group and factor."""
        first = np.concatenate([[0], np.cumsum(self.em.own.ravel())]).astype(np.int64)
        rows = [(self.em.nodes / self.sd[g, 1 + f]) ** 2 for g, f in self.own]
        derivative = np.array(rows).reshape(len(rows), len(self.em.nodes))
        return first, self.offset + np.arange(len(rows)), derivative

    def errors(self, inverse: Float) -> dict[str, float]:
        """Standard errors, named as those of several dimensions; of a variance by the delta method."""
        several = len(self.fitted.latent.names) > 1
        out = {}
        for name, value in self.general.errors(inverse).items():
            kind, _, of = name.partition(":")
            where = f"{of}:" if several else ""
            if kind == "coefficient":
                out[f"coefficient:{of},1"] = value
            else:
                out[f"mean:{where}1" if kind == "mean" else f"covariance:{where}1,1"] = value
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(inverse)[self.offset : self.offset + len(self.own)])
        for (g, f), se in zip(self.own, errors, strict=True):
            where = f"{self.fitted.latent.names[g]}:" if several else ""
            out[f"covariance:{where}{f + 2},{f + 2}"] = 2 * float(self.sd[g, 1 + f]) ** 2 * float(se)
        return out


def bifactor_information(em: BifactorEM, fitted: Fitted) -> Information:
    """Covariance of items and factors; raises `BadShape` beyond 8000 unknowns.

    Slopes of specific factors are named by their column among all, a2, a3, ...
    """
    unknowns = unknowns_of(em.layout)
    inverse, positive = inverted(information_matrix(em, fitted))
    covariance, free = spread(em.layout, unknowns, inverse)
    specific = em.structure.specific
    named = tuple((j, f"a{2 + specific[j]}" if name == "a2" else name) for j, name in free)
    return Information(covariance, named, FactorUnknowns(em, fitted, unknowns.count).errors(inverse), positive)


def information_matrix(em: BifactorEM, fitted: Fitted) -> Float:
    """Observed information of the items' unknowns and then the factors', [P, P]."""
    unknowns = unknowns_of(em.layout)
    hidden = FactorUnknowns(em, fitted, unknowns.count)
    total = unknowns.count + hidden.count
    if total > MOST_UNKNOWNS:
        raise BadShape(f"standard errors of {total} parameters need a matrix too large", most=MOST_UNKNOWNS)
    complete = item_information(em, fitted, unknowns, total) + hidden.information(total)
    return np.asarray(complete - _lost(em, fitted, unknowns, hidden, total))


def _lost(em: BifactorEM, fitted: Fitted, unknowns: Unknowns, hidden: FactorUnknowns, total: int) -> Float:
    from shuyang.measurement.irt.kernels_bifactor_se import DesignRows, ScoreRows, Sheet, lost_bifactor

    engine, nodes = em.spaces, len(em.nodes)
    logs = models.log_probabilities(fitted.items, em.space)
    table = np.ascontiguousarray(logs.reshape(-1, logs.shape[2]))
    weights = em.factor_weights(fitted.latent)
    general, tilt = np.ascontiguousarray(weights[:, 0]), NONE_FLOAT
    if em.design is not None:
        common, tilt, _ = em.regression_prior(fitted.latent)
        general = common[None].copy()
    sheet = Sheet(
        engine.coded.ptr, engine.coded.code, engine.specific, table, general, np.ascontiguousarray(weights[:, 1:]),
        engine.group, engine.weight, tilt, em.nodes,
    )  # fmt: skip
    answers = ScoreRows(*answer_rows(em, fitted, unknowns, len(em.space)))
    rows = ScoreRows(*hidden.general.group_rows(nodes)), ScoreRows(*hidden.own_rows())
    design = DesignRows(*hidden.general.design_rows(nodes))
    shards = 1 if total > 2000 else int(max(1, min(4, engine.persons // SHARD)))
    lost = np.zeros((shards, total, total))
    cuts = np.linspace(0, engine.persons, shards + 1).astype(int)

    def shard(s: int) -> None:
        lost_bifactor(cuts[s], cuts[s + 1], sheet, answers, *rows, design, lost[s])

    in_threads(shard, shards, engine.threads)
    return np.asarray(lost.sum(axis=0))
