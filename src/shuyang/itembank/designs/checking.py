"""What the bank can support: assemble what a design needs, and let simulated people take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from shuyang.itembank.contracts import Release
from shuyang.itembank.designs.contracts import DesignCheck, DesignKind, DesignSpec, ForceCheck
from shuyang.itembank.designs.rules import (
    FORM_AT,
    MODULE_AT,
    SECOND_STAGE,
    blueprint_of,
    needed_information,
    plan_body,
    usable,
    wish,
)
from shuyang.measurement.cat.assembly import Assembly, InformationTarget, assemble
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Blueprint, CompiledBank, FloatArray
from shuyang.measurement.cat.multistage import Module, Panel
from shuyang.measurement.simulate.contracts import SittingSimulation, mean_overlap
from shuyang.measurement.simulate.panels import simulate_panel
from shuyang.measurement.simulate.sittings import simulate_sittings

PEOPLE = 400
PEOPLE_OF_PANELS = 120
SEED = 20261122
PATIENCE = 60.0
TOLERANCE = 0.3
# Quotas and item types keep a form from taking the very best items only.
DEALT = 0.85
Step = Callable[[int, int], None]


def check_design(spec: DesignSpec, bank: Release, *, step: Step) -> DesignCheck:
    """Assemble forms or panels where the design has any, then simulate people from the prior of the release.

    `step(done, total)` reports progress. Raises `BadBlueprint` where no such forms exist in this bank.
    """
    facets = sorted({item.facet for item in bank.items})
    if spec.kind == DesignKind.ADAPTIVE:
        rules = blueprint_of(spec, facets)
        run = simulate_sittings(
            bank.cat_items, rules, bank.prior, n=PEOPLE, seed=SEED, progress=lambda done: step(done, PEOPLE)
        )
        return _report(spec, bank, [run], plan_body(spec, rules, forces=bank.forces))
    compiled = compile_bank(bank.cat_items, dims=len(bank.forces))
    panels, deviation = _assembled(spec, bank, compiled, facets)
    rules = blueprint_of(spec, facets, length=sum(len(stage[0].items) for stage in panels[0].stages))
    found = _take(spec, bank, panels, rules, step)
    return _report(spec, bank, found, _body(spec, bank, compiled, rules, panels), deviation)


def _assembled(
    spec: DesignSpec, bank: Release, compiled: CompiledBank, facets: Sequence[str]
) -> tuple[list[Panel], float]:
    """Forms (as panels of one module) or panels of two stages, disjoint, and how far they lie from their targets."""
    excluded = [index for index, item in enumerate(bank.items) if not usable(spec, item.type)]
    modules = [("form", FORM_AT)] if spec.kind == DesignKind.FORMS else [(n, (at,)) for n, at in MODULE_AT.items()]
    share = 1.0 if spec.kind == DesignKind.FORMS else 0.5
    usable_items = [index for index in range(len(bank.items)) if index not in set(excluded)]
    wishes = [wish(spec, facets, _targets(spec, compiled, usable_items, at), share=share) for _, at in modules]
    wishes = wishes * spec.forms
    made = assemble(compiled, wishes, excluded=excluded, time_limit=PATIENCE, tolerance=TOLERANCE)
    chosen = [_ordered(compiled, form) for form in made.forms]
    size = len(modules)
    return [_panel(compiled, chosen[n : n + size]) for n in range(0, len(chosen), size)], _apart(made, size)


def _targets(
    spec: DesignSpec, compiled: CompiledBank, items: Sequence[int], at: Sequence[float]
) -> list[InformationTarget]:
    """What is needed at these abilities on each force, but no more than the best items, dealt out alike, can give."""
    each = max(round(spec.length / compiled.dims), 1)
    found = []
    for dim in range(compiled.dims):
        mine = [i for i in items if compiled.dim[i] == dim]
        wanted = []
        for theta in at:
            info = sorted((float(np.interp(theta, compiled.nodes, compiled.info[i])) for i in mine), reverse=True)
            dealt = DEALT * sum(info[: each * spec.forms]) / spec.forms
            wanted.append(min(needed_information(spec, dim), dealt))
        found.append(InformationTarget(dim, tuple(at), tuple(wanted)))
    return found


def _ordered(compiled: CompiledBank, form: Sequence[int]) -> tuple[int, ...]:
    """Easier items first; the same form always in the same order."""
    return tuple(sorted(form, key=lambda i: (_difficulty(compiled, [i]), compiled.items[i].id)))


def _difficulty(compiled: CompiledBank, items: Sequence[int]) -> float:
    return float(np.mean([np.mean(compiled.items[i].thresholds) for i in items]))


def _panel(compiled: CompiledBank, modules: Sequence[tuple[int, ...]]) -> Panel:
    if len(modules) == 1:
        return Panel(((Module("form", modules[0]),),))
    by_difficulty = sorted(modules[1:], key=lambda items: _difficulty(compiled, items))
    later = tuple(Module(name, items) for name, items in zip(SECOND_STAGE, by_difficulty, strict=True))
    return Panel(((Module("first", modules[0]),), later))


def _apart(made: Assembly, size: int) -> float:
    """The largest difference in information between two that are meant to be alike."""
    groups = [made.information[n::size] for n in range(size)]
    return max((float(np.ptp(np.stack(group), axis=0).max()) for group in groups if len(group) > 1), default=0.0)


def _take(
    spec: DesignSpec, bank: Release, panels: Sequence[Panel], rules: Blueprint, step: Step
) -> list[SittingSimulation]:
    each, found = max(PEOPLE_OF_PANELS // len(panels), 20), list[SittingSimulation]()
    for number, panel in enumerate(panels):
        step(number, len(panels))
        simulate = partial(simulate_panel, bank.cat_items, panel, bank.prior, n=each, seed=SEED + number)
        found.append(simulate(target_se=rules.target_se))
    step(len(panels), len(panels))
    return found


def _body(
    spec: DesignSpec, bank: Release, compiled: CompiledBank, rules: Blueprint, panels: Sequence[Panel]
) -> dict[str, Any]:
    named = [_named(compiled, panel) for panel in panels]
    if spec.kind == DesignKind.MULTISTAGE:
        return plan_body(spec, rules, forces=bank.forces, release_hash=bank.hash, panels=named)
    forms = [panel["stages"][0][0]["items"] for panel in named]
    return plan_body(spec, rules, forces=bank.forces, release_hash=bank.hash, forms=forms)


def _named(compiled: CompiledBank, panel: Panel) -> dict[str, Any]:
    """A panel with items by their ids in the release."""
    stages = [
        [{"name": m.name, "items": [compiled.items[i].id for i in m.items]} for m in stage] for stage in panel.stages
    ]
    return {"stages": stages, "routes": []}


def _report(
    spec: DesignSpec, bank: Release, runs: Sequence[SittingSimulation], body: dict[str, Any], deviation: float = 0.0
) -> DesignCheck:
    sd = np.concatenate([run.sd for run in runs])
    targets = np.asarray(spec.target_se)
    shown = np.sum([run.exposure * len(run.sd) for run in runs], axis=0)
    return DesignCheck(
        release_hash=bank.hash,
        spec_hash=spec.hash,
        people=len(sd),
        items=_three(np.concatenate([run.length for run in runs]).astype(np.float64)),
        minutes=_three(np.concatenate([run.seconds for run in runs]) / 60.0),
        reached=float(np.all(sd <= targets, axis=1).mean()),
        forces=tuple(
            ForceCheck(force, float(sd[:, d].mean()), float((sd[:, d] <= targets[d]).mean()))
            for d, force in enumerate(bank.forces)
        ),
        overlap=mean_overlap(shown, len(sd)),
        deviation=deviation,
        body=body,
    )


def _three(values: FloatArray) -> tuple[float, float, float]:
    low, half, high = np.percentile(values, (10, 50, 90)).tolist()
    return low, half, high
