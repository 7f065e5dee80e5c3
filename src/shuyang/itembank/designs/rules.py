"""Pure decisions about designs: what can't be, and the blueprint that a wish means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from shuyang.itembank.content import ItemType
from shuyang.itembank.contracts import Release
from shuyang.itembank.designs.contracts import DesignKind, DesignSpec
from shuyang.itembank.release_body import TIME_WEIGHT
from shuyang.kernel.errors import Problem
from shuyang.measurement.cat.assembly import FormWish, InformationTarget
from shuyang.measurement.cat.contracts import Blueprint, FacetQuota, KindLimit

FORMAT = "shuyang-plan/1"
TITLE_LENGTH = 80
MOST_ITEMS, MOST_MINUTES, MOST_FORMS = 200, 480, 10
FINEST_SE, COARSEST_SE = 0.2, 1.0
SECOND_STAGE = ("easier", "middle", "harder")
# Abilities at which forms are made alike, and where the modules of a second stage are to be most precise.
FORM_AT = (-1.0, 0.0, 1.0)
MODULE_AT = {"first": 0.0, "easier": -1.0, "middle": 0.0, "harder": 1.0}
# What can't be answered on paper: cells and points are marked on the screen.
NOT_ON_PAPER = frozenset({ItemType.MARK, ItemType.CHART})


def spec_problems(title: str, spec: DesignSpec, bank: Release) -> list[Problem]:
    """What is wrong with a wish, each at its field; also what this bank can't give."""
    found = _title_problems(title)
    for number, target in enumerate(spec.target_se):
        if not FINEST_SE <= target <= COARSEST_SE:
            found.append(_between(f"target_se_{number}", FINEST_SE, COARSEST_SE))
    for where, value, low, high in (
        ("minutes", spec.minutes, 0, MOST_MINUTES),
        ("single_share", spec.single_share, 0, 100),
        ("max_items", spec.max_items, 1, MOST_ITEMS),
        ("forms", spec.forms, 1, MOST_FORMS),
        ("length", spec.length, 1, MOST_ITEMS),
    ):
        if not low <= value <= high:
            found.append(_between(where, low, high))
    if not 1 <= spec.min_items <= spec.max_items:
        found.append(Problem("min_items", "min_above_max"))
    return found or _supply_problems(spec, bank)


def _title_problems(title: str) -> list[Problem]:
    if not title.strip():
        return [Problem("title", "required")]
    return [Problem("title", "too_long", (("most", str(TITLE_LENGTH)),))] if len(title) > TITLE_LENGTH else []


def _between(where: str, low: float, high: float) -> Problem:
    return Problem(where, "not_between", (("low", f"{low:g}"), ("high", f"{high:g}")))


def _supply_problems(spec: DesignSpec, bank: Release) -> list[Problem]:
    """Quotas that don't fit into the length, or that the bank has no items for."""
    longest = spec.max_items if spec.kind == DesignKind.ADAPTIVE else test_length(spec)
    found = []
    owed = sum(spec.facet_minimums.values())
    if owed > longest:
        found.append(Problem("facets", "facets_above_length", (("owed", str(owed)), ("length", str(longest)))))
    supply = Counter(item.facet for item in bank.items if usable(spec, item.type))
    for facet, least in spec.facet_minimums.items():
        wanted = least * (spec.forms if spec.kind == DesignKind.FORMS else 1)
        if wanted > supply[facet]:
            data = (("facet", facet), ("wanted", str(wanted)), ("supply", str(supply[facet])))
            found.append(Problem(f"facet_{facet}", "facet_short", data))
    needed = items_needed(spec)
    if needed > sum(supply.values()):
        where = "max_items" if spec.kind == DesignKind.ADAPTIVE else "forms"
        numbers = (("needed", str(needed)), ("supply", str(sum(supply.values()))))
        found.append(Problem(where, "bank_too_small", numbers))
    return found


def test_length(spec: DesignSpec) -> int:
    """Items one person gets in a fixed design."""
    return 2 * spec.length if spec.kind == DesignKind.MULTISTAGE else spec.length


def items_needed(spec: DesignSpec) -> int:
    """Different items the design takes from the bank."""
    match spec.kind:
        case DesignKind.ADAPTIVE:
            return spec.max_items
        case DesignKind.FORMS:
            return spec.forms * spec.length
        case DesignKind.MULTISTAGE:
            return spec.forms * spec.length * (1 + len(SECOND_STAGE))


def usable(spec: DesignSpec, kind: ItemType) -> bool:
    """May items of this type enter the design?"""
    return not (spec.paper and spec.kind == DesignKind.FORMS and kind in NOT_ON_PAPER)


def blueprint_of(
    spec: DesignSpec, facets: Sequence[str], *, length: int | None = None, share: float = 1.0
) -> Blueprint:
    """The blueprint of a whole test, or of a module of `length` items that owes `share` of the facet minimums."""
    low, high = (spec.min_items, spec.max_items) if length is None else (length, length)
    minimums = [int(spec.facet_minimums.get(facet, 0) * share) for facet in facets]
    return Blueprint(
        target_se=spec.target_se,
        min_items=low,
        max_items=high,
        max_seconds=60.0 * spec.minutes * (1.0 if length is None else length / test_length(spec)) or None,
        facets=tuple(FacetQuota(f, minimum=m) for f, m in zip(facets, minimums, strict=True)),
        kinds=(KindLimit(ItemType.SINGLE.value, max_share=spec.single_share / 100),) if spec.single_share else (),
        randomesque=5,
        time_weight=TIME_WEIGHT,
    )


def wish(
    spec: DesignSpec, facets: Sequence[str], targets: Sequence[InformationTarget], *, share: float = 1.0
) -> FormWish:
    """What a form or module should be: its share of the blueprint, and the information it should reach."""
    return FormWish(blueprint_of(spec, facets, length=spec.length, share=share), spec.length, tuple(targets))


def needed_information(spec: DesignSpec, dim: int) -> float:
    """Information on one force that a form or module owes: what the target error asks beyond a prior of variance 1."""
    return max(1.0 / spec.target_se[dim] ** 2 - 1.0, 0.5) * spec.length / test_length(spec)


def plan_body(
    spec: DesignSpec,
    rules: Blueprint,
    *,
    forces: Sequence[str],
    release_hash: str = "",
    forms: Sequence[Sequence[str]] = (),
    panels: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The body of a plan, as its hash covers it."""
    return {
        "format": FORMAT,
        "kind": str(spec.kind),
        "forces": list(forces),
        "rules": rules.to_dict(),
        "release": release_hash,
        "forms": [list(form) for form in forms],
        "panels": list(panels),
    }
