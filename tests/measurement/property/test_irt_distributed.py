"""Calibration over two local worker processes equals that of one process, also when a worker dies on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.distributed import calibrate_distributed, score_distributed
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


def test_a_lost_worker_is_survived(client: Any) -> None:
    victims = list(client.run(os.getpid).values())[:1]

    def kill(step: int, objective: float, change: float) -> None:
        if step == 2 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    lost = calibrate_distributed(client, LOADERS, progress=kill)
    assert not victims
    assert lost.log_likelihood == pytest.approx(calibrate(responses()).log_likelihood, rel=1e-10)


def test_shards_must_have_the_same_items(client: Any) -> None:
    with pytest.raises(BadShape):
        calibrate_distributed(client, [LOADERS[0], partial(_renamed, 1)])


def _renamed(k: int) -> Responses:
    data = shard(k)
    return Responses(data.ptr, data.item, data.category, tuple(f"X{j}" for j in range(data.items)))
