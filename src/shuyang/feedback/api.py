"""The door of `feedback`."""

from shuyang.feedback.contracts import (
    AgainstTarget,
    FacetResult,
    ForceResult,
    GroupForce,
    GroupResult,
    LayerFinding,
    LayerResult,
    ModeResult,
    PersonReport,
    ScoreView,
    Suggestion,
    UnitReport,
)
from shuyang.feedback.queries import result, results, unit_report

__all__ = [
    "AgainstTarget",
    "FacetResult",
    "ForceResult",
    "GroupForce",
    "GroupResult",
    "LayerFinding",
    "LayerResult",
    "ModeResult",
    "PersonReport",
    "ScoreView",
    "Suggestion",
    "UnitReport",
    "result",
    "results",
    "unit_report",
]
