"""Reads: the findings of a unit in words."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from shuyang.feedback.api import OVERALL, findings, unit_picture
from shuyang.frameworks.api import current
from shuyang.insight.contracts import Statement, StatementKind
from shuyang.insight.source import Language, Source, source_of
from shuyang.insight.wording import statements_of
from shuyang.trust.api import Actor


def statements(
    *, actor: Actor, unit_id: UUID, campaign_id: UUID | None = None, language: Language | None = None
) -> tuple[Statement, ...]:
    """What may be said of a unit from a campaign's publication (or the newest), in the user's language unless one is given.

    In order: where the unit stands, its findings or that there are none, what is certain, what is not. A unit without
    figures has one statement of kind `ABSENT`. Raises `NotFound` as `unit_picture`.
    """
    chosen = language or Language.of(translation.get_language())
    source = unit_source(actor=actor, unit_id=unit_id, campaign_id=campaign_id, language=chosen)
    if isinstance(source, Source):
        return statements_of(source)
    return (source,)


def unit_source(*, actor: Actor, unit_id: UUID, campaign_id: UUID | None, language: Language) -> Source | Statement:
    """The data of a unit as a briefing uses them; where there are none, the statement that says why."""
    picture = unit_picture(actor=actor, unit_id=unit_id, campaign_id=campaign_id)
    with translation.override(language.code):
        if picture.publication is None:
            return _absent("not_published", _("Nothing has been published of this unit yet."))
        if not picture.whole.shown:
            return _absent(
                "not_shown", _("The figures of this unit are not published: people could be inferred from them.")
            )
        found = findings(actor=actor, unit_id=unit_id, campaign_id=picture.publication.campaign_id)
        return source_of(picture=picture, found=found, names=_names(language), language=language)


def _absent(key: str, words: str) -> Statement:
    return Statement(key, StatementKind.ABSENT, words)


def _names(language: Language) -> dict[str, str]:
    """Names of measures and groups as they are today; an archived briefing keeps them."""
    framework = current()
    groups = (framework.forces, framework.rank_layers, framework.job_categories)
    known = {one.id: one.name.in_language(language.code) for group in groups for one in group}
    ages = {
        "to_35": _("35 or younger"), "to_45": _("36 to 45"), "to_55": _("46 to 55"), "over_55": _("56 or older"),
    }  # fmt: skip
    return known | ages | {"": _("not recorded"), OVERALL: _("Mean of the five forces")}
