"""The named queries: each a pure function of the archived data.

A figure in a briefing is nothing but a query and its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from shuyang.feedback.api import FindingKind
from shuyang.insight.figures.formats import (
    FORMS,
    Forms,
    difference,
    difference_note,
    interval_note,
    percent,
    signed,
    whole,
)
from shuyang.insight.source import Interval, Source, source_hash
from shuyang.insight.text import cleaned

CONFIDENCE, ERROR_BOUND, SURE, PLANNED = 0.95, 0.05, 0.8, 0.3
"""Level of the intervals; bound on the chance of any false finding; the power called sure; the effect in SDs it is stated for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a query gives: the text that stands in the sentence, the number, its interval, and the note that says it."""

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


Query = Callable[..., Figure]
QUERIES: dict[str, Query] = {}


def query(function: Query) -> Query:
    """Enter a query under its name. Names and what they give are kept for ever: archived issues call them."""
    QUERIES[function.__name__] = function
    return function


def figure(source: Source, name: str, parameters: Mapping[str, str]) -> Figure:
    """Ask a query. Raises `KeyError` for an unknown one, and where the data do not have what it asks for."""
    return QUERIES[name](source, **parameters)


def _forms(source: Source) -> Forms:
    return FORMS[source.language]


def _name(source: Source, measure: str) -> str:
    return cleaned(source.names.get(measure, measure))


def _count(form: str, n: int) -> Figure:
    return Figure(form.format(n=n, name=""), n)


# --- names -----------------------------------------------------------------------------------------------------------


@query
def unit_name(source: Source) -> Figure:
    return Figure(cleaned(source.unit_name))


@query
def campaign_name(source: Source) -> Figure:
    return Figure(cleaned(source.publication.campaign))


@query
def before_name(source: Source) -> Figure:
    return Figure(cleaned(source.publication.before))


@query
def compared_name(source: Source, comparison: str) -> Figure:
    """The unit or group that is compared."""
    found = source.comparison(comparison)
    if found.kind != FindingKind.GROUP:
        return Figure(cleaned(found.name))
    return Figure(cleaned(_forms(source).join.join(_name(source, g) for g in found.groups)))


# --- counts ----------------------------------------------------------------------------------------------------------


@query
def unit_people(source: Source) -> Figure:
    """People of the unit whose results are in the figures."""
    return _count(_forms(source).people, source.people)


@query
def in_post(source: Source) -> Figure:
    return _count(_forms(source).people, _known(source.in_post))


@query
def without_result(source: Source) -> Figure:
    """People in post without a result."""
    return _count(_forms(source).people, max(0, _known(source.in_post) - _known(source.finished)))


@query
def participation(source: Source) -> Figure:
    """Share of the people in post who have a result: a count of all, without an interval."""
    share = min(1.0, _known(source.finished) / max(1, _known(source.in_post)))
    return Figure(_forms(source).share.format(name="", n=percent(share)).strip(), share)


def _known(n: int | None) -> int:
    if n is None:
        raise KeyError("not published")
    return n


@query
def compared_people(source: Source, comparison: str) -> Figure:
    return _count(_forms(source).people, source.comparison(comparison).people)


@query
def publication_people(source: Source) -> Figure:
    return _count(_forms(source).people, source.publication.people)


@query
def held_back(source: Source) -> Figure:
    return _count(_forms(source).people, source.publication.held_back)


@query
def incomplete(source: Source) -> Figure:
    return _count(_forms(source).people, source.publication.incomplete)


@query
def minimum(source: Source) -> Figure:
    """The smallest group whose figures are shown."""
    return _count(_forms(source).people, source.minimum)


@query
def comparisons(source: Source) -> Figure:
    return _count(_forms(source).times, source.compared)


@query
def comparisons_found(source: Source, beyond: str = "0") -> Figure:
    """Comparisons that are findings; `beyond`: less so many."""
    return _count(_forms(source).times, len(source.found) - int(beyond))


# --- scores and differences ------------------------------------------------------------------------------------------


@query
def mean(source: Source, measure: str) -> Figure:
    found, f = source.measured(measure).mean, _forms(source)
    name = _name(source, measure)
    note = interval_note(f, name, whole(found.value), whole(found.low), f.points.format(n=whole(found.high)))
    return Figure(f.mean.format(name=name, n=whole(found.value)), found.value, found.low, found.high, note)


@query
def at_target(source: Source, measure: str) -> Figure:
    """Share of people at the target of their post."""
    found, f = _there(source.measured(measure).at_target), _forms(source)
    low, high = percent(found.low), percent(found.high) + "%"
    text = f.share.format(name="", n=percent(found.value)).strip()
    note = interval_note(f, "", text, low, high)
    return Figure(text, found.value, found.low, found.high, note)


def _there(found: Interval | None) -> Interval:
    if found is None:
        raise KeyError("not published")
    return found


@query
def growth(source: Source, measure: str) -> Figure:
    """Change of the unit's mean since the campaign before."""
    found, f, name = _there(source.measured(measure).growth), _forms(source), _name(source, measure)
    note = difference_note(f, name, found)
    return Figure(difference(f, name, found.value), found.value, found.low, found.high, note)


