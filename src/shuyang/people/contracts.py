"""What the room of people shows to others: units, persons, dated posts, accounts, roles, imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shuyang.trust.api import Role


class RankLayer(StrEnum):
    """Layer of rank, the first coordinate of a target profile."""

    LEADER = "leader"  # 领导干部
    GENERAL = "general"  # 一般干部
    SPECIALIST = "specialist"  # 专业技能人才


class JobCategory(StrEnum):
    """Category of the job, the second coordinate of a target profile."""

    GENERAL_ADMINISTRATION = "general_administration"  # 综合管理
    OFFICE_AFFAIRS = "office_affairs"  # 机关事务
    APPROVAL_SERVICE = "approval_service"  # 行政审批与政务服务
    ENFORCEMENT = "enforcement"  # 行政执法
    DATA_IT = "data_it"  # 数据与信息化
    PROFESSIONAL = "professional"  # 专业业务


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit. `path` is the wall: lower-case segments, each closed by "/"; a unit below has it as its beginning."""

    id: UUID
    code: str
    name: str
    kind: str
    path: str
    parent_id: UUID | None
    active: bool
    merged_into_id: UUID | None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as a line of the tree, parents before children; its active people: alone, and with all units below."""

    unit: UnitView
    level: int  # depth counted from the uppermost unit the actor sees
    people: int
    people_below: int


@dataclass(frozen=True, slots=True)
class UnitSurroundings:
    """A unit, the units above it (the uppermost first) and its active parts, as far as the actor sees them."""

    above: tuple[UnitView, ...]
    here: UnitView
    parts: tuple[UnitView, ...]


@dataclass(frozen=True, slots=True)
class PostView:
    """A post held from `from_date` to `to_date`, both included; no `to_date`: held still."""

    id: UUID
    person_id: UUID
    unit_id: UUID
    unit_path: str
    unit_name: str
    rank_layer: RankLayer
    job_category: JobCategory
    title: str
    from_date: date
    to_date: date | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as those see him who may. `post` is the post of today."""

    id: UUID
    number: str
    name: str
    unit_id: UUID
    unit_name: str
    unit_path: str
    synthetic: bool
    active: bool
    post: PostView | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of a list of persons; `page` counts from 1."""

    people: tuple[PersonView, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """State of a person's account. `code_until`: a one-time code is out and good until then."""

    id: UUID
    username: str
    active: bool
    has_password: bool
    locked_until: datetime | None
    code_until: datetime | None
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role held by an account over a unit (`unit_path` "" is the whole installation)."""

    id: UUID
    account_id: UUID
    username: str
    person_id: UUID | None
    person_name: str
    role: Role
    unit_id: UUID | None
    unit_name: str
    unit_path: str


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """Everything the organiser's page of a person shows. Sensitive values come masked."""

    person: PersonView
    posts: tuple[PostView, ...]
    account: AccountView | None
    roles: tuple[RoleView, ...]
    identity_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A one-time code in plain text: exists only in this answer, to be handed to the person."""

    person_id: UUID
    number: str
    name: str
    unit_name: str
    username: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Outcome of a sign-in. `must_set_password`: a one-time code was proved, a password has to be set first."""

    account_id: UUID
    must_set_password: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One open sign-in of an account. `key` is a short name for it, not the session's secret."""

    key: str
    started_at: datetime
    device: str
    current: bool


class Scope(StrEnum):
    """What a token may be used for. A token never reaches further than the account it belongs to."""

    ME = "me"  # who am I
    UNITS = "units"  # units and groups in sums
    CAMPAIGNS = "campaigns"  # campaigns one manages or is invited to
    SITTINGS = "sittings"  # take one's own sittings
    RESULTS = "results"  # one's own results
    AUDIT = "audit"  # ends of audit chains


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it: all but the secret."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, with its secret, which can't be read again."""

    token: TokenView
    secret: str


class RequestKind(StrEnum):
    """What a person asks concerning his data."""

    CORRECTION = "correction"
    DELETION = "deletion"


class RequestState(StrEnum):
    OPEN = "open"
    DONE = "done"  # corrected, or deleted
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class DataRequestView:
    """A request about one's data as its person and those who decide see it. `answer` are the words of the decision."""

    id: UUID
    person_id: UUID
    number: str
    name: str
    unit_name: str
    synthetic: bool
    kind: RequestKind
    state: RequestState
    text: str
    answer: str
    asked_at: datetime
    decided_at: datetime | None
