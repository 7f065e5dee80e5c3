"""Which sittings and runs have a result that their person may not see yet."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from shuyang.evidence.models import Estimate
from shuyang.kernel.clock import now


def sealed_sources(*, person_id: UUID) -> set[UUID]:
    """Ids of sittings and runs whose result is sealed: what was right in them is not to be shown either."""
    sealed = Q(person_from=None) | Q(person_from__gt=now())
    return set(Estimate.objects.filter(sealed, person_id=person_id).values_list("source_id", flat=True))
