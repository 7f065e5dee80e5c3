"""Scores of persons: EAP, MAP, ML, WLE, with standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadCategory, BadModel, BadShape, NotOneDimensional
from shuyang.measurement.irt import latent as lat
from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses, as_responses
from shuyang.measurement.irt.draws import draw_items
from shuyang.measurement.irt.estep import LANES, NONE_FLOAT, NONE_INT, NOTHING, encode, in_threads, worker_threads
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.sheets import NOT_SHIFTED, point_arrays

Float = NDArray[np.float64]
METHODS = ("eap", "map", "ml", "wle", "warm")
MOST_GRID_NODES = 40_000
OUTERMOST = 20.0
SHARD = 4096
MOST_ON_A_CUBE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of N persons on D dimensions.

    Attributes:
        method: "eap", "map", "ml", "wle" or "warm".
        theta: [N, D]; +-inf where the likelihood has no finite maximum, NaN where it says nothing.
        covariance: [N, D, D] posterior (EAP) or inverse curvature (others); NaN with an infinite theta.
        log_likelihood: [N] log marginal likelihood of the answers (EAP only, else None).
        person_ids: as in the responses.
    """

    method: str
    theta: Float
    covariance: Float
    log_likelihood: Float | None
    person_ids: tuple[Any, ...] | None

    @property
    def se(self) -> Float:
        """[N, D] standard errors."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))

    def to_table(self) -> dict[str, list[Any]]:
        """One row a person."""
        who = list(self.person_ids) if self.person_ids is not None else list(range(len(self.theta)))
        table: dict[str, list[Any]] = {"person": who}
        dims = self.theta.shape[1]
        for k in range(dims):
            table["theta" if dims == 1 else f"theta{k + 1}"] = self.theta[:, k].tolist()
            table["se" if dims == 1 else f"se{k + 1}"] = self.se[:, k].tolist()
        return table

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return {"method": self.method, "theta": self.theta.tolist(), "covariance": self.covariance.tolist()} | {
            "log_likelihood": None if self.log_likelihood is None else self.log_likelihood.tolist()
        }

    def summary(self) -> str:
        """A few lines for people."""
        finite = np.isfinite(self.theta).all(axis=1)
        mean, spread = self.theta[finite].mean(axis=0), self.theta[finite].std(axis=0)
        return (
            f"{len(self.theta)} persons, {self.method.upper()}, {int((~finite).sum())} without a finite score\n"
            f"mean {np.round(mean, 3).tolist()}, sd {np.round(spread, 3).tolist()}, "
            f"mean SE {np.round(self.se[finite].mean(axis=0), 3).tolist()}"
        )


def score(
    responses: Responses | ArrayLike,
    items: ItemParameters,
    *,
    method: str = "eap",
    latent: Latent | None = None,
    groups: Sequence[Any] | None = None,
    covariates: ArrayLike | None = None,
    nodes: int | None = None,
    bound: float = 6.0,
    parameter_variance: bool = False,
    draws: int = 50,
    seed: int = 1,
    threads: int | None = None,
) -> Scores:
    """Score persons on a known bank.

    Args:
        responses: `Responses`, or a matrix [N, J]; columns in the order of the bank, or named by `item_ids`.
        items: the bank.
        method: "eap" (posterior mean), "map" (posterior mode), "ml", "wle" (maximum of the likelihood times the root
            of the determinant of the information; Warm, 1989; Firth, 1993: the two agree for one dimension without
            asymptotes) or "warm" (Warm's own equation, one dimension; differs from "wle" for 3PL and 4PL items).
        latent: ability distribution of EAP and MAP; standard normal when absent.
        groups: [N] each person's group, one of `latent.names`.
        covariates: [N, C] for a latent regression.
        nodes: EAP quadrature nodes a dimension on [-bound, bound]; by default 61 in one dimension, 41 in two, 31 in
            three up to 1,000 persons; beyond that person-adaptive points (512 a person, errors of some 0.002).
        parameter_variance: add the variance that comes from the items' sampling covariance, over `draws` banks drawn
            from it (`items.covariance` is needed); theta becomes the mean over the banks.
        seed: of those draws.
        threads: threads to use; results do not depend on it.

    SE: EAP posterior sd; MAP, ML and WLE root of the inverse negative second derivative of what is maximised; "warm"
    root of the inverse expected information.

    Raises:
        BadShape, BadModel, NotOneDimensional.
    """
    if method not in METHODS:
        raise BadModel(f"unknown scoring method {method!r}", method=method, known=METHODS)
    if method == "warm" and items.dimensions > 1:
        raise NotOneDimensional("Warm's equation has one dimension; use wle")
    data = align(as_responses(responses, items.ids), items)
    place = population(latent or Latent.standard(items.dimensions), groups, covariates, data.persons)
    banks = draw_items(items, draws, seed) if parameter_variance else [items]
    parts = [_score_once(data, bank, method, place, nodes, bound, worker_threads(threads)) for bank in banks]
    theta, covariance, loglik = parts[0] if len(parts) == 1 else _combine(parts)
    return Scores(method, theta, covariance, loglik, data.person_ids)


class Population(NamedTuple):
    """Latent distribution with each person's group or prior mean."""

    latent: Latent
    group: NDArray[np.int32]
    shift: Float | None


def population(latent: Latent, groups: Sequence[Any] | None, covariates: ArrayLike | None, persons: int) -> Population:
    """Each person's place in the latent distribution; raises `BadShape` where it does not fit."""
    group, shift = NONE_INT, None
    if groups is not None:
        if len(groups) != persons or not set(groups) <= set(latent.names):
            raise BadShape("groups must name a group of the latent distribution for every person", known=latent.names)
        place = {name: g for g, name in enumerate(latent.names)}
        group = np.array([place[name] for name in groups], np.int32)
    elif len(latent.names) > 1:
        raise BadShape("the latent distribution has groups: say who belongs to which", groups=latent.names)
    if latent.coefficients is not None:
        if covariates is None or len(np.asarray(covariates)) != persons:
            raise BadShape("the latent regression needs the covariates of every person")
        shift = np.asarray(covariates, float).reshape(persons, -1) @ latent.coefficients
    return Population(latent, group, shift)


def align(data: Responses, items: ItemParameters) -> Responses:
    """Responses with the bank's items in the bank's order; items the bank lacks raise `BadShape`."""
    if data.item_ids != items.ids:
        if set(data.item_ids) <= set(items.ids):
            data = _reorder(data, items)
        elif data.items == len(items) and data.item_ids == tuple(f"I{j + 1}" for j in range(data.items)):
            data = Responses(data.ptr, data.item, data.category, items.ids, data.person_ids, data.weights)
        else:
            unknown = [i for i in data.item_ids if i not in set(items.ids)]
            raise BadShape("responses to items that are not in the bank", items=unknown[:10])
    beyond = data.category >= items.categories[data.item]
    if beyond.any():
        where = items.ids[int(data.item[np.argmax(beyond)])]
        raise BadCategory(f"a response beyond the categories of item {where}", item=where)
    return data


def _reorder(data: Responses, items: ItemParameters) -> Responses:
    place = {i: j for j, i in enumerate(items.ids)}
    column = np.array([place[i] for i in data.item_ids], np.int32)[data.item]
    who = np.repeat(np.arange(data.persons), data.answered())
    order = np.lexsort((column, who))
    return Responses(data.ptr, column[order], data.category[order], items.ids, data.person_ids, data.weights)


def _score_once(
    data: Responses,
    items: ItemParameters,
    method: str,
    place: Population,
    nodes: int | None,
    bound: float,
    threads: int,
) -> tuple[Float, Float, Float | None]:
    if method == "eap":
        return _eap(data, items, place, nodes, bound, threads)
    return (*_points(data, items, method, place, threads), None)


def _combine(parts: list[tuple[Float, Float, Float | None]]) -> tuple[Float, Float, None]:
    """Total covariance: mean of the covariances plus covariance of the means over banks (law of total variance)."""
    theta = np.stack([p[0] for p in parts])
    with np.errstate(invalid="ignore"):
        mean = theta.mean(axis=0)
        apart = theta - mean
        between = np.einsum("mnd,mne->nde", apart, apart) / max(len(parts) - 1, 1)
    return mean, np.mean([p[1] for p in parts], axis=0) + between, None


def grid_nodes(dimensions: int, nodes: int | None, bound: float) -> Float:
    """Product grid [Q, D] of equally spaced nodes; by default as many a dimension as keep Q below 40,000."""
    count = nodes or {1: 61, 2: 41, 3: 31}.get(dimensions, int(MOST_GRID_NODES ** (1 / dimensions)))
    line = np.linspace(-bound, bound, count)
    return np.stack([g.ravel() for g in np.meshgrid(*[line] * dimensions, indexing="ij")], axis=1)


def grid_log_weights(latent: Latent, space: Float) -> Float:
    """[G, Q] log of node weights proportional to each group's normal density, summing to 1."""
    if space.shape[1] == 1:
        return lat.log_weights(latent.mean[:, 0], latent.sd[:, 0], space[:, 0])
    apart = space[None, :, :] - latent.mean[:, None, :]
    logs = -0.5 * np.einsum("gqd,gde,gqe->gq", apart, np.linalg.inv(latent.covariance), apart)
    logs -= logs.max(axis=1, keepdims=True)
    return np.asarray(logs - np.log(np.exp(logs).sum(axis=1, keepdims=True)))


def _eap(
    data: Responses, items: ItemParameters, place: Population, nodes: int | None, bound: float, threads: int
) -> tuple[Float, Float, Float]:
    from shuyang.measurement.irt.kernels import score_grid

    dims = items.dimensions
    many = dims == 3 and nodes is None and data.persons > MOST_ON_A_CUBE
    if dims > 3 or many or (dims > 1 and place.shift is not None):
        from shuyang.measurement.irt.adaptive import adaptive_moments

        shift = NOT_SHIFTED if place.shift is None else place.shift
        moments: tuple[Float, Float, Float] = adaptive_moments(
            data, items, place.latent, place.group, shift=shift, threads=threads
        )
        return moments
    space = grid_nodes(dims, nodes, bound)
    count = len(space)
    padded = -(-count // LANES) * LANES
    coded = encode(data, int(items.categories.max()))
    table, common = coded.table(models.log_probabilities(items, space), padded)
    prior = np.full((len(place.latent.names), padded), NOTHING)
    tilt, constant = NONE_FLOAT, np.zeros(data.persons)
    if place.shift is None:
        prior[:, :count] = grid_log_weights(place.latent, space)
    else:
        prior[:, :count], tilt, constant = _regression_prior(place, space[:, 0])
    prior += common
    wide = np.zeros((dims, padded))
    wide[:, :count] = space.T
    mean = np.empty((data.persons, dims))
    second = np.empty((data.persons, dims * (dims + 1) // 2))
    loglik = np.empty(data.persons)
    cuts = np.linspace(0, data.persons, 1 + max(1, data.persons // SHARD)).astype(int)

    def shard(s: int) -> None:
        score_grid(cuts[s], cuts[s + 1], coded.ptr, coded.code, table, prior, place.group, tilt, wide[0], wide, mean,
                   second, loglik)  # fmt: skip

    in_threads(shard, len(cuts) - 1, threads)
    return mean, _covariances(mean, second), loglik - constant


def _regression_prior(place: Population, nodes: Float) -> tuple[Float, Float, Float]:
    assert place.shift is not None
    sd = float(place.latent.sd[0, 0])
    mu = place.latent.mean[0, 0] + place.shift[:, 0]
    common = -0.5 * (nodes / sd) ** 2 + np.log((nodes[1] - nodes[0]) / (sd * np.sqrt(2 * np.pi)))
    return common[None, :], mu / sd**2, 0.5 * (mu / sd) ** 2


def _covariances(mean: Float, second: Float) -> Float:
    dims = mean.shape[1]
    covariance = np.empty((len(mean), dims, dims))
    for at, (v, y) in enumerate(zip(*np.tril_indices(dims), strict=True)):
        covariance[:, v, y] = covariance[:, y, v] = second[:, at] - mean[:, v] * mean[:, y]
    return covariance


def _points(
    data: Responses, items: ItemParameters, method: str, place: Population, threads: int
) -> tuple[Float, Float]:
    from shuyang.measurement.irt.kernels_point import MAP, ML, WARM, WLE, point_scores

    code = {"ml": ML, "map": MAP, "wle": WLE, "warm": WARM}[method]
    dims = items.dimensions
    mean, precision, group = place.latent.mean, np.linalg.inv(place.latent.covariance), place.group
    if place.shift is not None:
        mean = place.latent.mean[0] + place.shift
        precision = np.broadcast_to(precision, (data.persons, dims, dims))
        group = np.arange(data.persons, dtype=np.int32)
    bumpy = bool((items.g > 0).any() or (items.u < 1).any() or "nominal" in items.models)
    theta, covariance = np.zeros((data.persons, dims)), np.empty((data.persons, dims, dims))
    bank = point_arrays(items)
    cuts = np.linspace(0, data.persons, 1 + max(1, data.persons // SHARD)).astype(int)

    def shard(s: int) -> None:
        point_scores(cuts[s], cuts[s + 1], code, bumpy, data.ptr, data.item, data.category, *bank,
                     np.ascontiguousarray(mean), np.ascontiguousarray(precision), group, OUTERMOST, theta,
                     covariance)  # fmt: skip

    in_threads(shard, len(cuts) - 1, threads)
    return theta, covariance
