"""A simulated sitting as one HTML file: every item as a person meets it, for reading and printing; it needs no server."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from django.template.loader import render_to_string

from shuyang.frameworks.api import Framework
from shuyang.packs.api import GivenItem, SimulatedSitting
from shuyang.web.item_view import item_context
from shuyang.web.pages.bank import TYPES
from shuyang.web.paper.svg import svg

_STYLES = ("css/shuyang.css", "css/sitting.css", "css/sheet.css")
_WIDTH, _HEIGHT = 640, 320


def sitting_sheet(sitting: SimulatedSitting, framework: Framework) -> str:
    """The file's text. It is marked as synthetic on every printed page and lists, at its end, what each item is."""
    static = files("shuyang.web").joinpath("static")
    layer = next(one.name for one in framework.rank_layers if one.id == sitting.rank_layer)
    context = {
        "sitting": sitting,
        "layer": layer,
        "types": TYPES,
        "style": "\n".join(static.joinpath(name).read_text("utf-8") for name in _STYLES),
        "minutes": round(sitting.seconds / 60),
        "full": sum(one.category == one.max_category for one in sitting.given),
        "forces": [
            {"name": one.name, "ability": sitting.abilities[one.id], "error": sitting.errors[one.id]}
            for one in framework.forces
        ],
        "items": [_item(number, given) for number, given in enumerate(sitting.given, 1)],
    }
    return render_to_string("bank/sheet.html", context)


def _item(number: int, given: GivenItem) -> dict[str, Any]:
    """Template context of one item: as on the page, charts drawn already."""
    found = item_context(given.shown) | {"number": number, "prefix": f"i{number}-", "given": given}
    for block in found["blocks"]:
        if block["kind"] == "chart":
            block["drawn"] = svg(block["chart"].option(), width=_WIDTH, height=_HEIGHT)
    return found
