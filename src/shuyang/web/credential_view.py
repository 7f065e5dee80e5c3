"""A certificate in words: the same for its page, its paper and its public page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuyang.feedback.api import CredentialKind, Refusal, Statement
from shuyang.frameworks.api import current
from shuyang.web.result_view import names


def statement_words(statement: Statement) -> dict[str, Any]:
    """Everything a certificate says, as text."""
    name = names(current())
    certified = statement.kind is CredentialKind.CERTIFICATION
    return {
        "code": grouped(statement.code),
        "heading": _("Certificate of digital competence")
        if certified
        else _("Record of a diagnosis of digital competence"),
        "below": ""
        if certified
        else _("This is no certification: it names no level and is no basis for appraisal or appointment."),
        "attests": _(
            "has passed a certification of digital competence; each level named is reached with at least 80 % probability."
        )
        if certified
        else _(
            "has taken a diagnosis of digital competence; all five forces were measured with the required precision."
        ),
        "certified": certified,
        "name": statement.name,
        "organisation": statement.organisation,
        "unit": statement.unit_name,
        "measured_on": statement.measured_on.isoformat(),
        "issued_at": statement.issued_at,
        "synthetic": statement.synthetic,
        "address": statement.address,
        "release": statement.release_hash[:12],
        "receipt": statement.receipt_hash[:12],
        "forces": [
            {
                "name": name[f.force],
                "score": f.score,
                "low": f.low,
                "high": f.high,
                "level": "" if f.level is None else name[f"L{f.level}"],
            }
            for f in statement.forces
        ],
    }


def grouped(code: str) -> str:
    """A code as it is written: in groups of four."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


REFUSAL_WORDS = {
    Refusal.NOT_PRECISE: lambda: _(
        "Not every force was measured with the required precision. "
        "A certificate attests measurements, so there is none for this result."
    ),
    Refusal.PROVISIONAL: lambda: _(
        "The cut scores between levels are provisional. "
        "No certification may rest on them until a standard setting has confirmed them."
    ),
    Refusal.PURPOSE: lambda: _("This result belongs to a recruitment procedure; there is no certificate of it."),
    Refusal.REVISED: lambda: _(
        "This result was revised since. Open the revised result and ask for a certificate there."
    ),
    Refusal.NO_LEVEL: lambda: _(
        "No level above the first is reached with at least 80 % probability, so there is nothing to certify yet."
    ),
}
