"""The door of `evidence`."""

from shuyang.evidence.contracts import (
    EstimateView,
    NewEstimate,
    NewObservation,
    ObservationView,
    PostOfDay,
    ReceiptView,
)
from shuyang.evidence.queries import (
    estimate,
    estimate_of,
    estimates_in,
    estimates_of_person,
    items_met_since,
    observations_of,
    receipt,
)
from shuyang.evidence.services import record

__all__ = [
    "EstimateView",
    "NewEstimate",
    "NewObservation",
    "ObservationView",
    "PostOfDay",
    "ReceiptView",
    "estimate",
    "estimate_of",
    "estimates_in",
    "estimates_of_person",
    "items_met_since",
    "observations_of",
    "receipt",
    "record",
]
