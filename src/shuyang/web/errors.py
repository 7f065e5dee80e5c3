"""Maps error codes to HTTP statuses and words. The only place that knows both."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuyang.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    ShuyangError,
    SignInNeeded,
    TooLarge,
    TooMany,
)
from shuyang.web import words as words_package

STATUS: tuple[tuple[type[ShuyangError], int], ...] = (
    (SignInNeeded, 401),
    (TooLarge, 413),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (TooMany, 429),
    (Invalid, 422),
)
HEADINGS = {
    401: gettext_lazy("Please sign in first"),
    403: gettext_lazy("You may not do this"),
    404: gettext_lazy("There is nothing here"),
    409: gettext_lazy("This has changed in the meantime"),
    413: gettext_lazy("That is too much at once"),
    422: gettext_lazy("Something in the input is not right"),
    429: gettext_lazy("Too many tries"),
    500: gettext_lazy("Something went wrong on our side"),
}
ADVICE = {
    401: gettext_lazy("Sign in, or send a token whose scope covers this."),
    403: gettext_lazy("Your role does not allow it. If it should, ask your organiser."),
    404: gettext_lazy("The address is wrong, the thing was removed, or it belongs to another unit."),
    405: gettext_lazy(
        "This address takes no request of this kind. The description of the interface says which it takes."
    ),
    409: gettext_lazy("Load the page again to see how things stand, then try once more."),
    413: gettext_lazy("Nothing was saved. An answer never needs so much; use the form on the page."),
    422: gettext_lazy("Go back, correct it, and send it again. Nothing was saved."),
    429: gettext_lazy("Wait a little and try again."),
    500: gettext_lazy("Nothing you saved is lost. Try again; if it stays, tell your organiser the time shown below."),
}


@cache
def _words() -> Mapping[str, str]:
    """Words of all areas, by problem code."""
    table: dict[str, str] = {}
    for module in iter_modules(words_package.__path__, f"{words_package.__name__}."):
        table.update(import_module(module.name).WORDS)
    return table


class _Values(dict[str, str]):
    """Values for a sentence; one that is missing leaves a gap instead of an error in place of the error."""

    def __missing__(self, name: str) -> str:
        return "…"


def words(problem: Problem) -> str:
    """What a problem says to the user, in his language. An unknown code is shown as it is, so that it gets noticed."""
    template = _words().get(problem.code)
    return str(template) % _Values(problem.values()) if template else problem.code


def error_words(error: ShuyangError) -> str:
    """Words for an error without problems of its own; empty when only the general advice applies."""
    template = _words().get(error.code)
    return str(template) % _Values({k: str(v) for k, v in error.data.items()}) if template else ""


def status_of(error: ShuyangError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def error_body(error: ShuyangError) -> dict[str, Any]:
    """An error as programs read it: `{code, words, data, problems}`."""
    found = error.problems if isinstance(error, Invalid) else ()
    return {
        "code": error.code,
        "words": error_words(error) or str(ADVICE.get(status_of(error), "")),
        "data": {name: str(value) for name, value in error.data.items()},
        "problems": [{"where": p.where, "code": p.code, "words": words(p)} for p in found],
    }


def error_response(request: HttpRequest, error: ShuyangError) -> HttpResponse:
    status = status_of(error)
    if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(error_body(error), status=status)
    problems = [words(p) for p in error.problems] if isinstance(error, Invalid) else []
    return error_page(request, status, said=error_words(error), problems=problems)


def error_page(request: HttpRequest, status: int, *, said: str = "", problems: list[str] | None = None) -> HttpResponse:
    known = status if status in HEADINGS else 422
    context = {
        "heading": HEADINGS[known],
        "advice": ADVICE[known],
        "said": said,
        "problems": problems or [],
        "status": status,
    }
    return render(request, "base/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django itself refuses before a view is asked: a body beyond the limit, a host it does not know."""
    large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return error_response(request, TooLarge("the body is too large") if large else Invalid())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, NotFound("no such page"))


def method_not_allowed(refusal: HttpResponse) -> HttpResponse:
    """The same refusal of a method, with the methods that are allowed, as programs read it."""
    return JsonResponse(_bare("method_not_allowed", 405), status=405, headers={"Allow": refusal.headers["Allow"]})


def _bare(code: str, status: int) -> dict[str, Any]:
    return {"code": code, "words": str(ADVICE[status]), "data": {}, "problems": []}


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(_bare("unexpected", 500), status=500)
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from an old page: the answer says how to go on."""
    return error_page(
        request, 403, said=_("The page was open for too long. Load it again and send the form once more.")
    )
