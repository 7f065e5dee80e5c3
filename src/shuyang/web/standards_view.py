"""A standard setting as form and as Excel: ratings in, template out."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import QueryDict
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shuyang.delivery.api import BOUNDARIES, Method, SettingView
from shuyang.kernel.errors import Invalid, Problem
from shuyang.web.result_view import names

MOST_BYTES = 2 * 1024 * 1024


def rated_rows(view: SettingView, name: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a judge rates: items (Angoff), or one line a force with its booklet (bookmark)."""
    if view.method == Method.ANGOFF:
        return [
            {"id": i.id, "label": i.key, "about": f"{name[i.force]} · {name.get(i.facet, i.facet)}"} for i in view.items
        ]
    pages = {f: [i for i in view.items if i.force == f] for f in view.forces}
    return [
        {"id": f, "label": name[f], "about": _("%(n)s pages") % {"n": len(found)}, "pages": found}
        for f, found in pages.items()
    ]


def typed_ratings(view: SettingView, form: QueryDict) -> dict[str, list[str]]:
    """One judge's ratings from the form."""
    ids = {i.id for i in view.items} if view.method == Method.ANGOFF else set(view.forces)
    return {id_: [form.get(f"{id_}-{k}", "") for k in range(1, BOUNDARIES + 1)] for id_ in ids}


def template(view: SettingView) -> bytes:
    """An empty workbook for one judge after another: judge, item or force, four numbers."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet(_("Ratings"))
    heads = [_("Judge"), _("Item or force"), *(f"L{k}|L{k + 1}" for k in range(1, BOUNDARIES + 1))]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head)
    for line, row in enumerate(rated_rows(view, names_here()), 1):
        sheet.write_string(line, 0, _("Judge 1"))
        sheet.write_string(line, 1, row["label"])
    book.close()
    return stream.getvalue()


def names_here() -> dict[str, str]:
    from shuyang.frameworks.api import current

    return names(current())


def read_workbook(view: SettingView, data: bytes) -> dict[str, dict[str, list[Any]]]:
    """Ratings by judge from a filled template. Raises `Invalid` with the address of each row that can't be read."""
    if len(data) > MOST_BYTES:
        raise Invalid([Problem("file", "file_too_large")])
    try:
        rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise Invalid([Problem("file", "file_unreadable")]) from error
    ids = {row["label"]: row["id"] for row in rated_rows(view, names_here())}
    found: dict[str, dict[str, list[Any]]] = {}
    problems = []
    for line, cells in enumerate(rows[1:], 2):
        judge, label = (str(c).strip() for c in [*cells, "", ""][:2])
        if not judge and not label:
            continue
        if not judge:
            problems.append(Problem(f"A{line}", "judge_unknown"))
        elif label not in ids:
            problems.append(Problem(f"B{line}", "row_unknown", (("value", label[:40]),)))
        elif ids[label] in found.setdefault(judge, {}):
            problems.append(Problem(f"B{line}", "row_twice", (("value", label[:40]),)))
        else:
            found[judge][ids[label]] = list(cells[2 : 2 + BOUNDARIES])
    if problems or not found:
        raise Invalid(problems or [Problem("file", "file_empty")])
    return found
