"""Psychometrics as a plain library: calibration, scores, fit, fairness, linking, adaptive testing.

The public functions are loaded on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "Calibration": "shuyang.measurement.irt.result",
    "ItemParameters": "shuyang.measurement.irt.items",
    "Priors": "shuyang.measurement.irt.priors",
    "Responses": "shuyang.measurement.irt.data",
    "Scores": "shuyang.measurement.irt.scores",
    "angoff": "shuyang.measurement.standards",
    "bookmark": "shuyang.measurement.standards",
    "calibrate": "shuyang.measurement.irt.calibrate",
    "classify_scores": "shuyang.measurement.standards",
    "classify_sums": "shuyang.measurement.standards",
    "empirical_reliability": "shuyang.measurement.fit",
    "item_fit": "shuyang.measurement.fit",
    "ld_x2": "shuyang.measurement.fit",
    "level_probabilities": "shuyang.measurement.standards",
    "likelihood_ratio_dif": "shuyang.measurement.dif",
    "link": "shuyang.measurement.linking",
    "logistic_dif": "shuyang.measurement.dif",
    "mantel_haenszel": "shuyang.measurement.dif",
    "marginal_reliability": "shuyang.measurement.fit",
    "model_fit": "shuyang.measurement.fit",
    "parameter_drift": "shuyang.measurement.fit",
    "person_fit": "shuyang.measurement.fit",
    "plausible_values": "shuyang.measurement.irt.plausible",
    "q3": "shuyang.measurement.fit",
    "s_x2": "shuyang.measurement.fit",
    "score": "shuyang.measurement.irt.scores",
    "sum_score_table": "shuyang.measurement.irt.sumscore",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
