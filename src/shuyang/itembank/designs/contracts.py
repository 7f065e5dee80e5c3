"""What a design of a test looks like: as it is edited, as it was checked, and as it was fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shuyang.kernel.canonical import content_hash
from shuyang.measurement.cat.contracts import Blueprint
from shuyang.measurement.cat.multistage import Panel


class DesignKind(StrEnum):
    ADAPTIVE = "adaptive"  # each person gets other items
    FORMS = "forms"  # parallel forms of fixed items
    MULTISTAGE = "multistage"  # adaptive by modules of fixed items


@dataclass(frozen=True, slots=True)
class DesignSpec:
    """What one wishes. `target_se` has one standard error per force (logits); `facet_minimums` by facet id.

    `minutes` 0: no limit. `single_share`: single-choice items at most this share, in percent. Forms: `forms` of
    `length` items; `paper` leaves out item types that can't be printed. Multistage: `length` items in the first
    module and in each of the three of the second stage; `forms` such panels.
    """

    kind: DesignKind
    target_se: tuple[float, ...]
    min_items: int = 25
    max_items: int = 75
    minutes: int = 80
    facet_minimums: Mapping[str, int] = field(default_factory=dict)
    single_share: int = 40
    forms: int = 2
    length: int = 40
    paper: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return asdict(self) | {"target_se": list(self.target_se), "facet_minimums": dict(self.facet_minimums)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DesignSpec:
        """Inverse of `to_dict`."""
        return cls(**{**data, "kind": DesignKind(data["kind"]), "target_se": tuple(data["target_se"])})

    @property
    def hash(self) -> str:
        """Names what was wished: a check belongs to exactly this."""
        return content_hash(self.to_dict())


@dataclass(frozen=True, slots=True)
class ForceCheck:
    """One force in simulated sittings: mean standard error (logits), and the share that reached the target."""

    force: str
    mean_se: float
    reached: float


@dataclass(frozen=True, slots=True)
class DesignCheck:
    """What simulated sittings over the current release say: items and minutes (10 %, half, 90 % of people), forces.

    `overlap`: mean share of items that two people have in common; `deviation`: how far forms lie from one another in
    information, where there are forms.
    """

    release_hash: str
    spec_hash: str
    people: int
    items: tuple[float, float, float]
    minutes: tuple[float, float, float]
    reached: float
    forces: tuple[ForceCheck, ...]
    overlap: float
    deviation: float = 0.0
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DesignCheck:
        """Inverse of `to_dict`."""
        rows = tuple(ForceCheck(**row) for row in data["forces"])
        three = {name: tuple(data[name]) for name in ("items", "minutes")}
        return cls(**{**data, **three, "forces": rows})

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Forces whose target fewer than half of the people reach."""
        return tuple(one.force for one in self.forces if one.reached < 0.5)


@dataclass(frozen=True, slots=True)
class DesignView:
    """A version of a design. `hash` is empty while it is a draft; `checked` says whether the check is of this spec."""

    id: UUID
    family_id: UUID
    number: int
    title: str
    spec: DesignSpec
    hash: str
    fixed_at: datetime | None
    retired: bool
    job_id: UUID | None
    check: DesignCheck | None

    @property
    def checked(self) -> bool:
        return self.check is not None and self.check.spec_hash == self.spec.hash


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A fixed design as sittings follow it: immutable, named by the hash of its `body`.

    `release_hash` is empty where it holds on any release. `forms` and `panels` name items by their ids in the release.
    """

    hash: str
    kind: DesignKind
    rules: Blueprint
    release_hash: str
    forms: tuple[tuple[str, ...], ...]
    panels: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any] = field(repr=False)

    def indices(self, index: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        """The forms as item indices of the release."""
        return tuple(tuple(index[item] for item in form) for form in self.forms)

    def panels_of(self, index: Mapping[str, int]) -> tuple[Panel, ...]:
        """The panels over item indices of the release."""
        return tuple(Panel.from_dict(_indexed(panel, index)) for panel in self.panels)


def _indexed(panel: Mapping[str, Any], index: Mapping[str, int]) -> dict[str, Any]:
    stages = [
        [{"name": m["name"], "items": [index[item] for item in m["items"]]} for m in stage] for stage in panel["stages"]
    ]
    return {"stages": stages, "routes": panel.get("routes", [])}
