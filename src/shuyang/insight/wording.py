"""From data to sentences, by rules. The words come from the message catalogue in the language of the source.

The rules are those of an official bulletin: short sentences, what is known before what is not, no word stronger than the figure.
Nothing is called a finding that is not `found`; growth is called a change that was seen, never an effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from shuyang.feedback.api import OVERALL, FindingKind
from shuyang.insight.contracts import ChartData, ChartRow, Statement, StatementKind
from shuyang.insight.figures.binding import Ink
from shuyang.insight.source import Comparison, Difference, Measured, Source
from shuyang.insight.text import marks

MOST_NAMED = 3
"""So many measures of one comparison are named in its sentence; its chart shows all."""


def statements_of(source: Source, ink: Ink | None = None) -> tuple[Statement, ...]:
    """What may be said of a unit, in order: where it stands, findings (or that there are none), what is and isn't sure."""
    ink = ink or Ink(source)
    with translation.override(source.language.code):
        told = [situation(ink), *(finding(ink, c) for c in source.found)]
        if not source.found:
            told.append(nothing(ink))
        return (*told, *certain(ink), *uncertain(ink))


def _statement(
    ink: Ink, key: str, kind: StatementKind, sentences: list[str], chart: ChartData | None = None
) -> Statement:
    """Sentences put together; English takes a space between them."""
    text = ("" if ink.source.language == "zh" else " ").join(sentences)
    return Statement(key, kind, text, ink.bindings(marks(text)), chart)


# --- where the unit stands -------------------------------------------------------------------------------------------


def situation(ink: Ink) -> Statement:
    """Who was measured, and the means of the forces."""
    source = ink.source
    values = {"campaign": ink("campaign_name"), "unit": ink("unit_name"), "people": ink("unit_people")}
    said = [_("In “%(campaign)s”, %(people)s of %(unit)s are counted.") % values]
    if source.finished is not None and source.in_post:
        said.append(
            _("%(in_post)s are in post; %(share)s of them have a result.")
            % {"in_post": ink("in_post"), "share": ink("participation")}
        )
    overall = _measure(source, OVERALL)
    if overall is not None:
        said.append(_("%(mean)s.") % {"mean": ink("mean", measure=OVERALL)})
    if overall is not None and overall.at_target is not None:
        said.append(
            _("In the mean of the five forces %(share)s reach the target of their posts.")
            % {"share": ink("at_target", measure=OVERALL)}
        )
    return _statement(ink, "situation", StatementKind.SITUATION, said, means_chart(source))


def _measure(source: Source, name: str) -> Measured | None:
    return next((m for m in source.measures if m.measure == name), None)


# --- findings --------------------------------------------------------------------------------------------------------


def finding(ink: Ink, c: Comparison) -> Statement:
    """A comparison that is more than noise: the measures found, how large, and what must be added."""
    said = [_opening(ink, c)]
    if c.kind == FindingKind.GROWTH:
        said.append(_("This is a change that was seen; people who came and went are part of it. It shows no cause."))
    size = {"effect": ink("effect", comparison=c.key, measure=c.found[0].measure)}
    alone, several = (
        _("The difference is %(effect)s between persons."),
        _("The largest of these differences is %(effect)s between persons."),
    )
    said.append((several if len(c.found) > 1 else alone) % size)
    return _statement(ink, f"finding|{c.key}", StatementKind.FINDING, said, comparison_chart(ink.source, c))


def _opening(ink: Ink, c: Comparison) -> str:
    values = {
        "name": ink("compared_name", comparison=c.key),
        "people": ink("compared_people", comparison=c.key),
        "figures": _figures(ink, c),
    }
    if c.kind == FindingKind.UNIT:
        return _("Compared with the other people of the unit, %(name)s (%(people)s): %(figures)s.") % values
    if c.kind == FindingKind.GROUP:
        return _("Compared with all others of the unit, the group “%(name)s” (%(people)s): %(figures)s.") % values
    if c.kind == FindingKind.GROWTH:
        values["before"] = ink("before_name")
        return _("Compared with “%(before)s”, %(name)s (%(people)s): %(figures)s.") % values
    return _("Compared with the targets of the posts, %(name)s (%(people)s): %(figures)s.") % values


def _figures(ink: Ink, c: Comparison) -> str:
    named = _named(c)
    return _("; ").join(ink("points", comparison=c.key, measure=d.measure) for d in named)


def _named(c: Comparison) -> tuple[Difference, ...]:
    """The mean of the forces first, where it was found; then the largest."""
    ordered = sorted(c.found, key=lambda d: (d.measure != OVERALL, -abs(d.effect.value)))
    return tuple(ordered[:MOST_NAMED])


def nothing(ink: Ink) -> Statement:
    """Nothing stands out; what could have been seen."""
    said = [
        _("Of %(comparisons)s comparisons made, none stands out from chance.") % {"comparisons": ink("comparisons")},
        _("Whether one figure is higher than another may be error alone; no unit and no group should be judged by it."),
        *_detectable(ink),
    ]
    return _statement(ink, "nothing", StatementKind.NOTHING, said, None)


