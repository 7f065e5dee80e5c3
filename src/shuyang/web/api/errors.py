"""Errors as JSON: `{code, words, data, problems}`, from the one hierarchy, with the statuses that pages use."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shuyang.kernel.errors import Invalid, NotFound, Problem, ShuyangError, SignInNeeded
from shuyang.web.errors import error_body, status_of


class ProblemOut(Schema):
    """One thing wrong with the input: where, a stable code, and words for people."""

    where: str
    code: str
    words: str


class ErrorOut(Schema):
    """What went wrong. Programs go by `code`; `words` are for people, in the language of the request."""

    code: str
    words: str
    data: dict[str, Any] = {}
    problems: list[ProblemOut] = []


def body_of(error: ShuyangError) -> ErrorOut:
    return ErrorOut.model_validate(error_body(error))


def add_handlers(api: NinjaAPI) -> None:
    """Let every error of an operation leave as `ErrorOut`."""

    def reply(request: HttpRequest, error: ShuyangError, status: int | None = None) -> HttpResponse:
        return api.create_response(request, body_of(error), status=status or status_of(error))

    @api.exception_handler(ShuyangError)
    def _ours(request: HttpRequest, error: ShuyangError) -> HttpResponse:
        return reply(request, error)

    @api.exception_handler(ValidationError)
    def _shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return reply(request, Invalid([_problem(one) for one in error.errors]))

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = reply(request, SignInNeeded("neither a session nor a token with this scope"), 401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Http404)
    def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
        return reply(request, NotFound("no such thing"))

    @api.exception_handler(HttpError)
    def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == 403:  # the check against forged requests
            return reply(request, SignInNeeded("the X-CSRFToken header is missing or old"), 403)
        return reply(request, Invalid([Problem("body", "not_json")]), error.status_code)


def _problem(one: dict[str, Any]) -> Problem:
    """A problem of pydantic: where in the input, and of which kind."""
    where = ".".join(str(part) for part in one.get("loc", ()))
    return Problem(where, "wrong_value", (("kind", str(one.get("type", ""))),))
