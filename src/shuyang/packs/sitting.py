"""A sitting of one simulated person over the secure items of a pack: what the engine would pick, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.delivery.api import drawn_item, true_category
from shuyang.frameworks.api import Framework, TargetProfile
from shuyang.itembank.api import ItemContent, Presentation, presentation, standard_blueprints, standard_prior
from shuyang.kernel.errors import NotFound
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import CatItem, Step
from shuyang.measurement.cat.session import next_step
from shuyang.packs.contracts import Pack
from shuyang.packs.expert_items import cat_items, secure_contents

FloatArray = npt.NDArray[np.float64]
# Where a level lies on the scale of abilities (logits): the centres of the provisional levels.
LEVEL_CENTRES = (-1.6, -0.8, 0.0, 0.8, 1.6)
# How far people of one rank layer differ from what their target profiles ask of them, in logits.
SPREAD = 0.6


@dataclass(frozen=True, slots=True)
class GivenItem:
    """An item of a simulated sitting: as shown, the category the simulated answer reached, and the highest one."""

    content: ItemContent
    shown: Presentation
    category: int
    max_category: int


@dataclass(frozen=True, slots=True)
class SimulatedSitting:
    """Synthetic. `abilities` are the true ones and `errors` the posterior SEs at the end, by force (logits);
    `stop` is the engine's reason, `seconds` the expected time of all items.
    """

    rank_layer: str
    seed: int
    blueprint: str
    abilities: Mapping[str, float]
    errors: Mapping[str, float]
    given: tuple[GivenItem, ...]
    stop: str
    seconds: float


def simulated_sitting(pack: Pack, *, rank_layer: str, seed: int, blueprint: str = "diagnosis") -> SimulatedSitting:
    """The items a simulated person of `rank_layer` meets, in order, under a standard blueprint.

    His abilities are drawn around what the target profiles of the layer ask, his answers from items whose parameters
    are one draw from their experts' priors. The same seed gives the same sitting. Raises `NotFound` for a layer or
    blueprint that is not there.
    """
    forces = [force.id for force in pack.framework.forces]
    contents = secure_contents(pack)
    rules = standard_blueprints([facet.id for facet in pack.framework.facets], len(forces)).get(blueprint)
    if rules is None:
        raise NotFound(f"no blueprint {blueprint}")
    rng = np.random.default_rng(seed)
    abilities = draw_abilities(pack.framework, rank_layer=rank_layer, rng=rng)
    items = cat_items(contents, pack.framework)
    bank, prior = compile_bank(items, dims=len(forces)), standard_prior(len(forces))
    truth = [drawn_item(item, rng) for item in items]
    answers: list[tuple[int, int]] = []
    seconds = 0.0
    while True:
        step = next_step(bank, answers, prior, rules, seed=seed, seconds=seconds, with_forecast=False)
        if step.choice is None:
            break
        index = step.choice.index
        answers.append((index, true_category(truth[index], abilities, rng)))
        seconds += items[index].seconds
    given = tuple(_given(contents[index], category, items[index], seed) for index, category in answers)
    return SimulatedSitting(
        rank_layer, seed, blueprint, _by_force(forces, abilities), _errors(forces, step), given, str(step.stop), seconds
    )


def draw_abilities(framework: Framework, *, rank_layer: str, rng: np.random.Generator) -> FloatArray:
    """One person of a rank layer [D]: the mean level its profiles ask of a force, and a correlated deviation."""
    profiles = [one for one in framework.profiles if one.rank_layer == rank_layer]
    if not profiles:
        raise NotFound(f"no rank layer {rank_layer}")
    centres = [_centre(framework, force.id, profiles) for force in framework.forces]
    spread = np.linalg.cholesky(np.asarray(standard_prior(len(centres)).cov))
    return np.asarray(centres) + SPREAD * spread @ rng.standard_normal(len(centres))


def _centre(framework: Framework, force: str, profiles: Sequence[TargetProfile]) -> float:
    facets = {facet.id for facet in framework.facets if facet.force == force}
    levels = [row.level for profile in profiles for row in profile.requirements if row.facet in facets]
    return float(np.mean([LEVEL_CENTRES[level - 1] for level in levels]))


def _given(content: ItemContent, category: int, item: CatItem, seed: int) -> GivenItem:
    return GivenItem(content, presentation(content, f"simulated/{seed}"), category, len(item.thresholds))


def _by_force(forces: Sequence[str], values: FloatArray) -> dict[str, float]:
    return {force: float(value) for force, value in zip(forces, values, strict=True)}


def _errors(forces: Sequence[str], step: Step) -> dict[str, float]:
    return _by_force(forces, step.posterior.sd)
