"""The sitting: how it works and consent, the trial, the items one by one, the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.evidence.api import estimate_of
from shuyang.itembank.api import ReportReason, grade, normalise, presentation, report_item
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.kernel.ids import parse_id
from shuyang.packs.api import trial_items
from shuyang.web.access import Request, signed_in
from shuyang.web.answer_size import check_size
from shuyang.web.consent import consent, consented, terms_of
from shuyang.web.errors import error_words, words
from shuyang.web.item_fragment import item_fragment
from shuyang.web.item_view import item_context, read_answer, solution
from shuyang.web.pages.integrity import device_of

REASONS = {
    ReportReason.UNCLEAR: _("The wording is unclear"),
    ReportReason.WRONG: _("The expected answer may be wrong"),
    ReportReason.NO_ANSWER: _("No answer fits"),
    ReportReason.DISPLAY: _("It is not displayed properly"),
    ReportReason.OUTDATED: _("The content is out of date"),
    ReportReason.OTHER: _("Something else"),
}


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: Request, campaign_id: UUID) -> HttpResponse:
    """What will happen, the consent, and the button that begins."""
    invitation = _invitation(request, campaign_id)
    if invitation.sitting is not None and not _may_go_again(invitation):
        return redirect("sitting", sitting_id=invitation.sitting.id)
    if request.actor.person_id is None:
        raise NotFound("only a person can take a sitting")
    if not invitation.admitted:
        return redirect("enter")
    granted = delivery.accommodation_of(campaign_id=campaign_id, person_id=request.actor.person_id)
    terms = terms_of(invitation.campaign)
    agreed = consented(request.actor, terms)
    problems: dict[str, str] = {}
    if request.method == "POST":
        read = request.POST.get("terms", terms.key) == terms.key
        if not agreed and not (read and request.POST.get("consent") == "yes"):
            problems["consent"] = words(Problem("consent", "consent_needed"))
        else:
            if not agreed:
                consent(request.actor, terms)
            if request.POST.get("then") == "trial":
                return redirect("trial", campaign_id=campaign_id, number=1)
            try:
                begun = delivery.begin(actor=request.actor, campaign_id=campaign_id, attempt=_attempt(invitation))
                return redirect("sitting", sitting_id=begun.id)
            except delivery.RoomPaused as error:
                problems["room"] = error_words(error)
                agreed = True
    context = {
        "campaign": invitation.campaign,
        "consented": agreed,
        "terms": terms,
        "problems": problems,
        "limits": _limits(invitation.campaign, granted.time_factor),
        "invitation": invitation,
        "kind": delivery.kind(campaign=invitation.campaign),
        "granted": granted,
        **_type_size(granted.large_type),
    }
    return render(
        request, "sitting/start.html", context, status=409 if "room" in problems else 422 if problems else 200
    )


def _may_go_again(invitation: delivery.Invitation) -> bool:
    return invitation.again_from is not None and invitation.again_from <= now()


def _attempt(invitation: delivery.Invitation) -> int:
    """Which attempt the start page begins: sent twice, it begins one."""
    return invitation.sitting.attempt + 1 if invitation.sitting else 1


def _type_size(large: bool) -> dict[str, bool]:
    """Larger type where it is granted; else as the person has switched it."""
    return {"large_type": True} if large else {}


def _invitation(request: Request, campaign_id: UUID) -> delivery.Invitation:
    for invitation in delivery.invitations(actor=request.actor):
        if invitation.campaign.id == campaign_id:
            return invitation
    raise NotFound("no such campaign")


def _limits(campaign: delivery.CampaignView, time_factor: float) -> dict[str, Any]:
    blueprint = delivery.blueprint(campaign=campaign)
    return {
        "max_items": blueprint.max_items,
        "min_items": blueprint.min_items,
        "minutes": int((blueprint.max_seconds or 0) * time_factor // 60),
    }


@signed_in
@require_http_methods(["GET", "POST"])
def trial(request: Request, campaign_id: UUID, number: int) -> HttpResponse:
    """One trial item; after an answer the solution and how the type is scored. Nothing is stored."""
    campaign = _invitation(request, campaign_id).campaign
    items = trial_items()
    if not 1 <= number <= len(items):
        raise NotFound("no such trial item")
    content = items[number - 1]
    context: dict[str, Any] = {
        "campaign": campaign,
        "number": number,
        "total": len(items),
        "last": number == len(items),
        "trial": True,
    }
    if request.method == "POST":
        raw = read_answer(content.type, request.POST)
        try:
            response = normalise(content, raw)
            context |= {"grade": grade(content, response), "solution": solution(content), "feedback": content.feedback}
        except Invalid as error:
            context["problem"] = words(error.problems[0])
        context["chosen"] = raw
    context |= item_context(presentation(content, "trial"), context.get("chosen"))
    return render(request, "sitting/trial.html", context, status=422 if "problem" in context else 200)


@signed_in
@require_GET
def sitting(request: Request, sitting_id: UUID) -> HttpResponse:
    """The item at hand, or where to go when there is none."""
    page = delivery.page(actor=request.actor, sitting_id=sitting_id)
    if page.presentation is None:
        return _over(request, page)
    if not delivery.claim_device(actor=request.actor, sitting_id=sitting_id, device=device_of(request)):
        return render(request, "integrity/other_device.html", {"sitting_id": sitting_id})
    return render(request, "sitting/sitting.html", _item_page(page))


def _over(request: Request, page: delivery.ItemPage) -> HttpResponse:
    if page.sitting.paused_by:
        return render(request, "live/paused.html", {"sitting": page.sitting})
    if page.sitting.estimate_id is None:
        return render(request, "sitting/void.html", {"sitting": page.sitting})
    if estimate_of(actor=request.actor, source="delivery", source_id=page.sitting.id) is not None:
        return redirect("result", estimate_id=page.sitting.estimate_id)
    campaign = _invitation(request, page.sitting.campaign_id).campaign
    return render(request, "sitting/sealed.html", {"sitting": page.sitting, "campaign": campaign})


def _item_page(page: delivery.ItemPage, **more: Any) -> dict[str, Any]:
    assert page.presentation is not None
    return {
        "sitting": page.sitting,
        "key": uuid4(),
        "percent": _percent(page.sitting),
        **item_context(page.presentation),
        **_type_size(page.sitting.large_type),
        **more,
    }


def _percent(shown: delivery.SittingView) -> int:
    return 100 * shown.answered // max(shown.answered + shown.remaining, 1)


@signed_in
@require_POST
def answer(request: Request, sitting_id: UUID) -> HttpResponse:
    """Take an answer; reply with the next item as a fragment (script) or a redirect (no script)."""
    check_size(request, sitting_id)
    position, key = _place(request)
    raw = read_answer(request.POST.get("type", ""), request.POST)
    try:
        outcome = delivery.answer(
            actor=request.actor, sitting_id=sitting_id, position=position, key=key, raw=raw, device=device_of(request)
        )
    except delivery.OtherDevice:
        return _elsewhere(request, sitting_id)
    except Invalid as error:
        return _refused(request, sitting_id, words(error.problems[0]), status=422, keep=True)
    except Conflict as error:
        return _refused(request, sitting_id, error_words(error), status=409)
    return _next(request, outcome.page)


def _elsewhere(request: Request, sitting_id: UUID) -> HttpResponse:
    """The sitting goes on elsewhere: the page that says so, and asks whether to go on here."""
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect("sitting", sitting_id=sitting_id)
    return HttpResponse(status=204, headers={"X-Next": f"/sitting/{sitting_id}/"})


def _place(request: Request) -> tuple[int, UUID]:
    """Position and key of the form. A forged or broken one is an invalid request, never a crash."""
    key, position = parse_id(request.POST.get("key", "")), request.POST.get("position", "")
    if key is None or not position.isdecimal() or len(position) > 4:
        raise Invalid([Problem("position", "broken_form")])
    return int(position), key


def _next(request: Request, page: delivery.ItemPage) -> HttpResponse:
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect("sitting", sitting_id=page.sitting.id)
    if page.presentation is None:
        response = HttpResponse(status=204)
        response.headers["X-Next"] = f"/sitting/{page.sitting.id}/"
        return response
    return HttpResponse(item_fragment(page, key=uuid4(), percent=_percent(page.sitting)))


def _refused(request: Request, sitting_id: UUID, said: str, *, status: int, keep: bool = False) -> HttpResponse:
    """The answer was not taken: say why, on the item at hand. `keep`: what was typed stays on the screen."""
    page = delivery.page(actor=request.actor, sitting_id=sitting_id)
    if page.presentation is None:
        return _next(request, page)
    more: dict[str, Any] = {"problem": said}
    if keep:
        more |= {
            "key": request.POST["key"],
            **item_context(page.presentation, read_answer(page.presentation.type, request.POST)),
        }
    template = "sitting/item.html" if request.headers.get("X-Requested-With") == "fetch" else "sitting/sitting.html"
    return render(request, template, _item_page(page) | more, status=status)


@signed_in
@require_POST
def end(request: Request, sitting_id: UUID) -> HttpResponse:
    """Hand in early."""
    delivery.end_by_person(actor=request.actor, sitting_id=sitting_id)
    return redirect("sitting", sitting_id=sitting_id)


@signed_in
@require_http_methods(["GET", "POST"])
def report(request: Request, sitting_id: UUID) -> HttpResponse:
    """Report the item at hand; it goes to the people who keep the bank."""
    page = delivery.page(actor=request.actor, sitting_id=sitting_id)
    if page.item_version_id is None:
        raise NotFound("no item at hand")
    if request.method == "GET":
        return render(request, "sitting/report.html", {"sitting": page.sitting, "reasons": REASONS})
    reason, text = request.POST.get("reason", ""), request.POST.get("text", "")
    try:
        report_item(
            actor=request.actor, version_id=page.item_version_id, sitting_id=sitting_id, reason=reason, text=text
        )
    except Invalid as error:
        context = {
            "problem": words(error.problems[0]),
            "sitting": page.sitting,
            "reasons": REASONS,
            "reason": reason,
            "text": text,
        }
        return render(request, "sitting/report.html", context, status=422)
    return render(request, "sitting/reported.html")


urlpatterns = [
    path("<uuid:sitting_id>/answer/", answer, name="answer"),  # first: asked for most
    path("start/<uuid:campaign_id>/", start, name="start"),
    path("trial/<uuid:campaign_id>/<int:number>/", trial, name="trial"),
    path("<uuid:sitting_id>/", sitting, name="sitting"),
    path("<uuid:sitting_id>/end/", end, name="end"),
    path("<uuid:sitting_id>/report/", report, name="report"),
]
