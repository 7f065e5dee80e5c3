"""Tables of the room, gathered where Django looks for them."""

from shuyang.people.tables.accounts import Account, FailedSignIn, MailAddress, OneTimeCode, RoleGrant, SignInSession
from shuyang.people.tables.imports import ImportBatch, ImportPart
from shuyang.people.tables.persons import Person, Post
from shuyang.people.tables.requests import DataRequest
from shuyang.people.tables.tokens import ApiToken
from shuyang.people.tables.units import Unit

__all__ = [
    "Account",
    "ApiToken",
    "DataRequest",
    "FailedSignIn",
    "ImportBatch",
    "ImportPart",
    "MailAddress",
    "OneTimeCode",
    "Person",
    "Post",
    "RoleGrant",
    "SignInSession",
    "Unit",
]
