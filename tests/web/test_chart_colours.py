"""Colours of charts: enough contrast, and told apart by people who do not see all colours.

Colour blindness is simulated after Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, with the matrices for severity 1
(linear RGB). Distance is ΔE*ab of CIE 1976 (Euclidean in L*a*b*, D65); contrast is that of WCAG 2.2.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from shuyang.web.charts.theme import AXIS, BAND, COLOURS, INK, MUTED, ON_DARK, SHADES, WHITE

VISION = {
    "all colours": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_D65 = np.array([0.95047, 1.0, 1.08883])


def seen(colour: str, vision: str) -> np.ndarray:
    """Linear RGB of a hex colour as it is seen."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.clip(VISION[vision] @ linear, 0, 1))


def lab(colour: str, vision: str) -> np.ndarray:
    t = _XYZ @ seen(colour, vision) / _D65
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, vision: str) -> float:
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def contrast(one: str, other: str, vision: str = "all colours") -> float:
    low, high = sorted(float(_XYZ[1] @ seen(c, vision)) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_simulation_confuses_what_colour_blind_people_confuse() -> None:
    """A red and a green of like brightness: far apart, but not with deuteranopia; a blue and a green with tritanopia."""
    assert distance("#b35900", "#6b7a00", "all colours") > 35
    assert distance("#b35900", "#6b7a00", "deuteranopia") < 15
    assert distance("#00a0a0", "#0090c0", "tritanopia") < distance("#00a0a0", "#0090c0", "all colours")
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("vision", VISION)
def test_series_are_told_apart(vision: str) -> None:
    worst = min((distance(a, b, vision), a, b) for a, b in combinations(COLOURS, 2))
    assert worst[0] >= 20, worst


@pytest.mark.parametrize("vision", VISION)
def test_what_is_drawn_stands_out_from_the_ground(vision: str) -> None:
    for colour in (*COLOURS, BAND, INK, MUTED):
        assert contrast(colour, WHITE, vision) >= 3, colour
    assert contrast(INK, BAND, vision) >= 3, "the own interval on the band of the group"


@pytest.mark.parametrize("vision", VISION)
def test_an_order_is_one_of_brightness(vision: str) -> None:
    brightness = [lab(shade, vision)[0] for shade in SHADES]
    steps = -np.diff(brightness)
    assert steps.min() >= 10, brightness


def test_text_can_be_read() -> None:
    for colour in (INK, MUTED):
        assert contrast(colour, WHITE) >= 4.5
    for place, shade in enumerate(SHADES):
        assert contrast(ON_DARK if place >= 3 else INK, shade) >= 4.5, shade
    assert contrast(AXIS, WHITE) >= 2, "a line that only helps the eye"
