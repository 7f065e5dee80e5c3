"""The body of a release: pure functions from contents and frame to plain JSON, and back.

docs/decisions explain the expert prior; docs/reference/scoring-rules.md the categories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuyang.itembank.content import ItemContent
from shuyang.itembank.rules import max_category
from shuyang.kernel.canonical import content_hash
from shuyang.measurement.cat.contracts import (
    Blueprint,
    CatItem,
    FacetQuota,
    KindLimit,
    LevelCuts,
    Prior,
    ScaleTransform,
)

FORMAT = "shuyang-release/1"
ALGORITHM = "mcat/1"
# A recomputed score may differ by this much (logits): the rounding of another processor, never another answer.
TOLERANCE = 1e-6
# How unsure an expert is: judged difficulties miss by about half a logit, slopes by about a quarter.
THRESHOLD_SD, SLOPE_LOG_SD, GUESSING_SD = 0.5, 0.25, 0.05
# Half of the distance between the two thresholds of a partial-credit item.
HALF_STEP = 0.6
CORRELATION = 0.6
# How much an item's expected time counts against it: without it, sittings run out of time before they are precise.
TIME_WEIGHT = 0.5
# Orderings inform well and quickly, so that a quarter of a sitting would be "put these in order": tiring, and one skill.
_MOST_ORDERINGS = 0.2
PROVISIONAL_CUTS = (-1.2, -0.4, 0.4, 1.2)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a release says beside its items."""

    framework_hash: str
    citations_hash: str
    forces: tuple[str, ...]
    force_of: Mapping[str, str]


def expert_item(content: ItemContent, *, item_id: str, dim: int, enemies: tuple[str, ...] = ()) -> CatItem:
    """An item with the parameters its author believes in, and how unsure that is.

    One category above 0: 3PL. Two: graded response with thresholds `difficulty` ∓ 0.6; a lucky guess rarely reaches
    half credit there, so no guessing. The spread of guessing is at most half of its mean, so that it stays positive.
    """
    prior = content.prior
    partial = max_category(content) == 2
    thresholds = (prior.difficulty - HALF_STEP, prior.difficulty + HALF_STEP) if partial else (prior.difficulty,)
    guessing = 0.0 if partial else prior.guessing
    return CatItem(
        id=item_id,
        dim=dim,
        model="grm" if partial else "3pl",
        slope=prior.slope,
        thresholds=tuple(round(t, 6) for t in thresholds),
        slope_log_sd=SLOPE_LOG_SD,
        threshold_sd=THRESHOLD_SD,
        guessing=guessing,
        guessing_sd=min(GUESSING_SD, guessing / 2),
        facet=content.facet,
        kind=content.type.value,
        seconds=float(content.expected_seconds),
        enemies=enemies,
    )


def standard_blueprints(facets: Sequence[str], forces: int) -> dict[str, Blueprint]:
    """诊断: SE 0.40 on every force, 25–75 items, 80 minutes. 认证: SE 0.35, 40–75 items, 120 minutes."""
    return {
        "diagnosis": _blueprint(facets, forces, target=0.40, items=(25, 75), minutes=80, minimum=2),
        "certification": _blueprint(facets, forces, target=0.35, items=(40, 75), minutes=120, minimum=3),
    }


def standard_prior(forces: int) -> Prior:
    """What is believed of a person before the first answer: standard normal forces that correlate 0.6."""
    return Prior.equicorrelated(forces, CORRELATION)


def _blueprint(
    facets: Sequence[str], forces: int, *, target: float, items: tuple[int, int], minutes: int, minimum: int
) -> Blueprint:
    return Blueprint(
        target_se=(target,) * forces,
        min_items=items[0],
        max_items=items[1],
        max_seconds=60.0 * minutes,
        facets=tuple(FacetQuota(facet, minimum=minimum) for facet in facets),
        kinds=(KindLimit("single", max_share=0.4), KindLimit("order", max_share=_MOST_ORDERINGS)),
        randomesque=5,
        time_weight=TIME_WEIGHT,
    )


def build_body(
    items: Iterable[tuple[str, ItemContent]], frame: Frame, opaque: Callable[[str, str], str]
) -> dict[str, Any]:
    """The body of an uncalibrated release. `items`: (content hash, content); `opaque(scope, hash)` names them."""
    chosen = sorted(items, key=lambda pair: pair[0])
    body = _frame_body(frame)
    scope = "/".join([frame.framework_hash, *(hash_ for hash_, _ in chosen)])
    ids = {content.id: opaque(scope, hash_) for hash_, content in chosen}
    body["items"] = sorted((_item_body(hash_, content, ids, frame) for hash_, content in chosen), key=_by_id)
    return body


def _by_id(row: Mapping[str, Any]) -> str:
    return str(row["id"])


def _frame_body(frame: Frame) -> dict[str, Any]:
    blueprints = standard_blueprints(sorted(frame.force_of), len(frame.forces))
    return {
        "format": FORMAT,
        "framework": frame.framework_hash,
        "citations": frame.citations_hash,
        "forces": list(frame.forces),
        "prior": standard_prior(len(frame.forces)).to_dict(),
        "cuts": {force: {"cuts": list(PROVISIONAL_CUTS), "se": []} for force in frame.forces},
        "provisional_cuts": True,
        "calibrated": False,
        "transform": ScaleTransform().to_dict(),
        "blueprints": {name: blueprint.to_dict() for name, blueprint in blueprints.items()},
        "algorithm": ALGORITHM,
        "tolerance": TOLERANCE,
    }


def _item_body(hash_: str, content: ItemContent, ids: Mapping[str, str], frame: Frame) -> dict[str, Any]:
    force = frame.force_of[content.facet]
    enemies = tuple(sorted(ids[enemy] for enemy in content.enemies if enemy in ids))
    cat = expert_item(content, item_id=ids[content.id], dim=frame.forces.index(force), enemies=enemies)
    return {
        "id": cat.id,
        "content": hash_,
        "facet": content.facet,
        "force": force,
        "level": content.level,
        "layer": content.layer.value,
        "type": content.type.value,
        "max_category": max_category(content),
        "cat": cat.to_dict(),
    }


def read_cuts(body: Mapping[str, Any]) -> dict[str, LevelCuts]:
    """Cut scores of a body by force."""
    return {force: LevelCuts(tuple(row["cuts"]), tuple(row["se"])) for force, row in body["cuts"].items()}


def release_recipe() -> str:
    """Hash of everything but content that shapes a release: where it changes, a new release is due."""
    frame = Frame("", "", ("one",), {"F": "one"})
    judged = [THRESHOLD_SD, SLOPE_LOG_SD, GUESSING_SD, HALF_STEP]
    return content_hash({"frame": _frame_body(frame), "judged": judged})
