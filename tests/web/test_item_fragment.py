"""The fast way of drawing an item draws what the templates draw."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from shuyang.delivery.api import ItemPage, page
from shuyang.itembank.api import presentation
from shuyang.packs.api import trial_items
from shuyang.web.item_fragment import item_fragment
from shuyang.web.item_view import item_context
from tests.delivery.world import World

KEY = uuid4()
ITEMS = {item.type: item for item in trial_items()}


def slow(shown: ItemPage) -> str:
    assert shown.presentation is not None
    context = {
        "sitting": shown.sitting,
        "key": KEY,
        "percent": 40,
        "csrf_token": "NOTPROVIDED",
        **item_context(shown.presentation),
    }
    html = render_to_string("sitting/item.html", context, RequestFactory().get("/"))
    return re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>', "", html)


@pytest.mark.parametrize("kind", sorted(ITEMS))
def test_it_draws_what_the_templates_draw(world: World, kind: Any) -> None:
    sitting = page(actor=world.learner, sitting_id=world.begin().id).sitting
    version, drawn = UUID(int=1 + sorted(ITEMS).index(kind)), set()
    for language in ("zh-hans", "en"):
        for seed, remaining in (("a", 12), ("b", 0), ("c", 3)):
            view = replace(sitting, remaining=remaining, position=1 + remaining, campaign_name="<b>活动</b>")
            shown = ItemPage(view, version, presentation(ITEMS[kind], seed))
            with translation.override(language):
                fast = item_fragment(shown, key=KEY, percent=40)
                assert fast == slow(shown)
                drawn.add(fast)
    assert len(drawn) == 6, "language, order or numbers show"


def test_it_keeps_items_apart(world: World) -> None:
    sitting = page(actor=world.learner, sitting_id=world.begin().id).sitting
    html = [
        item_fragment(ItemPage(sitting, uuid4(), presentation(item, "a")), key=KEY, percent=1)
        for item in ITEMS.values()
    ]
    assert len(set(html)) == len(ITEMS)
    assert not any("\ue000" <= character <= "\ue003" for one in html for character in one)
