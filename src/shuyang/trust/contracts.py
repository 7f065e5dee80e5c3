"""Who acts: the actor, the roles, and what an audit entry and a check of a chain look like to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do, always within a unit and all below it. Every signed-in person is also a learner of himself."""

    ADMINISTRATOR = "administrator"  # 系统管理员: runs the installation; sees no one's answers
    ORGANISER = "organiser"  # 组织员: people, campaigns, unit results
    INVIGILATOR = "invigilator"  # 监考人员: the room while people sit: who is in, help, pauses; no results
    LEADER = "leader"  # 领导: unit results and briefings
    AUTHOR = "author"  # 命题人
    REVIEWER = "reviewer"  # 审题人
    PSYCHOMETRICIAN = "psychometrician"  # 测量专员
    APPRAISER = "appraiser"  # 考核人员
    TALENT_OFFICER = "talent_officer"  # 人才工作人员
    AUDITOR = "auditor"  # 审计人员


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a unit: it reaches every unit whose path begins with `unit_path`."""

    role: Role
    unit_path: str

    def reaches(self, unit_path: str) -> bool:
        return unit_path.startswith(self.unit_path)


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. `person_id` is None for an account without a person and for the system itself."""

    account_id: UUID | None
    person_id: UUID | None
    unit_path: str
    grants: tuple[Grant, ...] = ()
    system: bool = False

    def has(self, *roles: Role, at: str) -> bool:
        """Does the actor hold one of `roles` over the unit at path `at`?"""
        return self.system or any(g.role in roles and g.reaches(at) for g in self.grants)

    def has_anywhere(self, *roles: Role) -> bool:
        return self.system or any(g.role in roles for g in self.grants)

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """Unit paths over which the actor holds one of `roles`; the system holds all ("")."""
        if self.system:
            return ("",)
        return tuple(sorted({g.unit_path for g in self.grants if g.role in roles}))

    def is_person(self, person_id: UUID) -> bool:
        return self.person_id is not None and self.person_id == person_id


SYSTEM = Actor(account_id=None, person_id=None, unit_path="", system=True)
NOBODY = Actor(account_id=None, person_id=None, unit_path="")


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """What is wrong with a chain: `kind` is changed | removed | inserted | truncated | forged_head."""

    chain: str
    sequence: int
    kind: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Result of checking audit chains against themselves and against exported heads."""

    chains: int
    entries: int
    heads: int
    problems: tuple[ChainProblem, ...]

    @property
    def whole(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at a moment, signed, so that a later rewrite of the database shows."""

    chain: str
    sequence: int
    hash: str
    at: datetime
    signature: str = ""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A person's last word on one purpose and one version of its text."""

    purpose: str
    text_version: str
    given: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditView:
    """An entry of the audit log about a person, as he may read it. `by` is self | system | other: no names."""

    at: datetime
    action: str
    by: str
