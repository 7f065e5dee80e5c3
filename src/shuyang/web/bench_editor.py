"""What the SQL editor is told: the tables with the meanings of their columns, functions in words, its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from shuyang.practice import api as practice


def editor_context(tables: Sequence[practice.Given], nonce: str) -> dict[str, Any]:
    """`nonce`: by which the editor may add its style sheet."""
    return {
        "nonce": nonce,
        "tables": [_table(table) for table in tables],
        "functions": _functions(),
        "phrases": {"Completions": _("Completions")},
    }


def _table(table: practice.Given) -> dict[str, Any]:
    columns = [{"name": c.name, "kind": c.kind, "title": c.title, "meaning": c.meaning} for c in table.columns]
    return {"name": table.name, "title": table.title, "about": table.about, "columns": columns}


def _functions() -> list[tuple[str, str]]:
    return [
        ("count", _("how many")),
        ("sum", _("sum")),
        ("avg", _("mean")),
        ("median", _("median")),
        ("min", _("smallest")),
        ("max", _("largest")),
        ("round", _("rounded")),
        ("abs", _("without sign")),
        ("coalesce", _("the first value that is not missing")),
        ("nullif", _("missing where equal")),
        ("cast", _("as another type")),
        ("try_cast", _("as another type, missing where impossible")),
        ("row_number", _("number within a group")),
        ("rank", _("rank within a group")),
        ("lag", _("value of the row before")),
        ("lead", _("value of the row after")),
        ("date_diff", _("time between two dates")),
        ("date_trunc", _("beginning of the month, week or day")),
        ("month", _("month")),
        ("year", _("year")),
        ("strftime", _("a date as text")),
        ("substring", _("part of a text")),
        ("length", _("length of a text")),
        ("contains", _("contains")),
        ("regexp_matches", _("fits a pattern")),
        ("replace", _("text replaced")),
        ("trim", _("without blanks at the ends")),
        ("lower", _("in lower case")),
        ("string_agg", _("texts joined")),
    ]
