"""A first draft from the data alone, by rules: the same data give the same draft."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from shuyang.feedback.api import OVERALL, FindingKind
from shuyang.insight.content import Content, Effect, Fact, Option, Paragraph, ParagraphKind
from shuyang.insight.contracts import Statement, StatementKind
from shuyang.insight.figures.binding import Ink
from shuyang.insight.source import Comparison, Source
from shuyang.insight.wording import statements_of

MOST_FINDINGS = 3
"""So many comparisons are told, so that the document stays within four pages; the others are counted."""


def compose(source: Source) -> Content:
    """The draft: title, paragraphs with charts, three options, the box of sources and method."""
    ink = Ink(source)
    with translation.override(source.language.code):
        told = statements_of(source, ink)
        return Content(
            language=source.language,
            title=_title(ink),
            issuer=source.unit_name,
            addressee=_("Leaders of %(unit)s") % {"unit": source.unit_name},
            paragraphs=tuple(_paragraphs(ink, told)),
            options=tuple(Option(text) for text in _options(ink)),
            effects=tuple(_effects(ink)),
            method=tuple(_method(ink)),
            bindings=ink.all,
        )


def _title(ink: Ink) -> str:
    values = {"unit": ink("unit_name")}
    if not ink.source.found:
        return _("Digital competence in %(unit)s: no difference beyond chance") % values
    values["n"] = ink("comparisons_found")
    return _("Digital competence in %(unit)s: %(n)s differences beyond chance") % values


def _paragraphs(ink: Ink, told: tuple[Statement, ...]) -> Iterator[Paragraph]:
    """Statements put in place: findings beyond the first few are counted, what is sure and not sure is drawn together."""
    of = {kind: [s for s in told if s.kind is kind] for kind in StatementKind}
    (situation,) = of[StatementKind.SITUATION]
    yield Paragraph("summary", ParagraphKind.SUMMARY, situation.text, situation.chart)
    found = of[StatementKind.FINDING][:MOST_FINDINGS]
    for number, one in enumerate(found or of[StatementKind.NOTHING], start=1):
        yield Paragraph(f"finding-{number}", ParagraphKind.FINDING, one.text, one.chart)
    if len(of[StatementKind.FINDING]) > MOST_FINDINGS:
        rest = {"n": ink("comparisons_found", beyond=str(MOST_FINDINGS))}
        yield Paragraph("more", ParagraphKind.MORE, _("%(n)s more differences stand in the report of the unit.") % rest)
    for kind in (ParagraphKind.CERTAIN, ParagraphKind.UNCERTAIN):
        between = "" if ink.source.language == "zh" else " "
        yield Paragraph(str(kind), kind, between.join(s.text for s in of[StatementKind(kind.value)]))


# --- options ---------------------------------------------------------------------------------------------------------


def _options(ink: Ink) -> tuple[str, str, str]:
    """To look first, to act, to wait: what there is to choose whatever the data say. The words follow the first finding."""
    wait = _("Keep the present arrangements; look again after the next assessment.")
    if not ink.source.found:
        return (
            wait,
            _("Have those without a result take the assessment, so that smaller differences can be seen."),
            _("Ask the posts what training they need, and arrange training by their answers."),
        )
    first = ink.source.found[0]
    name = {"name": ink("compared_name", comparison=first.key)}
    return _look(first) % name, _act(first) % name, wait


def _look(first: Comparison) -> str:
    if first.kind == FindingKind.GAP:
        return _("Talk with posts of %(name)s that lie far from their target; decide when the reasons are known.")
    if first.kind == FindingKind.GROWTH:
        return _("Find out what changed in %(name)s since the campaign before; decide when the reasons are known.")
    return _("Visit and ask %(name)s; decide when the reasons of the difference are known.")


def _act(first: Comparison) -> str:
    if first.found[0].points.value > 0:
        return _("Have %(name)s show the others how they work; check at the next assessment.")
    return _("Arrange training and practice for %(name)s in what is low; check at the next assessment.")


def _effects(ink: Ink) -> Iterator[tuple[Effect, str]]:
    yield Effect.UNKNOWN, _("Not estimated yet.")
    overall = next((m for m in ink.source.measures if m.measure == OVERALL), None)
    if overall is not None and overall.growth is not None:
        said = _(
            "Not estimated yet. For comparison: since “%(before)s” the unit's %(growth)s. "
            "This is a change that was seen, not the effect of a measure."
        )
        yield Effect.SEEN, said % {"before": ink("before_name"), "growth": ink("growth", measure=OVERALL)}


# --- sources and method ----------------------------------------------------------------------------------------------


def _method(ink: Ink) -> Iterator[Fact]:
    source = ink.source
    published = {"campaign": ink("campaign_name"), "day": ink("publication_day"), "number": ink("publication_number")}
    yield Fact(_("Source"), _("“%(campaign)s”, publication %(number)s of %(day)s") % published)
    yield Fact(_("Fingerprint of the publication"), ink("publication_hash"))
    counted = {"unit": ink("unit_people"), "all": ink("publication_people")}
    yield Fact(_("Fingerprint of the archived data"), ink("data_hash"))
    yield Fact(_("People counted"), _("%(unit)s of the unit, %(all)s in the whole campaign") % counted)
    if source.publication.held_back or source.publication.incomplete:
        left = {"held": ink("held_back"), "incomplete": ink("incomplete")}
        yield Fact(_("Not counted"), _("%(held)s to be counted later, %(incomplete)s with too little to go by") % left)
    yield Fact(_("Comparisons"), _compared(ink))
    yield Fact(_("Figures"), _figures(ink))
    yield Fact(_("Protection"), _("No figure for fewer than %(minimum)s.") % {"minimum": ink("minimum")})
    if source.publication.provisional:
        yield Fact(
            _("Standing of the cut scores"),
            _("Provisional: to plan training, not to rank units or to appraise people."),
        )
    if source.publication.synthetic:
        yield Fact(_("Data"), _("Synthetic, for demonstration."))


def _compared(ink: Ink) -> str:
    values = {"all": ink("comparisons"), "found": ink("comparisons_found"), "bound": ink("error_bound")}
    return (
        _(
            "%(all)s comparisons decided together, %(found)s beyond chance; any false finding has a chance below %(bound)s."
        )
        % values
    )


def _figures(ink: Ink) -> str:
    return _(
        "On a common scale, errors of measurement taken out; intervals of %(level)s. Figures without a note are counts."
    ) % {"level": ink("confidence")}
