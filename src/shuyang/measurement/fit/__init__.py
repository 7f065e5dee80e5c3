"""Fit of items, persons, pairs of items and whole models; reliability."""

from shuyang.measurement.fit.drift import Drift, parameter_drift
from shuyang.measurement.fit.limited import ModelFit, model_fit
from shuyang.measurement.fit.local import LocalDependence, ld_x2, q3
from shuyang.measurement.fit.lzstar import StarredLz, lz_star
from shuyang.measurement.fit.reliability import AlphaResult, cronbach_alpha, empirical_reliability, marginal_reliability
from shuyang.measurement.fit.residuals import ResidualFit, item_fit, person_fit
from shuyang.measurement.fit.sx2 import SX2, s_x2

__all__ = [
    "SX2",
    "AlphaResult",
    "Drift",
    "LocalDependence",
    "ModelFit",
    "ResidualFit",
    "StarredLz",
    "cronbach_alpha",
    "empirical_reliability",
    "item_fit",
    "ld_x2",
    "lz_star",
    "marginal_reliability",
    "model_fit",
    "parameter_drift",
    "person_fit",
    "q3",
    "s_x2",
]
