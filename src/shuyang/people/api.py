"""The door of `people`."""

from shuyang.people.contracts import (
    AccountView,
    IssuedCode,
    JobCategory,
    PeoplePage,
    PersonDetail,
    PersonView,
    PostView,
    RankLayer,
    RoleView,
    SessionView,
    SignedIn,
    UnitLine,
    UnitView,
)
from shuyang.people.queries.actors import actor_of
from shuyang.people.queries.persons import people_ids, people_in, person, persons, post_on, search
from shuyang.people.queries.units import unit, unit_tree, units_at
from shuyang.people.sessions import pending_account, signed_in_account

__all__ = [
    "AccountView", "IssuedCode", "JobCategory", "PeoplePage", "PersonDetail", "PersonView", "PostView", "RankLayer", "RoleView",
    "SessionView", "SignedIn", "UnitLine", "UnitView", "actor_of", "pending_account", "people_ids", "people_in", "person", "persons",
    "post_on", "search", "signed_in_account", "unit", "unit_tree", "units_at",
]
