"""Faulty items of a campaign: look one up, take it out or let it count again, see what that changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import error_words, words
from shuyang.web.words.live import RULINGS


@signed_in
@require_GET
def items(request: Request, campaign_id: UUID) -> HttpResponse:
    """Rulings so far; with `?item=` how that item went, and the form."""
    key = request.GET.get("item", "").strip()
    return _items(request, campaign_id, key)


def _items(request: Request, campaign_id: UUID, key: str, *, problems: dict[str, str] | None = None) -> HttpResponse:
    found, wrong = None, dict(problems or {})
    context: dict[str, Any] = {"rulings": delivery.rulings(actor=request.actor, campaign_id=campaign_id)}
    if key:
        try:
            found = delivery.item_in_campaign(actor=request.actor, campaign_id=campaign_id, item_key=key)
        except Invalid as error:
            wrong |= {p.where: words(p) for p in error.problems}
    campaign, may_enter = delivery.campaign_to_rule_on(actor=request.actor, campaign_id=campaign_id)
    context |= {
        "campaign": campaign,
        "may_enter": may_enter,
        "kinds": RULINGS,
        "key": key,
        "found": found,
        "problems": wrong,
        "typed": request.POST,
    }
    return render(request, "live/items.html", context, status=422 if wrong else 200)


@signed_in
@require_POST
def rule(request: Request, campaign_id: UUID) -> HttpResponse:
    """Rule on an item."""
    form, key = request.POST, request.POST.get("item", "")
    if form.get("kind") not in list(delivery.RulingKind):
        raise NotFound("no such ruling")
    try:
        made = delivery.rule_on_item(
            actor=request.actor,
            campaign_id=campaign_id,
            item_key=key,
            kind=delivery.RulingKind(form["kind"]),
            reason=form.get("reason", ""),
            everywhere=form.get("everywhere") == "yes",
        )
    except Invalid as error:
        return _items(request, campaign_id, key, problems={p.where: words(p) for p in error.problems})
    except Conflict as error:
        return _items(request, campaign_id, key, problems={"": error_words(error)})
    messages.success(request, _("Recorded for %(n)s campaigns; results are being computed anew.") % {"n": len(made)})
    return redirect("room_items", campaign_id=campaign_id)


urlpatterns = [
    path("<uuid:campaign_id>/items/", items, name="room_items"),
    path("<uuid:campaign_id>/items/rule/", rule, name="room_items_rule"),
]
