"""Standard setting: where the cuts lie (Angoff, bookmark) and how well a cut sorts people (accuracy, consistency)."""

from shuyang.measurement.standards.agreement import Classification, CutDecision
from shuyang.measurement.standards.angoff import AngoffResult, angoff
from shuyang.measurement.standards.bookmark import BookmarkResult, bookmark, ordered_booklet, response_location
from shuyang.measurement.standards.levels import assign_levels, classify_levels, classify_scores, level_probabilities
from shuyang.measurement.standards.risk import CutRisk, Figure, cut_risks
from shuyang.measurement.standards.sums import classify_sums

__all__ = [
    "AngoffResult",
    "BookmarkResult",
    "Classification",
    "CutDecision",
    "CutRisk",
    "Figure",
    "angoff",
    "assign_levels",
    "bookmark",
    "classify_levels",
    "classify_scores",
    "classify_sums",
    "cut_risks",
    "level_probabilities",
    "ordered_booklet",
    "response_location",
]
