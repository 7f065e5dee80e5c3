"""Checking a finished sitting against its blueprint, without any of the code that chose the items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil

from shuyang.measurement.cat.contracts import Blueprint, CatItem


def violations(items: Sequence[CatItem], given: Sequence[int], blueprint: Blueprint) -> set[str]:
    """Names of the rules that the sitting `given` (item indices in order) breaks."""
    chosen = [items[i] for i in given]
    facets, kinds = Counter(i.facet for i in chosen), Counter(i.kind for i in chosen)
    ids = {i.id for i in chosen}
    broken = {
        "repeated": len(ids) != len(chosen),
        "length": not min(blueprint.min_items, len(items)) <= len(chosen) <= blueprint.max_items,
        "time": blueprint.max_seconds is not None and sum(i.seconds for i in chosen) > blueprint.max_seconds,
        "enemies": any(ids & set(i.enemies) for i in chosen),
        "facet_minimum": any(facets[q.facet] < q.minimum for q in blueprint.facets),
        "facet_maximum": any(q.maximum is not None and facets[q.facet] > q.maximum for q in blueprint.facets),
        "kind_count": any(k.max_count is not None and kinds[k.kind] > k.max_count for k in blueprint.kinds),
        "kind_share": any(
            k.max_share is not None and kinds[k.kind] > ceil(k.max_share * len(chosen) - 1e-9) for k in blueprint.kinds
        ),
    }
    return {name for name, bad in broken.items() if bad}
