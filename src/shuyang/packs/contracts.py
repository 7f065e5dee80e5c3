"""What a pack holds, what a check finds, and what a load did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from shuyang.frameworks.api import Citation, Framework, FrameworkView, Words
from shuyang.itembank.api import ItemContent, LoadReport, ReleaseView
from shuyang.kernel.errors import Problem
from shuyang.learning.api import LoadReport as LessonsReport


class Severity(StrEnum):
    """An error keeps a pack from being shipped; a warning asks for a second look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem found in a pack, and how grave it is."""

    problem: Problem
    severity: Severity = Severity.ERROR


class Requirements(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How complete a bank must be. Shares are of the secure items, from 0 to 1."""

    secure_per_cell: int = 8
    practice_per_facet: int = 12
    single_share: float = 0.30
    stimulus_share: float = 0.60


class PackHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`pack.yaml`."""

    key: str
    name: Words
    version: str
    requirements: Requirements = Requirements()


@dataclass(frozen=True, slots=True)
class LocatedItem:
    """An item and the file it stands in, relative to the pack."""

    file: str
    content: ItemContent


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that decodes. `lessons` are the raw texts by file."""

    head: PackHead
    framework: Framework
    citations: Mapping[str, Citation]
    items: tuple[LocatedItem, ...]
    lessons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PackReport:
    """What `load_builtin` did; everything but the hash is None when nothing had changed."""

    hash: str
    framework: FrameworkView | None = None
    items: LoadReport | None = None
    release: ReleaseView | None = None
    lessons: LessonsReport | None = None

    @property
    def unchanged(self) -> bool:
        return self.framework is None
