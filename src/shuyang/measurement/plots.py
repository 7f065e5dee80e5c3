"""Plots of items, tests, persons, fit and simulations; needs the extra `plots` (matplotlib).

Every function returns a `matplotlib.figure.Figure` made without pyplot, so nothing opens, nothing is global, and it is
safe in a server: `figure.savefig("items.png")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadShape, MissingExtra, NotOneDimensional
from shuyang.measurement.fit.inputs import Model, case_of
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import expected_scores, expected_total, information, probabilities
from shuyang.measurement.irt.models import test_information as total_information

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from shuyang.measurement.simulate.contracts import CatSimulation, SittingSimulation

Floats = NDArray[np.float64]
ACCENT, QUIET = "#1f5fa8", "#8a8f98"


def item_curves(items: ItemParameters, *, theta: ArrayLike | None = None, columns: int = 4) -> Figure:
    """Category curves of every item, one panel an item; one dimension."""
    grid = _ability(items, theta)
    p = probabilities(items, grid)
    figure, panels = _panels(len(items), columns)
    for j, axis in enumerate(panels):
        for k in range(int(items.categories[j])):
            if items.categories[j] > 2 or k == 1:
                axis.plot(grid, p[j, k], label=str(k))
        axis.set(title=items.ids[j], ylim=(0, 1))
        if items.categories[j] > 2:
            axis.legend(frameon=False, fontsize="x-small")
    figure.supxlabel("ability")
    figure.supylabel("probability")
    return figure


def item_information(items: ItemParameters, *, theta: ArrayLike | None = None, highlight: Sequence[str] = ()) -> Figure:
    """Information curves of all items in one panel, some of them highlighted and named; one dimension."""
    grid = _ability(items, theta)
    figure, (axis,) = _panels(1, 1)
    for name, curve in zip(items.ids, information(items, grid), strict=True):
        chosen = name in highlight
        axis.plot(
            grid, curve, color=None if chosen else QUIET, alpha=1 if chosen else 0.5, label=name if chosen else None
        )
    axis.set(xlabel="ability", ylabel="information")
    if highlight:
        axis.legend(frameon=False)
    return figure


def information_curve(items: ItemParameters, *, theta: ArrayLike | None = None) -> Figure:
    """Test information (left scale) and standard error 1 / sqrt(information) (right scale); one dimension."""
    grid = _ability(items, theta)
    curve = total_information(items, grid)
    figure, (axis,) = _panels(1, 1)
    axis.plot(grid, curve, color=ACCENT)
    axis.set(xlabel="ability", ylabel="information")
    twin = axis.twinx()
    with np.errstate(divide="ignore"):
        twin.plot(grid, 1 / np.sqrt(curve), color=QUIET, linestyle="--")
    twin.set(ylabel="standard error", ylim=(0, min(3.0, float(1 / np.sqrt(max(curve.min(), 1e-9))))))
    return figure


def characteristic_curve(items: ItemParameters, *, theta: ArrayLike | None = None) -> Figure:
    """Expected sum score over ability, the test characteristic curve; one dimension."""
    grid = _ability(items, theta)
    figure, (axis,) = _panels(1, 1)
    axis.plot(grid, expected_total(items, grid), color=ACCENT)
    axis.set(xlabel="ability", ylabel="expected sum score", ylim=(0, float((items.categories - 1).sum())))
    return figure


def wright_map(items: ItemParameters, theta: ArrayLike, *, bins: int = 30) -> Figure:
    """Persons (histogram, left) and difficulties or thresholds (right) on one ability scale; one dimension."""
    _ability(items, None)
    persons = np.asarray(theta, float).ravel()
    persons = persons[np.isfinite(persons)]
    figure, (left, right) = _panels(2, 2)
    figure.set_size_inches(8, 5)
    left.hist(persons, bins=bins, orientation="horizontal", color=ACCENT)
    left.invert_xaxis()
    left.set(xlabel="persons", ylabel="ability")
    difficulties = items.difficulties()
    for k in range(difficulties.shape[1]):
        right.scatter(np.arange(len(items)), difficulties[:, k], marker="_", s=120, color=f"C{k}", label=str(k + 1))
    right.sharey(left)
    right.set_xticks(np.arange(len(items)), items.ids, rotation=90, fontsize="x-small")
    if difficulties.shape[1] > 1:
        right.legend(title="threshold", frameon=False)
    return figure


def fit_residuals(
    responses: Responses | ArrayLike,
    model: Model,
    *,
    theta: ArrayLike | None = None,
    latent: Latent | None = None,
    groups: int = 10,
    columns: int = 4,
) -> Figure:
    """Observed mean item scores of ability groups, with 95 % intervals, over the expected curves; one dimension.

    theta: [N] (default EAP); groups: persons are cut into so many of about equal size, item by item.
    """
    case = case_of(responses, model, latent)
    grid = _ability(case.items, None)
    at = case.abilities(theta, None)[:, 0]
    curve = expected_scores(case.items, grid)
    figure, panels = _panels(len(case.items), columns)
    for j, (axis, (rows, answers)) in enumerate(zip(panels, case.columns(), strict=True)):
        axis.plot(grid, curve[j], color=QUIET)
        where, mean, half = observed_means(at[rows], answers, groups)
        axis.errorbar(where, mean, yerr=half, fmt="o", markersize=3, color=ACCENT)
        axis.set(title=case.items.ids[j], ylim=(-0.02, case.items.categories[j] - 0.98))
    figure.supxlabel("ability")
    figure.supylabel("mean score")
    return figure


def observed_means(theta: Floats, answers: NDArray[Any], groups: int) -> tuple[Floats, Floats, Floats]:
    """Mean ability, mean score and half the 95 % interval of the mean score of ability groups of about equal size."""
    parts = [p for p in np.array_split(np.argsort(theta, kind="stable"), groups) if len(p)]
    where = np.array([theta[p].mean() for p in parts])
    mean = np.array([answers[p].mean() for p in parts])
    half = np.array([1.96 * answers[p].std() / np.sqrt(len(p)) for p in parts])
    return where, mean, half


def simulation(result: CatSimulation | SittingSimulation, *, bins: int = 12) -> Figure:
    """Bias and RMSE over true ability (a line a dimension), test lengths, and exposure rates of the items."""
    truth = np.asarray(result.theta, float).reshape(len(result.theta), -1)
    estimate = result.estimate if hasattr(result, "estimate") else result.mean
    error = np.asarray(estimate, float).reshape(truth.shape) - truth
    figure, (bias, rmse, length, exposure) = _panels(4, 2)
    for d in range(truth.shape[1]):
        where, mean, root = conditional_error(truth[:, d], error[:, d], bins)
        bias.plot(where, mean, marker="o", markersize=3, label=str(d + 1))
        rmse.plot(where, root, marker="o", markersize=3)
    bias.axhline(0, color=QUIET, linewidth=0.8)
    bias.set(xlabel="ability", ylabel="bias")
    rmse.set(xlabel="ability", ylabel="RMSE", ylim=(0, None))
    length.hist(
        result.length, bins=(np.arange(result.length.min(), result.length.max() + 2) - 0.5).tolist(), color=ACCENT
    )
    length.set(xlabel="items given", ylabel="tests")
    exposure.plot(np.sort(result.exposure)[::-1], color=ACCENT)
    exposure.set(xlabel="items, most shown first", ylabel="exposure rate", ylim=(0, None))
    if truth.shape[1] > 1:
        bias.legend(title="dimension", frameon=False)
    return figure


def conditional_error(truth: Floats, error: Floats, bins: int) -> tuple[Floats, Floats, Floats]:
    """Mean true ability, mean error and root mean squared error of ability groups of about equal size."""
    parts = [p for p in np.array_split(np.argsort(truth, kind="stable"), bins) if len(p)]
    where = np.array([truth[p].mean() for p in parts])
    mean = np.array([error[p].mean() for p in parts])
    return where, mean, np.array([np.sqrt((error[p] ** 2).mean()) for p in parts])


def _ability(items: ItemParameters, theta: ArrayLike | None) -> Floats:
    if items.dimensions != 1:
        raise NotOneDimensional("this plot has one ability axis", dimensions=items.dimensions)
    grid = np.linspace(-4, 4, 161) if theta is None else np.asarray(theta, float)
    if grid.ndim != 1 or len(grid) < 2:
        raise BadShape("theta must be a vector of two points or more", shape=grid.shape)
    return grid


def _panels(count: int, columns: int) -> tuple[Figure, list[Axes]]:
    try:
        from matplotlib.figure import Figure
    except ImportError as missing:
        raise MissingExtra('plots need matplotlib: pip install "shuyang[plots]"', extra="plots") from missing
    columns = min(columns, count)
    rows = -(-count // columns)
    size = (6.4, 4.2) if count == 1 else (3.2 * columns, 2.6 * rows)
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for spare in panels[count:]:
        spare.set_axis_off()
    return figure, panels[:count]
