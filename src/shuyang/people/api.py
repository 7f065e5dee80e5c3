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
from shuyang.people.errors import TooManySignIns, WrongSignIn
from shuyang.people.queries.accounts import own_account, person_detail, roles
from shuyang.people.queries.actors import actor_of
from shuyang.people.queries.persons import people_ids, people_in, person, persons, post_on, search
from shuyang.people.queries.units import unit, unit_tree, units_at
from shuyang.people.services.codes import issue_codes, reset_sign_in
from shuyang.people.services.demo import make_demo_people
from shuyang.people.services.persons import (
    add_person,
    change_post,
    correct_person,
    deactivate_person,
    reactivate_person,
)
from shuyang.people.services.roles import grant_role, revoke_role
from shuyang.people.services.setup import create_administrator, has_administrator
from shuyang.people.services.signing import (
    change_password,
    end_session,
    sessions_of,
    set_first_password,
    sign_in,
    sign_out_everywhere,
)
from shuyang.people.services.units import add_unit, merge_units, rename_unit
from shuyang.people.sessions import pending_account, signed_in_account
from shuyang.people.sessions import start as start_session

__all__ = [
    "AccountView",
    "IssuedCode",
    "JobCategory",
    "PeoplePage",
    "PersonDetail",
    "PersonView",
    "PostView",
    "RankLayer",
    "RoleView",
    "SessionView",
    "SignedIn",
    "TooManySignIns",
    "UnitLine",
    "UnitView",
    "WrongSignIn",
    "actor_of",
    "add_person",
    "add_unit",
    "change_password",
    "change_post",
    "correct_person",
    "create_administrator",
    "deactivate_person",
    "end_session",
    "grant_role",
    "has_administrator",
    "issue_codes",
    "make_demo_people",
    "merge_units",
    "own_account",
    "pending_account",
    "people_ids",
    "people_in",
    "person",
    "person_detail",
    "persons",
    "post_on",
    "reactivate_person",
    "rename_unit",
    "reset_sign_in",
    "revoke_role",
    "roles",
    "search",
    "sessions_of",
    "set_first_password",
    "sign_in",
    "sign_out_everywhere",
    "signed_in_account",
    "start_session",
    "unit",
    "unit_tree",
    "units_at",
]