def _detectable(ink: Ink) -> Iterator[str]:
    """How large a difference had to be."""
    if not ink.source.reach:
        return
    yield _(
        "A typical comparison of parts and groups finds a difference of %(least)s or more with %(sure)s certainty."
    ) % {"least": ink("typical_detectable"), "sure": ink("sure_power")}


# --- what is sure and what is not ------------------------------------------------------------------------------------


def certain(ink: Ink) -> list[Statement]:
    """How the findings were decided, and what every figure carries."""
    told = []
    if ink.source.found:
        said = [
            _("The findings come from %(comparisons)s comparisons decided together.")
            % {"comparisons": ink("comparisons")},
            _("If nothing differed, the chance of any finding at all would be below %(bound)s.")
            % {"bound": ink("error_bound")},
        ]
        told.append(_statement(ink, "decided", StatementKind.CERTAIN, said))
    said = [
        _("Each figure carries an interval of %(level)s; it stands in the notes. The figures are published and fixed.")
        % {"level": ink("confidence")}
    ]
    told.append(_statement(ink, "intervals", StatementKind.CERTAIN, said))
    return told


def uncertain(ink: Ink) -> list[Statement]:
    """What must not be read out of the figures."""
    told = [*_unseen(ink), *_uncounted(ink)]
    told.append(("causes", [_("The assessment shows that there are differences. It does not show why.")]))
    published = ink.source.publication
    if published.provisional:
        words = _(
            "Item parameters and cut scores are still provisional: "
            "the figures serve to plan training, not to rank units or to appraise people."
        )
        told.append(("provisional", [words]))
    if published.synthetic:
        told.append(("synthetic", [_("The data are synthetic. They are for demonstration and support no decision.")]))
    return [_statement(ink, key, StatementKind.UNCERTAIN, said) for key, said in told]


def _unseen(ink: Ink) -> Iterator[tuple[str, list[str]]]:
    if not ink.source.found or not ink.source.reach:
        return
    values = {
        "sure": ink("sure_power"), "effect": ink("planned_effect"), "n": ink("sure_comparisons"),
        "all": ink("group_comparisons"),
    }  # fmt: skip
    said = [
        _("What is not listed may differ all the same."),
        _("A true difference of %(effect)s in all forces is found with %(sure)s certainty by %(n)s of %(all)s.")
        % values,
        *_detectable(ink),
    ]
    yield "unseen", said


def _uncounted(ink: Ink) -> Iterator[tuple[str, list[str]]]:
    source = ink.source
    if source.finished is not None and source.in_post and source.finished < source.in_post:
        yield (
            "absent",
            [_("%(people)s in post have no result; nothing is known of them.") % {"people": ink("without_result")}],
        )
    if source.publication.incomplete:
        said = _("In the whole campaign %(people)s gave too little to be counted, also where items were withdrawn.")
        yield "incomplete", [said % {"people": ink("incomplete")}]
    if source.publication.held_back:
        said = _("In the whole campaign %(people)s will be counted later, so that nobody can be inferred.")
        yield "held_back", [said % {"people": ink("held_back")}]


# --- charts ----------------------------------------------------------------------------------------------------------


def means_chart(source: Source) -> ChartData | None:
    """The means of all measures."""
    rows = tuple(ChartRow(source.names.get(m.measure, m.measure), m.mean, False) for m in source.measures)
    title = _("Means of the five forces with intervals")
    return ChartData(title, _("points"), rows, False, _summary(title, rows)) if rows else None


def comparison_chart(source: Source, c: Comparison) -> ChartData:
    """All measures of a comparison; those found are marked."""
    titles = {
        FindingKind.UNIT: _("Difference from the other people of the unit, with intervals"),
        FindingKind.GROUP: _("Difference from all others of the unit, with intervals"),
        FindingKind.GROWTH: _("Change since the campaign before, with intervals"),
        FindingKind.GAP: _("Difference from the targets of the posts, with intervals"),
    }
    rows = tuple(ChartRow(source.names.get(d.measure, d.measure), d.points, d.found) for d in c.differences)
    title = titles[FindingKind(c.kind)]
    return ChartData(title, _("points"), rows, True, _summary(title, rows))


def _summary(title: str, rows: tuple[ChartRow, ...]) -> str:
    """The chart in words, for those who don't see it."""
    lines = [
        _("%(name)s %(value)s (%(low)s to %(high)s)")
        % {
            "name": row.label,
            "value": f"{row.value.value:.0f}",
            "low": f"{row.value.low:.0f}",
            "high": f"{row.value.high:.0f}",
        }
        for row in rows
    ]
    return _("%(title)s: %(lines)s.") % {"title": title, "lines": _("; ").join(lines)}
