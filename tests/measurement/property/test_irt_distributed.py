"""Calibration over two local worker processes equals that of one process, also when a worker dies on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from shuyang.measurement.errors import BadModel, BadShape
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.distributed import Shard, calibrate_distributed, score_distributed
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.scores import score

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
SHARDS = 4


def responses() -> Responses:
    rng = np.random.default_rng(6)
    theta, a, d = rng.standard_normal(3000), rng.uniform(0.7, 1.8, 12), rng.normal(0, 1, 12)
    matrix = (rng.random((3000, 12)) < 1 / (1 + np.exp(-(theta[:, None] * a + d)))).astype(np.int8)
    matrix[rng.random(matrix.shape) < 0.2] = -1
    return Responses.from_matrix(matrix)


def shard(k: int) -> Responses:
    return responses().select_persons(np.arange(k, 3000, SHARDS))


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


LOADERS = [partial(shard, k) for k in range(SHARDS)]


def test_two_workers_equal_one_machine(client: Any) -> None:
    alone, together = calibrate(responses()), calibrate_distributed(client, LOADERS)
    assert together.converged
    assert together.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(together.items.slopes, alone.items.slopes, rtol=1e-8)
    parts = score_distributed(client, LOADERS, alone.items)
    np.testing.assert_allclose(parts[1].theta, score(shard(1), alone.items).theta, rtol=1e-10, atol=1e-12)


def test_standard_errors_come_from_the_workers_too(client: Any) -> None:
    alone = calibrate(responses(), "rasch", standard_errors=True)
    together = calibrate_distributed(client, LOADERS, "rasch", standard_errors=True)
    assert together.second_order
    assert alone.items.covariance is not None
    assert together.items.covariance is not None
    np.testing.assert_allclose(together.items.covariance, alone.items.covariance, rtol=1e-6, atol=1e-12)
    assert together.latent_errors == pytest.approx(alone.latent_errors, rel=1e-6)


@pytest.mark.parametrize("loads", [None, np.repeat(np.eye(2, dtype=bool), 6, axis=0)], ids=["one", "two"])
def test_a_lost_worker_is_survived(client: Any, loads: np.ndarray | None) -> None:
    more: dict[str, Any] = {} if loads is None else {"loads": loads, "points": 36}
    victims = list(client.run(os.getpid).values())[:1]

    def kill(step: int, objective: float, change: float) -> None:
        if step == 2 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    lost = calibrate_distributed(client, LOADERS, progress=kill, **more)
    assert not victims
    alone = calibrate(responses(), **more, method="auto" if loads is None else "adaptive")
    assert lost.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-10)


YEARS = np.random.default_rng(7).standard_normal((3000, 2))
REGION = ["north", "south", "west"]


def with_groups(k: int) -> Shard:
    rows = np.arange(k, 3000, SHARDS)
    return Shard(shard(k), groups=[REGION[i % 3] for i in rows])


def with_covariates(k: int) -> Shard:
    return Shard(shard(k), covariates=YEARS[k::SHARDS])


def in_order() -> Responses:
    """All persons in the order in which the shards have them."""
    return responses().select_persons(ORDER)


ORDER = np.concatenate([np.arange(k, 3000, SHARDS) for k in range(SHARDS)])
LOADS = np.repeat(np.eye(2, dtype=bool), 6, axis=0)
CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "groups": (with_groups, {"groups": [REGION[i % 3] for i in ORDER]}),
    "covariates": (with_covariates, {"covariates": YEARS[ORDER]}),
}


def same(together: Calibration, alone: Calibration) -> None:
    assert together.converged
    assert together.free_parameters == alone.free_parameters
    assert together.latent.names == alone.latent.names
    assert together.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(together.items.slopes, alone.items.slopes, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(together.latent.mean, alone.latent.mean, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(together.latent.covariance, alone.latent.covariance, rtol=1e-6)
    if alone.latent.coefficients is not None:
        np.testing.assert_allclose(together.latent.coefficients, alone.latent.coefficients, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", ["groups", "covariates"])
@pytest.mark.parametrize("model", ["2pl", "rasch"])
def test_groups_and_covariates_over_workers(client: Any, kind: str, model: str) -> None:
    make, told = CASES[kind]
    loaders = [partial(make, k) for k in range(SHARDS)]
    alone = calibrate(in_order(), model, standard_errors=True, **told)
    together = calibrate_distributed(client, loaders, model, standard_errors=True)
    same(together, alone)
    assert together.latent_errors == pytest.approx(alone.latent_errors, rel=1e-6)
    parts = score_distributed(client, loaders, alone.items, latent=alone.latent)
    mine = score(in_order(), alone.items, latent=alone.latent, **told)
    np.testing.assert_allclose(np.concatenate([p.theta for p in parts]), mine.theta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ["plain", "groups", "covariates"])
def test_several_dimensions_over_workers(client: Any, kind: str) -> None:
    make, told = CASES.get(kind, (shard, {}))
    loaders = [partial(make, k) for k in range(SHARDS)]
    alone = calibrate(in_order(), loads=LOADS, method="adaptive", points=36, **told)
    together = calibrate_distributed(client, loaders, loads=LOADS, points=36)
    same(together, alone)


def test_what_several_dimensions_can_not_have_is_said(client: Any) -> None:
    with pytest.raises(BadModel):
        calibrate_distributed(client, LOADERS, loads=LOADS, standard_errors=True)


def test_shards_with_and_without_groups_do_not_go_together(client: Any) -> None:
    with pytest.raises(BadShape):
        calibrate_distributed(client, [LOADERS[0], partial(with_groups, 1)])
    with pytest.raises(BadShape):
        calibrate_distributed(client, [LOADERS[0], partial(with_covariates, 1)])


def test_shards_must_have_the_same_items(client: Any) -> None:
    with pytest.raises(BadShape):
        calibrate_distributed(client, [LOADERS[0], partial(_renamed, 1)])


def _renamed(k: int) -> Responses:
    data = shard(k)
    return Responses(data.ptr, data.item, data.category, tuple(f"X{j}" for j in range(data.items)))
