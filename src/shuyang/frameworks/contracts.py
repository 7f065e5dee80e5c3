"""The competence framework as data: forces, dimensions, facets, levels, target profiles, crosswalks, citations.

All are msgspec structs decoded strictly from content files; every name is in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

LEVELS = (1, 2, 3, 4, 5)


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything decoded from content files."""


class Words(Strict, frozen=True):
    """The same words in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """English for any `en` language code, else Chinese."""
        return self.en if language.lower().startswith("en") else self.zh


class Force(Strict, frozen=True):
    """One of the five measured dimensions (五力); its place in `Framework.forces` is its index in posteriors."""

    id: str
    name: Words
    meaning: Words
    db32: Words


class Dimension(Strict, frozen=True):
    """One of the three modes (数感, 数用, 数智): a weighted view over its facets."""

    id: str
    name: Words
    meaning: Words


class LevelDescriptor(Strict, frozen=True):
    """What one does at this level of the facet, as observable behaviour ("能……", "Can ...")."""

    level: int
    zh: str
    en: str


class Facet(Strict, frozen=True, kw_only=True):
    """One of the twelve facets (向度): in exactly one dimension and one force."""

    id: str
    name: Words
    dimension: str
    force: str
    good: Words
    definition: Words | None = None
    descriptors: tuple[LevelDescriptor, ...] = ()


class Level(Strict, frozen=True):
    level: int
    name: Words
    meaning: Words


class Named(Strict, frozen=True):
    """A shortfall layer, rank layer or job category."""

    id: str
    name: Words
    meaning: Words


class Requirement(Strict, frozen=True):
    """The level a post asks for in one facet, and why."""

    facet: str
    level: int
    reason: Words


class TargetProfile(Strict, frozen=True):
    """What a rank layer in a job category needs, facet by facet."""

    rank_layer: str
    job_category: str
    requirements: tuple[Requirement, ...]

    def levels(self) -> dict[str, int]:
        return {row.facet: row.level for row in self.requirements}


class CrosswalkPart(Strict, frozen=True):
    """A part of another framework: its id there and its name."""

    id: str
    name: Words


class Crosswalk(Strict, frozen=True):
    """How the facets read in another framework: `map` gives part ids per facet."""

    id: str
    name: Words
    source: str
    note: Words
    parts: tuple[CrosswalkPart, ...]
    map: dict[str, tuple[str, ...]]

    def parts_of(self, facet: str) -> tuple[CrosswalkPart, ...]:
        wanted = self.map.get(facet, ())
        return tuple(part for part in self.parts if part.id in wanted)


class CitationStatus(StrEnum):
    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"


class Citation(Strict, frozen=True, kw_only=True):
    """A law, rule or standard. `articles` is the number of its last article, 0 where only the name may be cited."""

    id: str
    title: str
    kind: str
    number: str
    issued: date | None
    in_force: date | None
    checked_on: date
    status: CitationStatus
    articles: int
    note: str = ""


class Framework(Strict, frozen=True, kw_only=True):
    """A whole framework, named by the hash of its content."""

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
    profiles: tuple[TargetProfile, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    citations: tuple[Citation, ...] = ()
    hash: str = ""

    def facets_of(self, force: str) -> tuple[Facet, ...]:
        return tuple(facet for facet in self.facets if facet.force == force)

    def cell(self, dimension: str, force: str) -> tuple[Facet, ...]:
        return tuple(facet for facet in self.facets if facet.dimension == dimension and facet.force == force)


class FrameworkView(Strict, frozen=True):
    """What a load did: the hash now current, and whether it is new."""

    key: str
    version: str
    hash: str
    new: bool


FacetLevels = Mapping[str, int]
