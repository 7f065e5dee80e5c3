"""Target profiles as written: what a rank layer needs in every facet, and what a job category adds."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from shuyang.frameworks.api import Requirement, TargetProfile, Words


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    level: int
    zh: str
    en: str


class Addition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    facet: str
    ranks: tuple[str, ...]
    add: int
    zh: str
    en: str


class ProfileRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`profiles.yaml`."""

    base: dict[str, dict[str, Base]]
    additions: dict[str, tuple[Addition, ...]]


def expand(rules: ProfileRules) -> tuple[TargetProfile, ...]:
    """All profiles: every rank layer in every job category."""
    return tuple(
        TargetProfile(rank, job, _requirements(base, [one for one in additions if rank in one.ranks]))
        for rank, base in rules.base.items()
        for job, additions in rules.additions.items()
    )


def _requirements(base: Mapping[str, Base], additions: list[Addition]) -> tuple[Requirement, ...]:
    found = []
    for facet, ground in base.items():
        more = [one for one in additions if one.facet == facet]
        zh = "；".join([ground.zh, *(one.zh for one in more)])
        en = "; ".join([ground.en, *(one.en for one in more)])
        found.append(Requirement(facet, ground.level + sum(one.add for one in more), Words(zh, en)))
    return tuple(found)
