"""Enter an access code. A personal one signs its person in; for the room's one signs in first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Invalid, TooMany
from shuyang.people.api import start_session
from shuyang.web.access import Request
from shuyang.web.errors import error_words, words
from shuyang.web.pages.account import address_of, device_of


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """The form, and where the code leads."""
    code, problem, status = request.POST.get("code", "")[:40], "", 200
    if request.method == "POST":
        try:
            return _entered(request, code)
        except Invalid as error:
            problem, status = words(error.problems[0]), 422
        except TooMany as error:
            problem, status = error_words(error), 429
    return render(request, "campaigns/enter.html", {"problem": problem, "code": code}, status=status)


def _entered(request: Request, code: str) -> HttpResponse:
    entered = delivery.enter(actor=request.actor, code=code, address=address_of(request))
    if entered.sign_in_first:
        messages.info(request, _("The code is good. Please sign in, then enter it once more."))
        return redirect("/sign-in/?next=/enter/")
    if entered.account_id is not None:
        start_session(request.session, entered.account_id, must_set_password=False, device=device_of(request))
    return redirect("start", campaign_id=entered.campaign_id)


urlpatterns = [path("enter/", enter, name="enter")]
