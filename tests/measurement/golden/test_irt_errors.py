"""Standard errors against mirt's (Oakes), and two-group fits against multipleGroup."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.measurement.conftest import Reference
from tests.measurement.golden.test_irt_calibrate import CASES, fit

from shuyang.measurement.irt.calibrate import calibrate

NAMES = {"d": "d1", "logit(g)": "logit_g", "logit(u)": "logit_u", "ak1": "s1", "ak2": "s2"}


@pytest.mark.parametrize(("name", "model"), CASES)
def test_standard_errors_agree(reference: Callable[[str], Reference], name: str, model: str) -> None:
    known = reference(name)
    result = fit(known, name, model, standard_errors=True, tolerance=1e-5)
    assert result.second_order
    mine = result.items.standard_errors()
    stored = known.results["models"][model]["parameters_with_se"]
    tolerance = 0.03 if model in ("3PL", "4PL") else 0.01
    compared = 0
    for j, item in enumerate(result.items.ids):
        errors = stored[item]["values"][1] if len(stored[item]["rows"]) > 1 else [None] * len(stored[item]["columns"])
        for column, se in zip(stored[item]["columns"], errors, strict=True):
            key = (j, NAMES.get(column, column))
            if se is not None and key in mine:
                assert mine[key] == pytest.approx(se, rel=tolerance)
                compared += 1
    assert compared == len(mine)


def test_standard_error_of_the_latent_variance(reference: Callable[[str], Reference]) -> None:
    result = fit(reference("sat12"), "sat12", "Rasch", standard_errors=True)
    assert result.latent_errors["variance:all"] == pytest.approx(0.0633027654, rel=0.01)


@pytest.mark.parametrize(("name", "model"), [("dif-sim2pl", "2pl"), ("dif-sim2pl-rasch", "rasch")])
def test_two_groups(reference: Callable[[str], Reference], name: str, model: str) -> None:
    known = reference(name)
    results, matrix = known.results, known.matrix
    assert matrix is not None
    foreign = known.group != results["first_group"]
    order = np.argsort(foreign, kind="stable")
    scalar = calibrate(matrix[order, 1:], model, groups=known.group[order])
    assert scalar.log_likelihood == pytest.approx(results["scalar_logLik"], abs=1e-3)
    assert scalar.free_parameters == results["scalar_npar"]
    other = next(g for g in results["group_parameters"] if g != results["first_group"])
    expected = results["group_parameters"][other]
    assert scalar.latent.mean[1, 0] == pytest.approx(expected["mean"], abs=2e-3)
    assert scalar.latent.covariance[1, 0, 0] == pytest.approx(np.ravel(expected["var"])[0], abs=2e-3)
    apart = [calibrate(matrix[foreign == side, 1:], model).log_likelihood for side in (False, True)]
    assert sum(apart) == pytest.approx(results["configural_logLik"], abs=1e-3)
