"""The door of `evidence`."""

from shuyang.evidence.anonymous import KindOfPost, count_of_post, results_of_post
from shuyang.evidence.contracts import (
    Counted,
    EstimateView,
    NewEstimate,
    NewObservation,
    ObservationView,
    PostOfDay,
    ReceiptView,
    Seal,
    SelfRating,
)
from shuyang.evidence.extracting import categories_of, estimates_written, exposures, sealed_for_units
from shuyang.evidence.queries import (
    counted_in,
    estimate,
    estimate_of,
    estimates_in,
    estimates_of_person,
    items_met_since,
    observations_of,
    receipt,
)
from shuyang.evidence.sealed import sealed_sources
from shuyang.evidence.self_ratings import record_self_ratings, self_ratings_in, self_ratings_of
from shuyang.evidence.services import record, record_observations, set_seal

__all__ = [
    "Counted",
    "EstimateView",
    "KindOfPost",
    "NewEstimate",
    "NewObservation",
    "ObservationView",
    "PostOfDay",
    "ReceiptView",
    "Seal",
    "SelfRating",
    "categories_of",
    "count_of_post",
    "counted_in",
    "estimate",
    "estimate_of",
    "estimates_in",
    "estimates_of_person",
    "estimates_written",
    "exposures",
    "items_met_since",
    "observations_of",
    "receipt",
    "record",
    "record_observations",
    "record_self_ratings",
    "results_of_post",
    "sealed_for_units",
    "sealed_sources",
    "self_ratings_in",
    "self_ratings_of",
    "set_seal",
]
