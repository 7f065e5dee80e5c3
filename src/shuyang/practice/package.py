"""Finds and reads scenario packages: `scenario.yaml` for words, `scenario.py` for logic."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import msgspec
import yaml

from shuyang.kernel.canonical import digest
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.practice.authoring import Band, Checker, Maker, Preparation, Trick, Wrong
from shuyang.practice.spec import ScenarioSpec

HOME = "shuyang.content.scenarios"
PARTS = ("prepare", "CHECKERS", "reference", "WRONG", "TRICKS", "BANDS")  # what scenario.py has to have


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario package: what it says, what it does, and the hash of both (a run names it)."""

    name: str
    hash: str
    spec: ScenarioSpec
    prepare: Callable[[Preparation], None]
    checkers: Mapping[str, Checker]
    reference: Maker
    wrong: tuple[Wrong, ...]
    tricks: tuple[Trick, ...]
    bands: tuple[Band, ...]
    module: ModuleType


def folder() -> Path:
    """Where the built-in scenarios lie."""
    return Path(__file__).resolve().parent.parent / "content" / "scenarios"


@cache
def scenario_names() -> tuple[str, ...]:
    """The scenarios that there are, in the order of their ids."""
    names = [path.parent.name for path in sorted(folder().glob("*/scenario.yaml"))]
    return tuple(sorted(names, key=lambda name: _order(scenario(name).spec.id)))


def _order(id_: str) -> tuple[int, str]:
    return (int(id_[1:]) if id_[1:].isdecimal() else 0, id_)


@cache
def scenario(name: str) -> Scenario:
    """A scenario by the name of its folder. Raises `NotFound`, and `Invalid` where the package is unsound."""
    place = folder() / name
    if not name.isidentifier() or not (place / "scenario.yaml").is_file():
        raise NotFound("no such scenario")
    return _read(place, lambda: import_module(f"{HOME}.{name}.scenario"))


@cache
def scenario_in(place: Path) -> Scenario:
    """A scenario of one's own, in any folder; its code is run as it is. Raises `Invalid` that says what is missing or does not
    fit."""
    lacking = [name for name in ("scenario.yaml", "scenario.py") if not (place / name).is_file()]
    if lacking:
        raise Invalid([Problem(str(place), "schema", (("what", f"there is no {name}"),)) for name in lacking])
    if not place.resolve().name.isidentifier():
        raise Invalid(
            [Problem(str(place), "schema", (("what", "name the folder with letters, digits and underscores"),))]
        )
    return _read(place.resolve(), lambda: _loaded(place.resolve() / "scenario.py"))


def _loaded(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"own_scenario_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _read(place: Path, load: Callable[[], ModuleType]) -> Scenario:
    text, code = (place / "scenario.yaml").read_bytes(), (place / "scenario.py").read_bytes()
    spec = read_spec(text.decode(), where=place.name)
    module = load()
    lacking = [name for name in PARTS if not hasattr(module, name)]
    if lacking:
        raise Invalid([Problem(f"{place.name}/scenario.py", "schema", (("what", f"{n} is missing"),)) for n in lacking])
    return Scenario(
        place.name,
        digest(text + b"\0" + code),
        spec,
        module.prepare,
        module.CHECKERS,
        module.reference,
        tuple(module.WRONG),
        tuple(module.TRICKS),
        tuple(module.BANDS),
        module,
    )


def read_spec(text: str, *, where: str) -> ScenarioSpec:
    """The words of a scenario. Raises `Invalid` that names the place and what does not fit."""
    try:
        return msgspec.convert(yaml.safe_load(text), ScenarioSpec)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise Invalid([Problem(where, "schema", (("what", str(error)),))]) from error
