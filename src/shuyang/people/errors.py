"""Errors of signing in."""

from __future__ import annotations

from shuyang.kernel.errors import Invalid, TooMany


class WrongSignIn(Invalid):
    """Name and secret don't fit. Says the same for a name nobody has, so that names can't be tried out."""

    code = "wrong_sign_in"


class TooManySignIns(TooMany):
    """Sign-in is blocked for a while, for this name or from this address; `data["minutes"]` says how long."""

    code = "too_many_sign_ins"
