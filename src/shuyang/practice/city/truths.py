"""What a learner can find out about a city, for those who grade him. Never written with the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from shuyang.kernel.errors import NotFound


@dataclass(frozen=True)
class Truth:
    """One planted fact. `kind`: its name; `says`: the finding in one sentence; `facts`: keys of the rows and numbers that it
    is about, as they stand in the tables (keys count from 1, dates as 2025-03-14)."""

    kind: str
    says: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Truths:
    """All that was planted in the city of this seed and size, one of each kind."""

    residents: int
    seed: int
    planted: tuple[Truth, ...]

    def of(self, kind: str) -> Truth:
        """The truth of this kind; NotFound where there is none."""
        for truth in self.planted:
            if truth.kind == kind:
                return truth
        raise NotFound(message=f"no such truth: {kind}")

    def as_data(self) -> dict[str, Any]:
        """Plain data, as in the file of `shuyang city make --truths`."""
        return asdict(self)


def read_truths(data: Mapping[str, Any]) -> Truths:
    """The truths from their plain data."""
    return Truths(data["residents"], data["seed"], tuple(Truth(**one) for one in data["planted"]))
