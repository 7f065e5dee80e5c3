"""Is a blueprint possible at all? Checked once per blueprint, before the first item."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .contracts import Blueprint
from .errors import BadBlueprint


@lru_cache(maxsize=256)
def check_blueprint(blueprint: Blueprint, dims: int) -> None:
    """Raise `BadBlueprint`, naming every fault, unless the blueprint makes sense for `dims` dimensions."""
    facets, kinds = blueprint.facets, blueprint.kinds
    faults = {
        "target_se": len(blueprint.target_se) != dims or min(blueprint.target_se, default=0.0) < 0.0,
        "length": not 0 <= blueprint.min_items <= blueprint.max_items or blueprint.max_items < 1,
        "time": blueprint.max_seconds is not None and not blueprint.max_seconds > 0.0,
        "facet_twice": _twice([quota.facet for quota in facets]),
        "facet_range": any(q.minimum < 0 or (q.maximum is not None and q.maximum < q.minimum) for q in facets),
        "facet_minimums": sum(quota.minimum for quota in facets) > blueprint.max_items,
        "kind_twice": _twice([limit.kind for limit in kinds]),
        "kind_range": any(
            (k.max_count is not None and k.max_count < 0) or (k.max_share is not None and not 0.0 < k.max_share <= 1.0)
            for k in kinds
        ),
        "randomesque": blueprint.randomesque < 1,
        "classify": len(blueprint.classify) not in (0, dims) or not 0.0 < blueprint.confidence <= 1.0,
    }
    wrong = [name for name, bad in faults.items() if bad]
    if wrong:
        raise BadBlueprint(f"impossible blueprint: {', '.join(wrong)}", wrong=wrong)


def _twice(names: Sequence[str]) -> bool:
    return len(set(names)) != len(names)
