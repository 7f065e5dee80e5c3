"""Python peers on the same data in the same process: girth and `mirt` of PyPI, where they are installed.

Each line gives our CPU seconds, the peer's, their ratio, and both log-likelihoods at the estimates, evaluated by one
common rule (121 nodes), so that a fast wrong answer shows as what it is. What a peer can't do is said in words.

    python -m benchmarks.measurement.peers
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measurement.calibration import answers, bank, sparse_answers, timed, warm_up
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.scores import score

Matrix = NDArray[np.int64]
Peer = tuple[str, str, Callable[[Matrix], Any]]


def pymirt(model: str, **more: Any) -> Callable[[Matrix], ItemParameters]:
    """Fit with PyPI's mirt; `model` as it names it."""

    def fit(x: Matrix) -> ItemParameters:
        import mirt

        result = mirt.fit_mirt(x, model=model, n_quadpts=61, compute_standard_errors=False, **more)
        found = result.model.parameters
        steps = found["difficulty"] if model == "2PL" else found["thresholds"]
        return ItemParameters.from_difficulty("2pl" if model == "2PL" else "graded", found["discrimination"], steps)

    return fit


def girth(model: str) -> Callable[[Matrix], ItemParameters]:
    """Fit with girth, its default options."""

    def fit(x: Matrix) -> ItemParameters:
        from girth import INVALID_RESPONSE, grm_mml, twopl_mml

        told = np.where(x < 0, INVALID_RESPONSE, x if model == "2PL" else x + 1).T
        found = (twopl_mml if model == "2PL" else grm_mml)(told)
        name = "2pl" if model == "2PL" else "graded"
        return ItemParameters.from_difficulty(name, found["Discrimination"], found["Difficulty"])

    return fit


def _squarem(model: str) -> Peer:
    return "mirt", "mirt (PyPI), SQUAREM", pymirt(model, accelerate="squarem")


def _em(model: str) -> Peer:
    return "mirt", "mirt (PyPI), as it comes", pymirt(model)


def _girth(model: str) -> Peer:
    return "girth", "girth", girth(model)


def run() -> Iterator[str]:
    """The lines of the table, as they come (some two minutes)."""
    warnings.simplefilter("ignore")
    warm_up()
    yield f"{'case and peer':58s} {'ours':>8s} {'peer':>8s} {'ratio':>7s}   log-likelihood, ours and peer's minus ours"
    theta = np.random.default_rng(11).standard_normal(10_000)
    x, y = (answers(items, theta, 4).astype(np.int64) for items in (bank(40, 3), bank(30, 5, 5)))
    cases: list[tuple[str, str, Matrix, list[Peer]]] = [
        ("2PL 1,000 x 40", "2pl", x[:1000], [_em("2PL"), _squarem("2PL"), _girth("2PL")]),
        ("2PL 10,000 x 40", "2pl", x, [_em("2PL"), _squarem("2PL"), _girth("2PL")]),
        ("graded 1,000 x 30 x 5", "graded", y[:1000], [_em("GRM"), _squarem("GRM"), _girth("GRM")]),
        ("graded 10,000 x 30 x 5", "graded", y, [_squarem("GRM")]),
        (
            "2PL sparse 10,000 x 30 of 500",
            "2pl",
            _dense(sparse_answers(bank(500, 8), 10_000, 30, 9)),
            [_squarem("2PL")],
        ),
    ]
    for name, model, data, peers in cases:
        yield from _case(name, model, data, peers)
    yield from _scoring(x)
    yield "girth on graded 10,000 and on sparse data: left out, it takes minutes there"
    yield "several dimensions, free factor covariance: mirt (PyPI) takes the covariance as given; girth has none"


def _dense(data: Responses) -> Matrix:
    return data.to_matrix().astype(np.int64)


def _case(name: str, model: str, data: Matrix, peers: list[Peer]) -> Iterator[str]:
    ours, cpu, _ = timed(lambda: calibrate(data, model))
    value = common_value(data, ours.items)
    for package, label, fit in peers:
        title = f"{name}, {label}"
        if importlib.util.find_spec(package) is None:
            yield f"{title:58s} {cpu:8.3f}   {package} is not installed"
            continue
        try:
            items, theirs, _ = timed(lambda fit=fit: fit(data))
            gap = common_value(data, items) - value
        except Exception as error:  # a peer's failure is a result to report, of whatever type
            yield f"{title:58s} {cpu:8.3f}   failed: {type(error).__name__}: {str(error)[:60]}"
            continue
        yield f"{title:58s} {cpu:8.3f} {theirs:8.3f} {theirs / cpu:6.1f}x   {value:.3f}, {gap:+.3f}"


def common_value(data: Matrix, items: ItemParameters) -> float:
    """Marginal log-likelihood of a bank under N(0, 1), 121 nodes on [-8, 8]."""
    found = score(data, items, nodes=121, bound=8.0).log_likelihood
    assert found is not None
    return float(found.sum())


def _scoring(x: Matrix) -> Iterator[str]:
    if importlib.util.find_spec("mirt") is None:
        return
    import mirt

    fitted = mirt.fit_mirt(x[:1000], model="2PL", n_quadpts=61, compute_standard_errors=False)
    found = fitted.model.parameters
    items = ItemParameters.from_difficulty("2pl", found["discrimination"], found["difficulty"])
    ours, cpu, _ = timed(lambda: score(x, items))
    peer, theirs, _ = timed(lambda: mirt.fscores(fitted, x, method="EAP", n_quadpts=61))
    apart = np.abs(np.asarray(peer.theta).ravel() - ours.theta[:, 0]).max()
    title = "EAP 10,000 x 40, mirt (PyPI)"
    yield f"{title:58s} {cpu:8.3f} {theirs:8.3f} {theirs / cpu:6.1f}x   largest difference of a score {apart:.1e}"


def main() -> None:
    """Print the table."""
    for text in run():
        print(text, flush=True)


if __name__ == "__main__":
    main()
