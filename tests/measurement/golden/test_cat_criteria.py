"""Estimates and choices of the next item against catR (one dimension) and mirtCAT (three dimensions)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shuyang.measurement.cat.criteria import eap, rank_items
from shuyang.measurement.cat.criteria_md import map_estimate, rank_items_md
from shuyang.measurement.cat.estimates import estimate_ability
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import information

ONE = {
    "MFI": "fisher",
    "bOpt": "difficulty_match",
    "thOpt": "location_match",
    "MLWI": "likelihood_weighted_information",
    "MPWI": "posterior_weighted_information",
    "MEI": "expected_information",
    "MEPV": "expected_variance",
    "KL": "kullback_leibler",
    "KLP": "posterior_kullback_leibler",
    "GDI": "global_discrimination",
    "GDIP": "posterior_global_discrimination",
}
SEVERAL = {f"{x}rule": x.lower() for x in "DTEWA"} | {f"{x}Prule": f"posterior_{x.lower()}" for x in "DTEWA"}
SEVERAL |= {"KL": "kullback_leibler", "KLn": "kullback_leibler"}


def answers_of(state: dict[str, Any]) -> list[tuple[int, int]]:
    return [(item - 1, answer) for item, answer in zip(state["items"], state["responses"], strict=True)]


@pytest.fixture(scope="module")
def one(reference: Callable[[str], Any]) -> tuple[ItemParameters, dict[str, Any]]:
    results = reference("cat-3pl-bank60").results
    a, b, c, _ = np.array(results["bank"]["values"]).T
    return ItemParameters.from_difficulty("3pl", a, b[:, None], g=c), results


@pytest.fixture(scope="module")
def three(reference: Callable[[str], Any]) -> tuple[ItemParameters, dict[str, Any]]:
    results = reference("mcat-3d-bank45").results
    return ItemParameters.build("2pl", results["slopes"], results["intercepts"]), results


def test_eap_agrees_with_catr(one: tuple[ItemParameters, dict[str, Any]]) -> None:
    items, results = one
    for state in results["states"]:
        theta, se = eap(items, answers_of(state), nodes=81, bound=4.0)
        assert theta == pytest.approx(state["EAP"]["theta"], abs=1e-6)
        assert se == pytest.approx(state["EAP"]["se"], abs=1e-6)


@pytest.mark.parametrize("name", ONE)
def test_next_item_agrees_with_catr(one: tuple[ItemParameters, dict[str, Any]], name: str) -> None:
    items, results = one
    for state in results["states"]:
        ranking = rank_items(items, answers_of(state), ONE[name], ability=state["EAP"]["theta"])
        assert ranking.best == state["next_item"][name]["item"] - 1
        assert abs(ranking.values[ranking.best]) == pytest.approx(state["next_item"][name]["value"], rel=1e-6, abs=1e-8)


def test_information_agrees_with_catr(one: tuple[ItemParameters, dict[str, Any]]) -> None:
    items, results = one
    at = results["information_at"]
    assert np.allclose(information(items, at["theta"]), at["fisher"], atol=1e-10)
    four = results["information_4pl"]
    a, b, c, _ = np.array(results["bank"]["values"]).T
    capped = ItemParameters.from_difficulty("4pl", a, b[:, None], g=c, u=four["d"])
    assert np.allclose(information(capped, at["theta"]), four["fisher"], atol=1e-10)


def test_mode_agrees_with_mirt(three: tuple[ItemParameters, dict[str, Any]]) -> None:
    items, results = three
    for state in results["states"]:
        theta, se = map_estimate(items, answers_of(state), results["latent_covariance"])
        assert theta == pytest.approx(state["MAP"]["theta"], abs=1e-4)
        assert se == pytest.approx(state["MAP"]["se"], abs=1e-4)


@pytest.mark.parametrize("name", SEVERAL)
def test_next_item_agrees_with_mirtcat(three: tuple[ItemParameters, dict[str, Any]], name: str) -> None:
    items, results = three
    for state in results["states"]:
        ranking = rank_items_md(items, answers_of(state), SEVERAL[name], covariance=results["latent_covariance"])
        assert ranking.best == state["next_item"][name] - 1


@pytest.mark.parametrize(("name", "method"), [("ML", "ml"), ("BM", "map"), ("WL", "wle"), ("EAP", "eap")])
def test_estimates_agree_with_catr(one: tuple[ItemParameters, dict[str, Any]], name: str, method: str) -> None:
    items, results = one
    for state in results["states"]:
        found = estimate_ability(items, answers_of(state), method)
        assert found.theta == pytest.approx(state[name]["theta"], abs=1e-4)
        assert found.se == pytest.approx(state[name]["se"], abs=1e-4)
