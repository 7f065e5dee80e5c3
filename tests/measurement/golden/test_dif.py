"""Likelihood-ratio DIF against the stored results of mirt 1.47."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measurement.conftest import reference_folder

from shuyang.measurement.dif import likelihood_ratio_dif, logistic_dif, mantel_haenszel


def table(name: str) -> tuple[np.ndarray, list[str], list[str]]:
    """(answers, group labels, item ids) of a data set with a column `group`."""
    folder = reference_folder()
    assert isinstance(folder, Path)
    lines = (folder / f"{name}.csv").read_text().replace('"', "").splitlines()
    header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    at = header.index("group")
    answers = np.array([[int(v) for k, v in enumerate(row) if k != at] for row in rows])
    return answers, [row[at] for row in rows], [h for k, h in enumerate(header) if k != at]


@pytest.mark.parametrize(("name", "model"), [("dif-sim2pl", "2pl"), ("dif-sim2pl-rasch", "rasch")])
def test_the_sweep_equals_mirt(reference: Any, name: str, model: str) -> None:
    known = reference(name).results
    answers, groups, ids = table(name)
    found = likelihood_ratio_dif(answers, groups, model, items=ids, reference=known["first_group"])
    assert found.model.log_likelihood == pytest.approx(known["scalar_logLik"], abs=1e-3)
    assert found.model.free_parameters == known["scalar_npar"]
    assert found.chi2 == pytest.approx([row["X2"] for row in known["LRT"]], abs=0.02)
    assert found.df.tolist() == [row["df"] for row in known["LRT"]]
    focal = known["group_parameters"]["foc"]
    assert found.model.latent.mean[1, 0] == pytest.approx(focal["mean"], abs=3e-3)
    assert found.model.latent.covariance[1, 0, 0] == pytest.approx(focal["var"][0][0], abs=5e-3)


def test_every_method_points_at_the_planted_items(reference: Any) -> None:
    reference("dif-sim2pl")
    answers, groups, ids = table("dif-sim2pl")
    sweep = likelihood_ratio_dif(answers, groups, items=ids, reference="ref", purify=True)
    assert "Item_8" in sweep.freed
    assert np.nanargmax(sweep.unsigned) == ids.index("Item_8")
    assert mantel_haenszel(answers, groups, items=ids).p.argmin() == ids.index("Item_8")
    assert logistic_dif(answers, groups, items=ids).p.argmin() == ids.index("Item_8")
