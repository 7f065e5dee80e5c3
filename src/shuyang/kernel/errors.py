"""The one error hierarchy.

An error carries a stable `code` and plain `data`; it holds no HTTP status and no words for the user.
The web maps codes to status and words (`shuyang.web.errors`), the command line prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


class ShuyangError(Exception):
    """Base of every error this product raises on purpose.

    `message` is for developers and logs (English); users read the words that belong to `code`.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "", **data: Any) -> None:
        super().__init__(message or self.code)
        self.message = message or self.code
        self.data: dict[str, Any] = data

    def to_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "data": self.data}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where (field name, cell address, path), a code, and values for its words."""

    where: str
    code: str
    data: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, str]:
        return dict(self.data)


class Invalid(ShuyangError):
    """The input can't be accepted; nothing was written. `problems` says what and where."""

    code = "invalid"

    def __init__(self, problems: Sequence[Problem] = (), message: str = "", **data: Any) -> None:
        self.problems = tuple(problems)
        super().__init__(message or "; ".join(f"{p.where}: {p.code}" for p in self.problems), **data)

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"problems": [asdict(p) for p in self.problems]}


class NotFound(ShuyangError):
    """No such thing, or none that this actor may know of (the two are not told apart on purpose)."""

    code = "not_found"


class Forbidden(ShuyangError):
    """The actor may see the thing but not do this with it."""

    code = "forbidden"


class SignInNeeded(ShuyangError):
    """Nobody acts: neither a session nor a token that fits."""

    code = "sign_in_needed"


class TooLarge(ShuyangError):
    """More was sent than is ever needed."""

    code = "body_too_large"


class Conflict(ShuyangError):
    """The state changed, or the request contradicts what is already recorded."""

    code = "conflict"


class Closed(Conflict):
    """The time for this has passed, or it was ended."""

    code = "closed"


class TooMany(ShuyangError):
    """Too many tries; `data["seconds"]` says when to come back."""

    code = "too_many"


class Tampered(ShuyangError):
    """Stored evidence does not verify."""

    code = "tampered"
