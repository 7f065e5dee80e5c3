"""Multistage tests: adaptive by modules instead of items, so that a committee can review every test beforehand.

A panel has stages; each stage offers modules (fixed sets of items) of different difficulty. After each stage the
module of the next one is chosen by what is known so far (Luecht & Nungester 1998; Yan, von Davier & Lewis 2014).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .assembly import Assembly, FormWish, assemble
from .contracts import Answer, CompiledBank, FloatArray, Posterior, Prior
from .errors import BadAnswer, BadBlueprint
from .information import mean_information
from .posterior import posterior


@dataclass(frozen=True, slots=True)
class Module:
    """A fixed set of items, by index in the bank."""

    name: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Stages of modules. `routes` lists the allowed (module, next module) names; empty means every route."""

    stages: tuple[tuple[Module, ...], ...]
    routes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [module.name for stage in self.stages for module in stage]
        items = [item for stage in self.stages for module in stage for item in module.items]
        if not all(self.stages) or len(set(names)) != len(names) or len(set(items)) != len(items):
            raise BadBlueprint("a panel needs a module in each stage, unique names, and no item twice")
        if self.routes and any(not self.following(m.name) for stage in self.stages[:-1] for m in stage):
            raise BadBlueprint("a module leads nowhere")

    def following(self, name: str) -> tuple[Module, ...]:
        """The modules that may come after the named one; none after the last stage."""
        place = next(i for i, stage in enumerate(self.stages) if any(m.name == name for m in stage))
        if place + 1 == len(self.stages):
            return ()
        allowed = {after for before, after in self.routes if before == name}
        return tuple(m for m in self.stages[place + 1] if not self.routes or m.name in allowed)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {
            "stages": [[{"name": m.name, "items": list(m.items)} for m in stage] for stage in self.stages],
            "routes": [list(route) for route in self.routes],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Panel:
        """Inverse of `to_dict`."""
        stages = tuple(tuple(Module(m["name"], tuple(m["items"])) for m in stage) for stage in data["stages"])
        return cls(stages, tuple((before, after) for before, after in data["routes"]))


@dataclass(frozen=True, slots=True, eq=False)
class PanelStep:
    """The belief after the modules answered, the next module, and the items of it still to come (None, empty: end)."""

    posterior: Posterior
    module: Module | None
    items: tuple[int, ...]


def next_module(
    bank: CompiledBank, panel: Panel, answers: Sequence[Answer], prior: Prior, *, void: Collection[int] = ()
) -> PanelStep:
    """What comes after `answers`, in any order: the rest of a module begun, or the best module of the next stage.

    Routing looks at whole modules only: of those that may follow, the one that is expected to lower the summed
    posterior variance most. `void` are items found faulty: not given any more, and neither their answers nor what
    they might have told count for the belief or the route; a module begun with one stays begun, and a module of
    nothing else is passed through. Raises `BadAnswer` for answers that fit no path through the panel.
    """
    given = {item for item, _ in answers}
    path: list[Module] = []
    offered = panel.stages[0]
    while True:
        begun = [module for module in offered if given & set(module.items)]
        if len(begun) > 1:
            raise BadAnswer("two modules of one stage are answered", modules=[m.name for m in begun])
        done = {item for module in path for item in module.items}
        belief = posterior(bank, [pair for pair in answers if pair[0] in done and pair[0] not in void], prior)
        module = begun[0] if begun else best_module(bank, belief, offered, void=void)
        rest = () if module is None else tuple(i for i in module.items if i not in given and i not in void)
        if module is None or rest:
            known = done | (set(module.items) if module else set())
            if given - known:
                raise BadAnswer("answers that belong to no module on the way", items=sorted(given - known))
            return PanelStep(belief, module, rest)
        path.append(module)
        offered = panel.following(module.name)


def best_module(
    bank: CompiledBank, belief: Posterior, offered: Sequence[Module], *, void: Collection[int] = ()
) -> Module | None:
    """The module after which the summed variance is expected to be smallest; the first of equals, None of none.

    Items in `void` tell nothing.
    """
    if not offered:
        return None
    info = mean_information(bank, belief)
    left = [_variance_after(bank, belief, info, [i for i in module.items if i not in void]) for module in offered]
    return offered[int(np.argmin(left))]


def _variance_after(bank: CompiledBank, belief: Posterior, info: FloatArray, items: list[int]) -> float:
    gained = np.bincount(bank.dim[items], weights=info[items], minlength=bank.dims) if items else np.zeros(bank.dims)
    return float(np.trace(np.linalg.inv(np.linalg.inv(belief.cov) + np.diag(gained))))


def assemble_panel(
    bank: CompiledBank,
    stages: Sequence[Sequence[tuple[str, FormWish]]],
    *,
    routes: Sequence[tuple[str, str]] = (),
    time_limit: float = 30.0,
    tolerance: float = 0.05,
) -> tuple[Panel, Assembly]:
    """Assemble a panel from named wishes, stage by stage; no item enters two modules (see `assembly.assemble`)."""
    wishes = [wish for stage in stages for _, wish in stage]
    made = assemble(bank, wishes, time_limit=time_limit, tolerance=tolerance)
    forms = iter(made.forms)
    modules = tuple(tuple(Module(name, next(forms)) for name, _ in stage) for stage in stages)
    return Panel(modules, tuple(routes)), made
