"""The data of printed forms and of answer sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.delivery.api import CampaignView, PaperForm, SheetView
from shuyang.itembank.api import Chart, ItemType, Presentation
from shuyang.kernel.clock import today
from shuyang.web.item_view import block_context
from shuyang.web.paper.svg import svg

HOW = {
    ItemType.SINGLE: lambda: _("Write one letter."),
    ItemType.MULTIPLE: lambda: _("Write all letters that are right, such as ACD."),
    ItemType.ORDER: lambda: _("Write all letters in the right order, such as CADB."),
    ItemType.MATCH: lambda: _("Write number and letter of each pair, such as 1B2A."),
    ItemType.NUMBER: lambda: _("Write the number."),
}
_LIST = re.compile(r"^\s*- ", re.MULTILINE)


def booklet_data(campaign: CampaignView, form: PaperForm, organisation: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What the booklet's template reads, and the charts of its items as SVG by name."""
    pictures: dict[str, str] = {}
    items = [_item(number, shown, pictures) for number, shown in enumerate(form.items, 1)]
    data = {
        **_common(campaign, organisation),
        "letter": form.letter,
        "title": _("Question booklet, form %(letter)s") % {"letter": form.letter},
        "how": _("Write your answers on the answer sheet that carries the same form letter, not in this booklet."),
        "items": items,
    }
    return data, pictures


def sheets_data(
    campaign: CampaignView, forms: Sequence[PaperForm], sheets: Sequence[SheetView], organisation: str
) -> dict[str, Any]:
    """What the template of answer sheets reads: one page a sheet."""
    return {
        **_common(campaign, organisation),
        "title": _("Answer sheet"),
        "code": _("Sheet number"),
        "form": _("Form"),
        "number": _("Person number"),
        "name": _("Name"),
        "signature": _("Signature"),
        "consent": _("I have read the notice on personal data and agree that my answers are used for this assessment."),
        "how": _(
            "Write letters in capitals. Leave empty what you do not answer; it earns nothing and costs nothing more."
        ),
        "sheets": [
            {"code": f"{s.code[:4]}-{s.code[4:]}", "form": forms[s.form].letter, "items": len(forms[s.form].items)}
            for s in sheets
        ],
    }


def _common(campaign: CampaignView, organisation: str) -> dict[str, Any]:
    return {
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "organisation": organisation,
        "date": today().isoformat(),
        "campaign": campaign.name,
        "synthetic": _("Synthetic data") if campaign.synthetic else "",
        "secret": _("Confidential until the end of the campaign. Hand it back."),
        "page": _("Page"),
    }


def _item(number: int, shown: Presentation, pictures: dict[str, str]) -> dict[str, Any]:
    blocks = [_block(f"q{number}-{n}", n, block, pictures) for n, block in enumerate(shown.stimulus)]
    return {
        "number": number,
        "blocks": blocks,
        "stem": _plain(shown.stem),
        "how": str(HOW[shown.type]()) + (f"（{shown.unit}）" if shown.unit else ""),
        "options": [[chr(65 + n), _plain(o.text)] for n, o in enumerate(shown.options or shown.right)],
        "left": [[str(n), _plain(o.text)] for n, o in enumerate(shown.left, 1)],
    }


def _block(name: str, index: int, block: Any, pictures: dict[str, str]) -> dict[str, Any]:
    found = block_context(index, block)
    made: dict[str, Any] = {
        "kind": found["kind"],
        "title": block.title,
        "text": "",
        "columns": [],
        "rows": [],
        "picture": "",
    }
    if isinstance(block, Chart):
        pictures[name] = svg(found["chart"].option(), width=620, height=340)
        return made | {"picture": name, "note": _note(found)}
    if "columns" in found:
        columns, rows = [c["text"] for c in found["columns"]], [[c["text"] for c in row] for row in found["rows"]]
        return made | {"columns": columns, "rows": rows, "note": _note(found)}
    return made | {"text": _plain(block.body), "note": _("Made by AI") if found["kind"] == "ai" else ""}


def _note(found: dict[str, Any]) -> str:
    return " ".join(filter(None, (found.get("unit", ""), found.get("note", ""))))


def _plain(text: str) -> str:
    return _LIST.sub("• ", text.replace("**", ""))
