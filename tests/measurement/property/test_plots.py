"""Plots show the numbers they are given, and say what to install where matplotlib is absent."""

from __future__ import annotations

import builtins
import io
from typing import Any

import numpy as np
import pytest

from shuyang.measurement import plots
from shuyang.measurement.errors import MissingExtra, NotOneDimensional
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import expected_total, probabilities
from shuyang.measurement.irt.models import test_information as total_information
from shuyang.measurement.simulate.one_dimension import simulate_cat

BANK = ItemParameters.build(["2pl", "graded", "gpcm"], [1.2, 0.9, 1.1], [[0.2], [1.0, -0.8], [0.5, 0.1, -0.9]])


def line(axis: Any, k: int = 0) -> np.ndarray:
    return np.asarray(axis.lines[k].get_ydata())


def test_curves_show_probabilities_information_and_expected_score() -> None:
    pytest.importorskip("matplotlib")
    grid = np.linspace(-3, 3, 21)
    panels = plots.item_curves(BANK, theta=grid).axes
    assert line(panels[0]) == pytest.approx(probabilities(BANK, grid)[0, 1])
    assert len(panels[2].lines) == 4
    assert line(plots.information_curve(BANK, theta=grid).axes[0]) == pytest.approx(total_information(BANK, grid))
    assert line(plots.characteristic_curve(BANK, theta=grid).axes[0]) == pytest.approx(expected_total(BANK, grid))
    assert len(plots.item_information(BANK, highlight=["I2"]).axes[0].lines) == 3


def test_persons_residuals_and_simulations_are_drawn() -> None:
    pytest.importorskip("matplotlib")
    rng = np.random.default_rng(1)
    theta = rng.normal(size=500)
    p = probabilities(BANK, theta)
    x = (rng.random((500, 3, 1)) > np.cumsum(p, axis=1).transpose(2, 0, 1)[:, :, :-1]).sum(axis=2)
    figures = [
        plots.wright_map(BANK, theta),
        plots.fit_residuals(x, BANK, theta=theta),
        plots.simulation(simulate_cat(BANK, theta[:50])),
    ]
    for figure in figures:
        target = io.BytesIO()
        figure.savefig(target, dpi=40)
        assert target.getvalue()[:4] == b"\x89PNG"


def test_observed_means_are_those_of_equal_groups() -> None:
    theta = np.arange(10.0)
    where, mean, half = plots.observed_means(theta, (theta > 4).astype(int), 2)
    assert where.tolist() == [2.0, 7.0]
    assert mean.tolist() == [0.0, 1.0]
    assert half.tolist() == [0.0, 0.0]


def test_without_matplotlib_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"shuyang\[plots\]"):
        plots.information_curve(BANK)


def test_several_dimensions_are_refused() -> None:
    with pytest.raises(NotOneDimensional):
        plots.item_curves(ItemParameters.build("2pl", np.ones((2, 2)), np.zeros(2)))
