"""My tokens: with which programs act in my name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuyang.kernel.errors import Invalid
from shuyang.people.api import make_token, revoke_token, tokens_of
from shuyang.web.access import Request, signed_in
from shuyang.web.api.describing import SCOPES
from shuyang.web.errors import words

DAYS = (30, 90, 365)


@signed_in
@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponse:
    """The tokens that work, and the form for a new one. A new secret is shown in this reply and never again."""
    context: dict[str, Any] = {"problems": {}, "name": "", "chosen": [], "days": 90}
    if request.method == "POST":
        context |= _typed(request)
        try:
            context["made"] = make_token(
                actor=request.actor, name=context["name"], scopes=context["chosen"], days=context["days"]
            )
        except Invalid as error:
            context["problems"] = {p.where: words(p) for p in reversed(error.problems)}
    context |= {
        "tokens": [_shown(one) for one in tokens_of(actor=request.actor)],
        "scopes": [(scope.value, label) for scope, label in SCOPES.items()],
        "choices": DAYS,
    }
    return render(request, "account/tokens.html", context, status=422 if context["problems"] else 200)


def _typed(request: Request) -> dict[str, Any]:
    days = request.POST.get("days", "")
    return {
        "name": request.POST.get("name", ""),
        "chosen": request.POST.getlist("scopes"),
        "days": int(days) if days.isdecimal() and len(days) < 5 else 0,
    }


def _shown(token: Any) -> dict[str, Any]:
    return {"token": token, "scopes": [SCOPES[scope] for scope in token.scopes]}


@signed_in
@require_POST
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    revoke_token(actor=request.actor, token_id=token_id)
    messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("tokens")


urlpatterns = [path("", tokens, name="tokens"), path("<uuid:token_id>/revoke/", revoke, name="revoke_token")]
