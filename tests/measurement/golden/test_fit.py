"""Fit statistics at stored parameters against the stored results of mirt 1.47."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.measurement.golden.stored import bank, responses

from shuyang.measurement.fit import (
    empirical_reliability,
    item_fit,
    ld_x2,
    marginal_reliability,
    model_fit,
    person_fit,
    q3,
    s_x2,
)
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.scores import score

COMPLETE = [
    ("lsat7", "Rasch"), ("lsat7", "1PL"), ("lsat7", "2PL"), ("lsat7", "3PL"), ("slf", "Rasch"), ("slf", "2PL"),
    ("deayala", "Rasch"), ("deayala", "2PL"), ("deayala", "3PL"), ("bock1997", "nominal"), ("science", "graded"),
    ("science", "gpcm"), ("science", "PCM"), ("science", "nominal"), ("sat12", "Rasch"), ("sat12", "2PL"),
    ("sat12", "3PL"), ("sat12", "4PL"),
]  # fmt: skip
ALL = [*COMPLETE, ("simgrm-missing", "graded"), ("simgrm-missing", "gpcm")]


def column(stored: dict[str, dict[str, Any]], name: str) -> np.ndarray:
    return np.array([np.nan if row[name] is None else row[name] for row in stored.values()], float)


@pytest.mark.parametrize(("name", "model"), COMPLETE)
def test_s_x2(reference: Any, name: str, model: str) -> None:
    known = reference(name)
    items, latent = bank(known, model)
    found = s_x2(responses(known), items, latent=latent)
    expected = known.results["models"][model]["S_X2"]
    assert found.df == pytest.approx(column(expected, "df.S_X2"))
    assert found.x2 == pytest.approx(column(expected, "S_X2"), abs=0.05, nan_ok=True)
    assert found.rmsea == pytest.approx(column(expected, "RMSEA.S_X2"), abs=1e-3, nan_ok=True)


@pytest.mark.parametrize(("name", "model"), ALL)
def test_infit_and_outfit(reference: Any, name: str, model: str) -> None:
    known = reference(name)
    items, latent = bank(known, model)
    found = item_fit(responses(known), items, latent=latent)
    expected = known.results["models"][model]["infit_outfit_EAP"]
    for mine, theirs, tolerance in [
        (found.outfit, "outfit", 1e-4), (found.infit, "infit", 1e-4),
        (found.z_outfit, "z.outfit", 2e-3), (found.z_infit, "z.infit", 2e-3),
    ]:  # fmt: skip
        if theirs == "z.outfit" and "missing" in name:
            continue  # test_fit_beside_mirt.py
        assert mine == pytest.approx(column(expected, theirs), abs=tolerance)


@pytest.mark.parametrize(("name", "model"), ALL)
def test_person_fit(reference: Any, name: str, model: str) -> None:
    known = reference(name)
    items, latent = bank(known, model)
    found = person_fit(responses(known), items, latent=latent)
    stored = known.results["models"][model]["personfit_first20"]
    mine = np.column_stack([found.outfit, found.z_outfit, found.infit, found.z_infit, found.zh])[:20]
    assert stored["columns"] == ["outfit", "z.outfit", "infit", "z.infit", "Zh"]
    theirs = np.array(stored["values"], float)
    keep = [0, 2, 3, 4] if "missing" in name else [0, 1, 2, 3, 4]
    assert mine[:, keep] == pytest.approx(theirs[:, keep], abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(("name", "model"), ALL)
def test_local_dependence(reference: Any, name: str, model: str) -> None:
    known = reference(name)
    items, latent = bank(known, model)
    stored = known.results["models"][model]
    off = ~np.eye(len(items), dtype=bool)
    mine = q3(responses(known), items, latent=latent).value[off]
    assert mine == pytest.approx(np.array(stored["Q3"], float)[off], abs=1e-4)
    ld = ld_x2(responses(known), items, latent=latent)
    theirs = np.array(stored["LD"], float)
    low, high = np.tril_indices(len(items), -1), np.triu_indices(len(items), 1)
    assert ld.value[low] == pytest.approx(theirs[low], rel=1e-3, abs=1e-3)
    assert ld.effect[high] == pytest.approx(theirs[high], abs=1e-4)


@pytest.mark.parametrize(("name", "model"), ALL)
def test_reliability(reference: Any, name: str, model: str) -> None:
    known = reference(name)
    items, latent = bank(known, model)
    stored = known.results["models"][model]
    if model not in ("Rasch", "PCM"):  # test_fit_beside_mirt.py
        assert marginal_reliability(items, latent=latent) == pytest.approx(stored["marginal_rxx"], abs=1e-4)
    eap = score(responses(known), items, latent=latent)
    assert empirical_reliability(eap.theta, eap.se)[0] == pytest.approx(stored["empirical_rxx"], abs=1e-4)


def test_rasch_reliability_is_that_of_the_equivalent_model_with_a_common_slope(reference: Any) -> None:
    known = reference("lsat7")
    items, latent = bank(known, "Rasch")
    twin = known.results["models"]["1PL"]["marginal_rxx"]
    assert marginal_reliability(items, latent=latent) == pytest.approx(twin, abs=1e-4)


M2_CASES = [
    ("lsat7", "Rasch", "M2"), ("lsat7", "1PL", "M2"), ("lsat7", "2PL", "M2"), ("slf", "Rasch", "M2"),
    ("slf", "2PL", "M2"), ("deayala", "Rasch", "M2"), ("deayala", "2PL", "M2"), ("sat12", "Rasch", "M2"),
    ("sat12", "2PL", "M2star"), ("science", "graded", "C2"), ("science", "PCM", "C2"),
    ("sim2d", "two_factor_cfa", "M2star"), ("sat12", "two_factor_efa", "M2star"), ("simbifactor", "bifactor", "M2star"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "model", "statistic"), M2_CASES)
def test_limited_information(reference: Any, name: str, model: str, statistic: str) -> None:
    # M2 of 3PL and 4PL and C2 of gpcm, where mirt 1.47 differs: test_fit_beside_mirt.py
    known = reference(name)
    items, latent = bank(known, model)
    expected = known.results["models"][model][statistic]
    points = 9 if model == "bifactor" else None  # what mirt integrates over in four dimensions
    found = model_fit(
        responses(known),
        items,
        latent=latent,
        points=points,
        statistic=statistic.replace("star", "*"),  # type: ignore[arg-type]
    )
    assert found.value == pytest.approx(expected["M2"], rel=5e-3)
    assert found.df == expected["df"]
    for mine, theirs in [
        (found.rmsea, "RMSEA"), (found.rmsea_low, "RMSEA_5"), (found.rmsea_high, "RMSEA_95"), (found.srmsr, "SRMSR"),
        (found.tli, "TLI"), (found.cfi, "CFI"),
    ]:  # fmt: skip
        assert mine == pytest.approx(expected[theirs], abs=1e-3)


@pytest.mark.parametrize(
    ("name", "model", "statistic"), [("lsat7", "2PL", "M2"), ("sat12", "2PL", "M2"), ("science", "graded", "C2")]
)
def test_after_own_estimation(reference: Any, name: str, model: str, statistic: str) -> None:
    known = reference(name)
    data = responses(known)
    fitted = calibrate(data, model, tolerance=1e-5)
    stored = known.results["models"][model]
    assert s_x2(data, fitted).x2 == pytest.approx(column(stored["S_X2"], "S_X2"), abs=0.1)
    assert item_fit(data, fitted).infit == pytest.approx(column(stored["infit_outfit_EAP"], "infit"), abs=2e-3)
    assert item_fit(data, fitted).outfit == pytest.approx(column(stored["infit_outfit_EAP"], "outfit"), abs=2e-3)
    found = model_fit(data, fitted, statistic=statistic)  # type: ignore[arg-type]
    assert found.value == pytest.approx(stored[statistic]["M2"], rel=0.01)