@query
def points(source: Source, comparison: str, measure: str) -> Figure:
    """The difference of a comparison in points."""
    found, f, name = source.difference(comparison, measure).points, _forms(source), _name(source, measure)
    note = difference_note(f, name, found)
    return Figure(difference(f, name, found.value), found.value, found.low, found.high, note)


@query
def effect(source: Source, comparison: str, measure: str) -> Figure:
    """The size of the difference in SDs between persons, without its sign."""
    found, f, name = source.difference(comparison, measure).effect, _forms(source), _name(source, measure)
    high = f.deviations.format(n=signed(found.high, 2))
    note = interval_note(f, name, signed(found.value, 2), signed(found.low, 2), high)
    return Figure(f.deviations.format(n=f"{abs(found.value):.2f}"), found.value, found.low, found.high, note)


# --- what could be seen, and how sure --------------------------------------------------------------------------------


@query
def group_comparisons(source: Source) -> Figure:
    """Comparisons of parts and of groups."""
    return _count(_forms(source).times, len(source.reach))


@query
def sure_comparisons(source: Source) -> Figure:
    """Those of them that would find the planned effect with the power called sure."""
    return _count(_forms(source).times, sum(power >= SURE for power, _ in source.reach))


@query
def typical_detectable(source: Source) -> Figure:
    """The difference in the mean of the forces that half of these comparisons find with the power called sure."""
    known = [least for _, least in source.reach]
    if not known:
        raise KeyError("nothing was compared")
    value = median(known)
    return Figure(_forms(source).deviations.format(n=f"{value:.2f}"), value)


@query
def planned_effect(source: Source) -> Figure:
    return Figure(_forms(source).deviations.format(n=f"{PLANNED:.1f}"), PLANNED)


@query
def sure_power(source: Source) -> Figure:
    return Figure(f"{percent(SURE)}%", SURE)


@query
def error_bound(source: Source) -> Figure:
    return Figure(f"{percent(ERROR_BOUND)}%", ERROR_BOUND)


@query
def confidence(source: Source) -> Figure:
    return Figure(f"{percent(CONFIDENCE)}%", CONFIDENCE)


# --- the publication -------------------------------------------------------------------------------------------------


@query
def publication_number(source: Source) -> Figure:
    return _count(_forms(source).number, source.publication.number)


@query
def publication_day(source: Source) -> Figure:
    return Figure(source.publication.day)


@query
def publication_hash(source: Source) -> Figure:
    return Figure(source.publication.hash[:16])


@query
def data_hash(source: Source) -> Figure:
    """The first signs of the hash of the archived data themselves."""
    return Figure(source_hash(source)[:16])
