"""What the columns of a given table mean: in the scenario's own words, else in those of the city's data dictionary. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shuyang.practice.city.api import TABLES, Field
from shuyang.practice.spec import TableAbout


def meanings(about: TableAbout, columns: Sequence[str]) -> Mapping[str, str]:
    """The meaning of each column; "" where nobody says it."""
    fields: dict[str, Field] = {}
    for table in about.of:
        for field in TABLES[table].fields:
            fields.setdefault(field.name, field)
    return {name: about.columns.get(name) or (_words(fields[name]) if name in fields else "") for name in columns}


def _words(field: Field) -> str:
    """Title, unit, meaning where it says more, and whether it may be empty."""
    more = "" if field.meaning in ("", field.title) else f"：{field.meaning}"
    unit = f"（{field.unit}）" if field.unit else ""
    empty = "；可空" if field.optional and "为空" not in more else ""
    return f"{field.title}{unit}{more}{empty}"
