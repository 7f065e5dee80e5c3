"""Every address that a browser may open: which are pages to be looked at, and which are not, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

FILE, FRAGMENT, MOVES = "a file", "a piece of a page, looked at within it", "leads on to another page"
NO_PAGES = {
    "ready": "for start scripts and load balancers",
    "units": MOVES,
    "overviews": MOVES,
    "report": FRAGMENT,
    "sitting_state": FRAGMENT,
    "sitting_desk": FRAGMENT,
    "sitting_going": FRAGMENT,
    "lesson_practice": FRAGMENT,
    "import_template": FILE,
    "import_rejected": FILE,
    "campaign_qr": FILE,
    "campaign_paper_template": FILE,
    "campaign_paper_sheets": FILE,
    "campaign_paper_form": FILE,
    "credential_pdf": FILE,
    "credential_badge": FILE,
    "public_key": FILE,
    "standard_sheet": FILE,
    "standard_record": FILE,
    "recruitment_evidence": FILE,
    "survey_export": FILE,
    "result_pdf": FILE,
    "receipt": FILE,
    "unit_file": FILE,
    "audit_heads": FILE,
    "audit_export": FILE,
    "briefing_file": FILE,
    "chart_printed": FILE,
}


NOT_YET = {
    "campaign_paper": "needs a campaign with printed forms",
    "campaign_paper_check": "needs answers read in from paper",
    "design": "needs a design that was checked, some minutes of work",
    "design_edit": "needs a design that was checked, some minutes of work",
}
"""Pages that no walk of the browser tests reaches yet: they are opened without a browser only (tests/web, tests/practice)."""


def openable() -> dict[str, str]:
    """Name -> address of everything that answers GET and is no part of the API (which has a page that describes it)."""
    return {
        name: address
        for name, address, view in _addresses(get_resolver())
        if name and "GET" in _methods(view) and (not address.startswith("api/") or name == "api_description")
    }


def name_of(path: str) -> str:
    """The name of the address that a path belongs to; empty for one that is none of ours."""
    try:
        return str(resolve(path).url_name or "")
    except Resolver404:
        return ""


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, before + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield str(entry.name or ""), before + str(entry.pattern), entry.callback


def _methods(view: Callable[..., Any]) -> list[str]:
    """What `require_http_methods` allows somewhere below the decorators of a view; GET where nothing is said."""
    one: Any = view
    while one is not None:
        names = one.__code__.co_freevars if hasattr(one, "__code__") else ()
        for name, cell in zip(names, getattr(one, "__closure__", None) or (), strict=True):
            if name == "request_method_list":
                return list(cell.cell_contents)
        one = getattr(one, "__wrapped__", None)
    return ["GET"]
