"""Which pages need a signed-in person."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from shuyang.people.api import pending_account
from shuyang.trust.api import Actor

P = ParamSpec("P")


class Request(HttpRequest):
    """A request as views see it: the middleware has set who acts."""

    actor: Actor


View = Callable[Concatenate[Request, P], HttpResponse]
SIGN_IN, SET_PASSWORD = "/sign-in/", "/set-password/"


def signed_in(view: View[P]) -> View[P]:
    """Send whoever is not signed in to the sign-in page (and back afterwards), or on to set the password first."""

    @wraps(view)
    def guarded(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.account_id is not None:
            return view(request, *args, **kwargs)
        return _to_sign_in(request)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "fetch":  # a script must not take our redirect for a stranger's
        return HttpResponse(status=401)
    if pending_account(request.session) is not None:
        return HttpResponseRedirect(SET_PASSWORD)
    target = f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else SIGN_IN
    if request.headers.get("HX-Request"):  # a fragment can't show the form: the whole page goes there
        return HttpResponse(status=204, headers={"HX-Redirect": SIGN_IN})
    return HttpResponseRedirect(target)


def next_address(request: HttpRequest, default: str = "/") -> str:
    """Where to go after signing in: a page of ours, never another host."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if safe else default
