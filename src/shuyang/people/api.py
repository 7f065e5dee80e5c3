"""The door of `people`."""

from shuyang.people.contracts import (
    AccountView,
    DataRequestView,
    IssuedCode,
    JobCategory,
    NewToken,
    PeoplePage,
    PersonDetail,
    PersonView,
    PostView,
    RankLayer,
    RequestKind,
    RequestState,
    RoleView,
    Scope,
    SessionView,
    SignedIn,
    TokenView,
    UnitLine,
    UnitSurroundings,
    UnitView,
)
from shuyang.people.errors import TooManySignIns, WrongSignIn
from shuyang.people.importing.contracts import Counts, Field, ImportState, ImportView, Reading, RowReport, SheetHead
from shuyang.people.importing.queries import import_view, imports, rejected_rows
from shuyang.people.importing.services import accept as accept_import
from shuyang.people.importing.services import check as check_import
from shuyang.people.importing.services import discard as discard_import
from shuyang.people.importing.services import head as import_head
from shuyang.people.importing.services import run_check as run_import_check
from shuyang.people.importing.services import run_write as run_import_write
from shuyang.people.importing.services import stop as stop_import
from shuyang.people.importing.services import upload as upload_import
from shuyang.people.importing.sheets import TextBook, codes_workbook, rejected_workbook, template_workbook
from shuyang.people.importing.workbook import Roster, address, column_letters
from shuyang.people.queries.accounts import account_names, own_account, person_detail, roles, without_password
from shuyang.people.queries.actors import actor_of, actor_of_session
from shuyang.people.queries.persons import people_ids, people_in, person, person_by_number, persons, post_on, search
from shuyang.people.queries.requests import own_requests, requests_to_decide
from shuyang.people.queries.selecting import ages, people_below, persons_by_number
from shuyang.people.queries.units import unit, unit_tree, units_around, units_at, units_on_top
from shuyang.people.rules import clean_code, clean_number, printed_code
from shuyang.people.services.codes import entry_account, entry_accounts, issue_codes, new_code, reset_sign_in
from shuyang.people.services.demo import make_demo_people
from shuyang.people.services.demo_accounts import open_demo_accounts
from shuyang.people.services.mail import mail_addresses, set_mail_address
from shuyang.people.services.persons import (
    add_person,
    change_post,
    correct_person,
    deactivate_person,
    reactivate_person,
)
from shuyang.people.services.requests import ask_about_data, decide_request, take_back_request
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
from shuyang.people.services.tokens import actor_of_token, make_token, revoke_token, tokens_of
from shuyang.people.services.tries import count_failure, refuse_if_locked
from shuyang.people.services.units import add_unit, merge_units, rename_unit
from shuyang.people.sessions import pending_account, signed_in_account
from shuyang.people.sessions import start as start_session

__all__ = [
    "AccountView",
    "Counts",
    "DataRequestView",
    "Field",
    "ImportState",
    "ImportView",
    "IssuedCode",
    "JobCategory",
    "NewToken",
    "PeoplePage",
    "PersonDetail",
    "PersonView",
    "PostView",
    "RankLayer",
    "Reading",
    "RequestKind",
    "RequestState",
    "RoleView",
    "Roster",
    "RowReport",
    "Scope",
    "SessionView",
    "SheetHead",
    "SignedIn",
    "TextBook",
    "TokenView",
    "TooManySignIns",
    "UnitLine",
    "UnitSurroundings",
    "UnitView",
    "WrongSignIn",
    "accept_import",
    "account_names",
    "actor_of",
    "actor_of_session",
    "actor_of_token",
    "add_person",
    "add_unit",
    "address",
    "ages",
    "ask_about_data",
    "change_password",
    "change_post",
    "check_import",
    "clean_code",
    "clean_number",
    "codes_workbook",
    "column_letters",
    "correct_person",
    "count_failure",
    "create_administrator",
    "deactivate_person",
    "decide_request",
    "discard_import",
    "end_session",
    "entry_account",
    "entry_accounts",
    "grant_role",
    "has_administrator",
    "import_head",
    "import_view",
    "imports",
    "issue_codes",
    "mail_addresses",
    "make_demo_people",
    "make_token",
    "merge_units",
    "new_code",
    "open_demo_accounts",
    "own_account",
    "own_requests",
    "pending_account",
    "people_below",
    "people_ids",
    "people_in",
    "person",
    "person_by_number",
    "person_detail",
    "persons",
    "persons_by_number",
    "post_on",
    "printed_code",
    "reactivate_person",
    "refuse_if_locked",
    "rejected_rows",
    "rejected_workbook",
    "rename_unit",
    "requests_to_decide",
    "reset_sign_in",
    "revoke_role",
    "revoke_token",
    "roles",
    "run_import_check",
    "run_import_write",
    "search",
    "sessions_of",
    "set_first_password",
    "set_mail_address",
    "sign_in",
    "sign_out_everywhere",
    "signed_in_account",
    "start_session",
    "stop_import",
    "take_back_request",
    "template_workbook",
    "tokens_of",
    "unit",
    "unit_tree",
    "units_around",
    "units_at",
    "units_on_top",
    "upload_import",
    "without_password",
]  # fmt: skip
