"""Sign in, set the first password, my account."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shuyang.kernel.errors import Closed, Invalid, Problem
from shuyang.people import api as people
from shuyang.web.access import Request, next_address, signed_in
from shuyang.web.errors import error_words, words

_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "HarmonyOS", "Linux")
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chromium"), ("Safari/", "Safari"))


def device_of(request: Request) -> str:
    """A few words by which someone knows his own device again: browser and system."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def address_of(request: Request) -> str:
    """Where the request comes from; behind our own proxy that is the last address the proxy added."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SHUYANG_HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """One form for password and one-time code."""
    if request.actor.account_id is not None:
        return redirect(next_address(request))
    context = {"next": next_address(request, ""), "username": "", "problem": ""}
    if request.method == "GET":
        return render(request, "account/sign_in.html", context)
    typed, secret = request.POST.get("username", ""), request.POST.get("secret", "")
    try:
        done = people.sign_in(username=typed, secret=secret, address=address_of(request))
    except (people.WrongSignIn, people.TooManySignIns) as error:
        context |= {"username": typed, "problem": error_words(error)}
        return render(
            request, "account/sign_in.html", context, status=429 if isinstance(error, people.TooManySignIns) else 422
        )
    return _signed_in(request, done.account_id, must_set_password=done.must_set_password)


def _signed_in(request: Request, account_id: UUID, *, must_set_password: bool) -> HttpResponse:
    people.start_session(request.session, account_id, must_set_password=must_set_password, device=device_of(request))
    target = next_address(request)
    if must_set_password:
        request.session["next"] = target
        return redirect("set_password")
    return redirect(target)


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def set_password(request: Request) -> HttpResponse:
    """After a one-time code: choose the password. Until then one is signed in to nothing."""
    account_id = people.pending_account(request.session)
    if account_id is None:
        return redirect("sign_in")
    problems: list[str] = []
    if request.method == "POST":
        try:
            people.set_first_password(account_id=account_id, password=_twice(request))
        except Invalid as error:
            problems = [words(p) for p in error.problems]
        except Closed:
            request.session.flush()
            messages.error(request, _("The one-time code is no longer good. Ask your organiser for a new one."))
            return redirect("sign_in")
        else:
            return _first_time(request, account_id)
    return render(request, "account/set_password.html", {"problems": problems}, status=422 if problems else 200)


def _first_time(request: Request, account_id: UUID) -> HttpResponse:
    target = request.session.get("next", "/")
    request.session.flush()
    people.start_session(request.session, account_id, must_set_password=False, device=device_of(request))
    messages.success(request, _("Your password is set. Sign in with it from now on."))
    return redirect(target)


def _twice(request: Request) -> str:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Invalid([Problem("again", "password_twice")])
    return password


@sensitive_post_parameters("current", "password", "again")
@signed_in
@require_http_methods(["GET", "POST"])
def account(request: Request) -> HttpResponse:
    """My account: password and open sign-ins."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            people.change_password(
                actor=request.actor, current=request.POST.get("current", ""), password=_twice(request)
            )
        except Invalid as error:
            problems = {p.where: words(p) for p in reversed(error.problems)}
        else:
            account_id = people.own_account(actor=request.actor).id
            request.session.flush()
            people.start_session(request.session, account_id, must_set_password=False, device=device_of(request))
            messages.success(request, _("The password is changed. You are signed out on all other devices."))
            return redirect("account")
    actor = request.actor
    context = {
        "account": people.own_account(actor=actor),
        "person": people.person(actor=actor, person_id=actor.person_id) if actor.person_id else None,
        "sessions": people.sessions_of(actor=actor, current_key=request.session.session_key),
        "problems": problems,
        "mail": _mail(request),
    }
    return render(request, "account/account.html", context, status=422 if problems else 200)


def _mail(request: Request) -> str | None:
    """The own address for reminders; None where no mail is sent, or there is no person."""
    person_id = request.actor.person_id
    if not settings.SHUYANG_MAIL or person_id is None:
        return None
    return people.mail_addresses(person_ids=[person_id]).get(person_id, "")


@signed_in
@require_POST
def mail(request: Request) -> HttpResponse:
    """Keep or forget the address for reminders."""
    try:
        people.set_mail_address(actor=request.actor, address=request.POST.get("mail", ""))
    except Invalid as error:
        messages.error(request, words(error.problems[0]))
    else:
        kept = bool(request.POST.get("mail", "").strip())
        messages.success(request, _("The address is kept.") if kept else _("The address is forgotten."))
    return redirect("account")


@signed_in
@require_POST
def end_session(request: Request, key: str) -> HttpResponse:
    people.end_session(actor=request.actor, key=key)
    messages.success(request, _("That sign-in is ended."))
    return redirect("account")


@signed_in
@require_POST
def everywhere(request: Request) -> HttpResponse:
    people.sign_out_everywhere(actor=request.actor)
    request.session.flush()
    messages.success(request, _("You are signed out on all devices."))
    return redirect("sign_in")


@require_POST
def sign_out(request: Request) -> HttpResponse:
    request.session.flush()
    return redirect("sign_in")


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("set-password/", set_password, name="set_password"),
    path("sign-out/", sign_out, name="sign_out"),
    path("account/", account, name="account"),
    path("account/mail/", mail, name="mail_address"),
    path("account/everywhere/", everywhere, name="sign_out_everywhere"),
    path("account/sessions/<slug:key>/", end_session, name="end_session"),
]
