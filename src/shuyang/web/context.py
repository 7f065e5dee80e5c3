"""What every page's frame needs: who is signed in, the menu, the marks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shuyang.web.menu import menu_for


def shell(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "organisation": settings.SHUYANG_ORGANISATION,
        "menu": menu_for(request.path, actor) if actor else [],
        "large_type": request.COOKIES.get("shuyang_type") == "large",
    }
