"""Results of people in one kind of post, across units: only for the anonymous picture a person may compare with."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from shuyang.evidence.contracts import EstimateView
from shuyang.evidence.models import Estimate
from shuyang.evidence.queries import view_of
from shuyang.kernel.clock import now


@dataclass(frozen=True, slots=True)
class KindOfPost:
    """Who is meant: a rank layer and job category on the day of the result, in a unit and all below it."""

    rank_layer: str
    job_category: str
    unit_path: str
    synthetic: bool


def count_of_post(kind: KindOfPost) -> int:
    """How many latest results there are. Not scoped: what leaves the room above is a picture of thirty or more."""
    return _rows(kind).count()


def results_of_post(kind: KindOfPost, *, start: int, stop: int) -> list[EstimateView]:
    """Those from `start` up to `stop` in the order in which they came."""
    return [view_of(row) for row in _rows(kind).order_by("at", "id")[start:stop]]


def _rows(kind: KindOfPost) -> QuerySet[Estimate]:
    return Estimate.objects.filter(
        rank_layer=kind.rank_layer,
        job_category=kind.job_category,
        unit_path__startswith=kind.unit_path,
        synthetic=kind.synthetic,
        latest=True,
        unit_from__lte=now(),  # sealed results enter no sum
    )
