"""From files to a pack, or every problem of form at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shuyang.frameworks.api import (
    Citation,
    Crosswalk,
    Dimension,
    Facet,
    Force,
    Framework,
    Level,
    LevelDescriptor,
    Named,
    Words,
)
from shuyang.itembank.api import ItemContent
from shuyang.kernel.errors import Invalid, Problem
from shuyang.packs.contracts import LocatedItem, Pack, PackHead
from shuyang.packs.lessons import read_lesson
from shuyang.packs.profiles import ProfileRules, expand
from shuyang.packs.yaml import read_yaml

T = TypeVar("T")


class Lattice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`framework.yaml`."""

    key: str
    version: str
    name: Words
    forces: tuple[Force, ...]
    dimensions: tuple[Dimension, ...]
    facets: tuple[Facet, ...]
    levels: tuple[Level, ...]
    layers: tuple[Named, ...]
    rank_layers: tuple[Named, ...]
    job_categories: tuple[Named, ...]


class Descriptors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`framework/descriptors/F01.yaml`."""

    facet: str
    definition: Words
    levels: tuple[LevelDescriptor, ...]


class Reader:
    """Reads files of a pack and gathers what is wrong instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def guarded(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Invalid as error:
            self.problems += error.problems
        except OSError as error:
            self.problems.append(Problem(str(error.filename), "file_missing"))
        return None

    def document(self, name: str) -> Any:
        return read_yaml((self.folder / name).read_bytes(), where=name)

    def typed(self, name: str, kind: type[T]) -> T | None:
        """A whole file as one typed value."""
        return self.guarded(lambda: convert(self.document(name), kind, where=name))

    def items(self) -> list[LocatedItem]:
        found: list[LocatedItem] = []
        for path in sorted(self.folder.glob("items/**/*.yaml")):
            name = path.relative_to(self.folder).as_posix()
            rows = self.guarded(lambda name=name: convert(self.document(name) or [], list[Any], where=name))  # type: ignore[misc]
            for number, row in enumerate(rows or [], start=1):
                item = self.guarded(lambda row=row, number=number, name=name: _item(row, name, number))  # type: ignore[misc]
                if item is not None:
                    found.append(item)
        return found

    def descriptors(self) -> dict[str, Descriptors]:
        names = sorted(path.name for path in (self.folder / "framework/descriptors").glob("*.yaml"))
        found = [self.typed(f"framework/descriptors/{name}", Descriptors) for name in names]
        return {one.facet: one for one in found if one is not None}

    def lessons(self) -> dict[str, str]:
        paths = sorted((self.folder / "lessons").glob("**/*.md"))
        texts = {path.relative_to(self.folder).as_posix(): path.read_text("utf-8") for path in paths}
        for name, text in texts.items():
            self.guarded(lambda name=name, text=text: read_lesson(name, text))  # type: ignore[misc]
        return texts


def _item(row: Any, name: str, number: int) -> LocatedItem:
    label = row.get("id") if isinstance(row, dict) else None
    where = f"{name}#{label or number}"
    return LocatedItem(name, convert(row, ItemContent, where=where))


def convert(value: Any, kind: Any, *, where: str) -> Any:
    """Strict conversion. Raises `Invalid` that names the path inside the document."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Invalid([Problem(where, "schema", (("what", str(error)),))]) from error


def read_pack(folder: Path) -> tuple[Pack | None, list[Problem]]:
    """The pack in `folder` and its problems of form; None where its frame can't be read at all."""
    reader = Reader(folder)
    head = reader.typed("pack.yaml", PackHead)
    framework = _framework(reader)
    items = tuple(reader.items())
    if head is None or framework is None:
        return None, reader.problems
    citations = {citation.id: citation for citation in framework.citations}
    lessons = reader.lessons()
    return Pack(head, framework, citations, items, lessons), reader.problems


def _framework(reader: Reader) -> Framework | None:
    lattice = reader.typed("framework.yaml", Lattice)
    rules = reader.typed("profiles.yaml", ProfileRules)
    crosswalks = reader.typed("crosswalks.yaml", tuple[Crosswalk, ...])
    citations = reader.typed("citations.yaml", tuple[Citation, ...])
    described = reader.descriptors()
    if lattice is None or rules is None or crosswalks is None or citations is None:
        return None
    return Framework(
        key=lattice.key,
        version=lattice.version,
        name=lattice.name,
        forces=lattice.forces,
        dimensions=lattice.dimensions,
        facets=tuple(_described(facet, described) for facet in lattice.facets),
        levels=lattice.levels,
        layers=lattice.layers,
        rank_layers=lattice.rank_layers,
        job_categories=lattice.job_categories,
        profiles=expand(rules),
        crosswalks=crosswalks,
        citations=citations,
    )


def _described(facet: Facet, described: dict[str, Descriptors]) -> Facet:
    found = described.get(facet.id)
    if found is None:
        return facet
    return msgspec.structs.replace(facet, definition=found.definition, descriptors=found.levels)
