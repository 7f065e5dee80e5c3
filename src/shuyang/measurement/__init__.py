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
    "calibrate": "shuyang.measurement.irt.calibrate",
    "plausible_values": "shuyang.measurement.irt.plausible",
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
