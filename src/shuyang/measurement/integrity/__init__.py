"""Indices that make a sitting worth a look: none of them proves anything about a person."""

from shuyang.measurement.integrity.fit import PersonFit, person_fit
from shuyang.measurement.integrity.knowledge import Preknowledge, preknowledge
from shuyang.measurement.integrity.similarity import Similarity, poisson_binomial_tail, similarity
from shuyang.measurement.integrity.speed import Effort, rapid_threshold, response_effort

__all__ = [
    "Effort",
    "PersonFit",
    "Preknowledge",
    "Similarity",
    "person_fit",
    "poisson_binomial_tail",
    "preknowledge",
    "rapid_threshold",
    "response_effort",
    "similarity",
]
