"""The certificate on paper: one A4 page with a QR code to its public page, and the badge inside the file."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.feedback.api import CredentialView, badge_token
from shuyang.kernel.clock import BEIJING
from shuyang.web.credential_view import statement_words
from shuyang.web.paper.pdf import pdf


def certificate(found: CredentialView) -> bytes:
    """PDF/A-3a and PDF/UA-1: the signed badge is attached, so that the one file holds all that is needed to check it."""
    words = statement_words(found.statement)
    issued = words.pop("issued_at").astimezone(BEIJING).date().isoformat()
    data: dict[str, Any] = {
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "date": issued,
        "words": words,
        "text": _labels(),
    }
    attached = {"badge.jwt": badge_token(found.statement)}
    return pdf("certificate", data, {"qr": qr(found.statement.address)}, attached=attached, standards=("a-3a", "ua-1"))


def qr(address: str) -> str:
    """A QR code as SVG, with error correction for a quarter of it (paper gets stained)."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _labels() -> dict[str, str]:
    return {
        "synthetic": _("Synthetic data"),
        "name": _("Name"),
        "unit": _("Unit on the day"),
        "measured": _("Measured on"),
        "issued": _("Issued on"),
        "code": _("Code"),
        "force": _("Force"),
        "score": _("Score"),
        "interval": _("95 % interval"),
        "level": _("Level"),
        "release": _("Release"),
        "receipt": _("Receipt"),
        "qr": _("QR code of the page where this certificate can be checked"),
        "check": _(
            "Check it: scan the code, or open the page and type in the code. The page says whether it still holds."
        ),
        "scale": _("Scores run from 0 to 1000; the interval holds the true value with about 95 % probability."),
        "attached": _("The signed Open Badge 3.0 is attached to this file and can be checked without a network."),
    }
