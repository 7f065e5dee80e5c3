"""What is stored about a person, in words: for the page, and for the file he takes away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shuyang.kernel.clock import BEIJING, now
from shuyang.trust.api import Records, public_key_pem
from shuyang.web.words.my_data import ACTIONS, FIELDS, TABLES

SHOWN_ROWS, SHOWN_TEXT = 20, 160
_ROOMS = ("people", "evidence", "feedback", "delivery", "learning", "itembank", "trust")  # as a person asks about them
_TELLING = {"direct", "result", "sensitive"}
_CODES: Mapping[str, Mapping[Any, Any]] = {"action": ACTIONS}  # stored codes that have words
_ALSO = ("created_at", "purpose", "facet", "action", "at", "text_version")


def groups(records: Sequence[Records], *, rows: int = SHOWN_ROWS) -> list[dict[str, Any]]:
    """One group a table: what it is, what for, how much, and the first rows in words."""
    return [_group(one, rows) for one in sorted(records, key=_place)]


def _place(one: Records) -> int:
    return _ROOMS.index(one.room) if one.room in _ROOMS else len(_ROOMS)


def _group(one: Records, rows: int) -> dict[str, Any]:
    title, purpose = TABLES.get(f"{one.room}.{one.table}", (f"{one.room}.{one.table}", ""))
    columns = _columns(one)
    return {
        "id": f"{one.room}-{one.table}".lower(),
        "title": title,
        "purpose": purpose,
        "count": len(one.rows) + one.hidden,
        "hidden": one.hidden,
        "secret": bool(one.secret),
        "kept": one.kept,
        "columns": [FIELDS.get(name, name) for name in columns],
        "rows": [[_cell(name, row[name]) for name in columns] for row in one.rows[-rows:]],
        "more": max(0, len(one.rows) - rows),
    }


def _columns(one: Records) -> list[str]:
    """Fields that tell something; keys and technical fields stand in the export only."""
    names = list(one.rows[0]) if one.rows else []
    return [n for n in names if one.words[n] in _TELLING or n in _ALSO]


def _cell(name: str, value: Any) -> str:
    """A value of a column; codes that have words are said in words."""
    codes = _CODES.get(name)
    return words_of(codes.get(value, value) if codes else value)


def words_of(value: Any) -> str:
    """A stored value as short text."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…"


def archive(records: Sequence[Records], *, name: str, receipts: Iterable[Mapping[str, Any]]) -> bytes:
    """A ZIP with everything as JSON, a page to read, and each receipt as a file of its own with the public key."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("data.json", json.dumps(_document(records, name), ensure_ascii=False, indent=1, default=_plain))
        page = {"groups": groups(records, rows=10**6), "name": name, "at": now()}
        made.writestr("index.html", render_to_string("my_data/export.html", page))
        for number, receipt in enumerate(receipts, 1):
            made.writestr(f"receipts/receipt-{number}.json", json.dumps(receipt, ensure_ascii=False, indent=1))
        made.writestr("receipts/shuyang-public-key.pem", public_key_pem())
    return out.getvalue()


def _document(records: Sequence[Records], name: str) -> dict[str, Any]:
    tables = {
        f"{one.room}.{one.table}": {
            "fields": {field: word for field, word in one.words.items() if field not in one.secret},
            "not_exported": list(one.secret),
            "not_yet_shown": one.hidden,
            "stays_after_deletion": one.kept,
            "rows": list(one.rows),
        }
        for one in records
    }
    return {"kind": "shuyang-personal-data", "version": 1, "name": name, "at": now(), "tables": tables}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
