"""The page that says what the API offers, drawn from its own description: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from shuyang.people.api import Scope

AREAS = {
    "me": _("Who am I"),
    "units": _("Units"),
    "campaigns": _("Campaigns"),
    "sittings": _("Sittings"),
    "results": _("Results"),
    "audit": _("Audit"),
}
SCOPES = {
    Scope.ME: _("Read who I am"),
    Scope.UNITS: _("Read the units I may read"),
    Scope.CAMPAIGNS: _("Read campaigns"),
    Scope.SITTINGS: _("Take my own sittings"),
    Scope.RESULTS: _("Read my own results"),
    Scope.AUDIT: _("Read the ends of audit chains"),
}
# Summaries of operations, so that they are translated; an area that adds one adds it here.
SUMMARIES = (
    _("Who am I"), _("Units I may read"), _("One unit"), _("Campaigns I manage"), _("Campaigns I am invited to"),
    _("How far a campaign of mine is"), _("Begin my sitting"), _("The item at hand"), _("Answer the item at hand"),
    _("Hand in early"), _("My results"), _("One result of mine"), _("Signed ends of all audit chains"),
    _("Published figures of a unit"), _("Comparisons of a unit"),
)  # fmt: skip


def description_page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Every operation by area: address, what it takes, what it gives, and which scope a token needs."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in operations(api):
        groups.setdefault(one["area"], []).append(one | {"summary": gettext(one["summary"])})
    shown = [{"name": AREAS.get(area, area), "operations": found} for area, found in groups.items()]
    return render(request, "api/description.html", {"groups": shown})


@lru_cache(maxsize=1)
def operations(api: NinjaAPI) -> tuple[dict[str, Any], ...]:
    """The operations of the API's own OpenAPI document, in its order."""
    document = api.get_openapi_schema(path_prefix="/api/")
    schemas = document.get("components", {}).get("schemas", {})
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation["summary"],
                    "area": (operation.get("tags") or [""])[0],
                    "scope": _scope(operation),
                    "takes": list(_fields(_body(operation), schemas)),
                    "gives": list(_fields(_reply(operation), schemas)),
                    "refusals": [code for code in operation["responses"] if int(code) >= 400],
                }
            )
    return tuple(found)


def _scope(operation: Mapping[str, Any]) -> str:
    """The scope its token needs, as the description's security requirement names it."""
    return str(operation.get("x-scope", ""))


def _body(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def _reply(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    responses = {str(code): body for code, body in operation["responses"].items()}
    return responses.get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Name and type of each field of an object, or of the objects of a list."""
    if "items" in schema:
        schema = schema["items"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    for name, field in schema.get("properties", {}).items():
        yield {"name": name, "type": _kind(field)}


def _kind(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[1].removesuffix("Out")
    if "anyOf" in field:
        return " | ".join(_kind(one) for one in field["anyOf"])
    if "items" in field:
        return f"[{_kind(field['items'])}]"
    return str(field.get("format") or field.get("type") or "any")
