"""Words of the workbench: operators, measures, and why a query gave no result."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from shuyang.practice import api as practice


def operators() -> list[tuple[str, str]]:
    """Comparisons with what they are called."""
    said = {
        "contains": _("contains"),
        "missing": _("is missing"),
        "present": _("is there"),
        "!=": "≠",
        "<=": "≤",
        ">=": "≥",
    }
    return [(op, said.get(op, op)) for op in practice.OPERATORS]


def measures() -> list[tuple[str, str]]:
    """Measures of a pivot or chart with what they are called."""
    said = {
        "count": _("number of rows"),
        "distinct": _("number of different values"),
        "sum": _("sum"),
        "avg": _("mean"),
        "median": _("median"),
        "min": _("smallest"),
        "max": _("largest"),
        "share": _("share of rows"),
    }
    return [(measure, said[measure]) for measure in practice.MEASURES]


def parts() -> list[tuple[str, str]]:
    """What dates may be counted by."""
    said = {
        "year": _("by year"),
        "month": _("by month"),
        "day": _("by day"),
        "weekday": _("by weekday"),
        "hour": _("by hour"),
    }
    return [(part, said[part]) for part in practice.BUCKETS]


def failure(found: practice.Outcome) -> str:
    """Why a query gave no result, and what to do."""
    match found.failure:
        case practice.Failure.REFUSED:
            return _refused(found.detail)
        case practice.Failure.WRONG:
            return _("The query could not be run: %(detail)s") % {"detail": found.detail}
        case practice.Failure.TOO_LONG:
            return _("The query took longer than it may and was stopped. Ask for less at a time.")
        case practice.Failure.TOO_MUCH:
            return _("The query needed more memory than it may use and was stopped. Filter or group before you join.")
        case _:
            return _("The range is busy. Try again in a moment; your work is safe.")


def _refused(detail: str) -> str:
    code, line, column, about, name = json.loads(detail)
    values = {"line": line, "column": column, "about": about}
    said = {
        "empty": _("There is no query to run."),
        "too_long": _("The query is too long: at most %(about)s characters.") % values,
        "syntax": _("Line %(line)s, place %(column)s, at “%(about)s”: the query can't be read here.") % values,
        "several": _("One query at a time: keep each under a name of its own."),
        "not_a_query": _("%(about)s is not possible here: tables can only be read. Keep results as named queries.")
        % values,
        "forbidden_function": _("The function %(about)s can't be used here.") % values,
        "file": _("Files can't be read here; use the tables of the task.") % values,
    }.get(code, code)
    return _("In the query “%(name)s”: %(said)s") % {"name": name, "said": said} if name else said
