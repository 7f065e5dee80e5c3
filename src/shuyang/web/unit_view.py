"""A unit's figures as tables of text and numbers: the one source for page, Excel, Word and PDF, so that they can't differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from shuyang.feedback.api import (
    OVERALL,
    Breakdown,
    Finding,
    FindingKind,
    Findings,
    GroupFigures,
    MeasureFigures,
    ScoreView,
    Share,
    UnitPicture,
)
from shuyang.frameworks.api import current
from shuyang.web.result_view import names

GROUNDS = {1: "#eaf1f9", 2: "#d4e3f4", 3: "#b9d2ee", -1: "#fbf2e2", -2: "#f6e3c0", -3: "#efd09a"}
"""Colours of the heat table, as in `static/css/units.css`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: `text` is shown; `value`, `low`, `high` are the same numbers for a spreadsheet.

    `detail` is the interval in text; `shade` (−3…3) says how far above or below the middle of its column the figure lies.
    """

    text: str
    detail: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    percent: bool = False
    shade: int | None = None

    @property
    def tone(self) -> str:
        """The shade as part of a class name; empty without one."""
        return "" if self.shade is None else f"{'down' if self.shade < 0 else 'up'}{abs(self.shade)}"

    @property
    def mark(self) -> str:
        """The shade as a sign, for those who do not see the colour, and where there is none."""
        return "" if not self.shade else "▲ " if self.shade > 0 else "▼ "

    @property
    def ground(self) -> str:
        """The shade as a colour (hex) for paper and spreadsheets; empty without one."""
        return GROUNDS.get(self.shade or 0, "")


@dataclass(frozen=True, slots=True)
class Row:
    """A line: what it is about, a link (unit id) where there is one, its cells; or a note in their place."""

    label: str
    cells: tuple[Cell, ...] = ()
    unit_id: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading. `note` stands below it; `empty` in its place where there are no rows."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    heat: bool = False
    groups: tuple[tuple[str, str], ...] = field(default=())


NOTHING = Cell("–")


def dimension_names() -> dict[Breakdown, str]:
    return {
        Breakdown.RANK_LAYER: _("Rank layer"),
        Breakdown.JOB_CATEGORY: _("Job category"),
        Breakdown.AGE_BAND: _("Age"),
        Breakdown.REGION: _("Region"),
    }


@dataclass(frozen=True, slots=True)
class Words:
    """Names of measures and groups in the user's language, read once for a whole report."""

    known: dict[str, str]

    @classmethod
    def now(cls) -> Words:
        ages = {
            "to_35": _("35 or younger"),
            "to_45": _("36 to 45"),
            "to_55": _("46 to 55"),
            "over_55": _("56 or older"),
        }
        return cls(names(current()) | ages | {"": _("not recorded"), OVERALL: _("Mean of the five forces")})

    def measure(self, name: str) -> str:
        return self.known.get(name, name)

    def group(self, groups: Sequence[str]) -> str:
        """The name of a group, or of several put together."""
        return _("; ").join(self.known.get(g, g) for g in groups)


def score_cell(view: ScoreView | None, *, shade: int | None = None) -> Cell:
    """A score in whole points with its interval."""
    if view is None:
        return NOTHING
    low, high = round(view.low), round(view.high)
    return Cell(f"{round(view.score)}", f"{low}–{high}", round(view.score), low, high, shade=shade)


def difference_cell(view: ScoreView | None, places: int = 0) -> Cell:
    """A difference with its sign and its interval."""
    if view is None:
        return NOTHING
    low, high = signed(view.low, places), signed(view.high, places)
    value, lowest, highest = (round(v, places) + 0.0 for v in (view.score, view.low, view.high))
    words = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return Cell(signed(view.score, places), words, value, lowest, highest)


def signed(value: float, places: int = 0) -> str:
    """A number with its sign, a minus as long as a plus; 0 has none."""
    text = f"{abs(value):.{places}f}"
    if not text.strip("0."):
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def share_cell(view: Share | None) -> Cell:
    """A share in whole percent with its interval."""
    if view is None:
        return NOTHING
    low, high = round(100 * view.low), round(100 * view.high)
    share = round(100 * view.share)
    return Cell(f"{share}%", f"{low}–{high}%", share / 100, low / 100, high / 100, percent=True)


def count_cell(count: int | None) -> Cell:
    return NOTHING if count is None else Cell(str(count), value=count)


def tables(picture: UnitPicture, found: Findings) -> list[Table]:
    """All tables of a unit's report, in order; those without a row are left out."""
    w = Words.now()
    made = [
        forces_table(picture.whole, w),
        heat_table("parts", _("Parts of the unit: the five forces"), picture.parts, lambda g: g.measures, w),
        heat_table("facets", _("Parts of the unit: the twelve facets"), _facet_rows(picture), lambda g: g.facets, w),
        levels_table(picture.whole, w),
        *(
            breakdown_table(d, groups, w)
            for d, groups in picture.breakdowns
            if d is Breakdown.REGION or len(groups) > 1
        ),
        self_table(picture, w),
        participation_table(picture),
        findings_table(found, w),
    ]
    return [t for t in made if t.rows]


def _facet_rows(picture: UnitPicture) -> tuple[GroupFigures, ...]:
    return (picture.whole, *picture.parts) if picture.whole.facets else ()


def forces_table(whole: GroupFigures, w: Words) -> Table:
    """The unit itself: a line for each force and for their mean."""
    head = (
        _("Force"), _("People"), _("Mean"), _("Spread (SD)"), _("Gap to the target"), _("Share at target"),
        _("Change since the campaign before"), _("Change of those who stayed"), _("Self-rating, in levels"),
    )  # fmt: skip
    rows = tuple(Row(w.measure(m.measure), _force_cells(m)) for m in whole.measures)
    note = _("Intervals are 95 %. A dash: not known, or not published.")
    stayed = max((m.stayed.people for m in whole.measures if m.stayed), default=0)
    if stayed:
        note += " " + _("Those who stayed: %(n)d people with a result in both campaigns, in the same unit.") % {
            "n": stayed
        }
    return Table("forces", _("The unit as a whole"), head, rows, note)


def _force_cells(m: MeasureFigures) -> tuple[Cell, ...]:
    spread = NOTHING if m.spread is None else Cell(f"{round(m.spread)}", value=round(m.spread))
    return (
        count_cell(m.people), score_cell(m.mean), spread, difference_cell(m.gap), share_cell(m.at_target),
        difference_cell(m.growth), difference_cell(m.stayed.points if m.stayed else None), difference_cell(m.self_rating, 1),
    )  # fmt: skip


def heat_table(
    key: str,
    title: str,
    groups: Sequence[GroupFigures],
    of: Callable[[GroupFigures], Iterable[MeasureFigures]],
    w: Words,
) -> Table:
    """Groups by measures, shaded by how far each mean lies from the middle of its column."""
    measures = next((tuple(m.measure for m in of(g)) for g in groups if g.shown and tuple(of(g))), ())
    middle = {name: _middle([g for g in groups if g.measure(name)], name) for name in measures}
    rows = tuple(_heat_row(g, measures, middle) for g in groups) if measures else ()
    head = (_("Unit"), _("People"), *(w.measure(m) for m in measures))
    note = _(
        "In the order of the organisation, not of the figures. "
        "A figure is shaded only where its interval leaves out the middle of its column."
    )
    return Table(key, title, head, rows, note, heat=True)


def _middle(groups: Sequence[GroupFigures], measure: str) -> float:
    scores = [(g.people or 0, m.mean.score) for g in groups if (m := g.measure(measure)) is not None]
    return sum(n * s for n, s in scores) / max(1, sum(n for n, _s in scores))


def _heat_row(group: GroupFigures, measures: Sequence[str], middle: dict[str, float]) -> Row:
    label = group_label(group)
    if not any(group.measure(m) for m in measures):
        return Row(label, unit_id=group.unit_id, note=_("not published: too few people, or they could be inferred"))
    cells = []
    for name in measures:
        m = group.measure(name)
        cells.append(NOTHING if m is None else score_cell(m.mean, shade=_shade(m.mean, middle[name])))
    people = next((m.people for name in measures if (m := group.measure(name)) is not None), None)
    return Row(label, (count_cell(people), *cells), group.unit_id)


def group_label(group: GroupFigures) -> str:
    """A unit's name with what became of it."""
    if group.merged_into:
        return _("%(name)s (merged into %(into)s)") % {"name": group.name, "into": group.merged_into}
    return group.name


def _shade(view: ScoreView, middle: float) -> int:
    if view.low <= middle <= view.high:
        return 0
    steps = min(3, 1 + int(abs(view.score - middle) // 25))
    return steps if view.score > middle else -steps


def levels_table(whole: GroupFigures, w: Words) -> Table:
    """Shares of people at each level, by force."""
    head = (_("Force"), *(w.known[f"L{level}"] for level in range(1, 6)))
    rows = tuple(Row(w.measure(m.measure), tuple(share_cell(s) for s in m.levels)) for m in whole.measures if m.levels)
    note = _("Each person counts at every level with the probability of being there.")
    return Table("levels", _("Levels"), head, rows, note)


def breakdown_table(dimension: Breakdown, groups: Sequence[GroupFigures], w: Words) -> Table:
    """The unit by the groups of one dimension."""
    measures = tuple(m.measure for m in groups[0].measures) if groups else ()
    head = (dimension_names()[dimension], _("People"), *(w.measure(m) for m in measures))
    rows = tuple(
        Row(
            group_label(g) if dimension is Breakdown.REGION else w.group(g.groups),
            (count_cell(g.people), *(score_cell(m.mean) for m in g.measures)),
            g.unit_id if dimension is Breakdown.REGION else None,
        )
        for g in groups
    )
    return Table(f"by_{dimension}", _("By %(what)s") % {"what": dimension_names()[dimension].lower()}, head, rows)


def self_table(picture: UnitPicture, w: Words) -> Table:
    """By how many levels people place themselves above what was measured: the unit, its parts, its groups."""
    told = [(group_label(g), g) for g in (picture.whole, *picture.parts)]
    told += [(w.group(g.groups), g) for d, groups in picture.breakdowns if d is not Breakdown.REGION for g in groups]
    measures = tuple(m.measure for m in picture.whole.measures)
    rows = tuple(
        Row(label, (count_cell(_asked(g)), *(_self_cell(g.measure(name)) for name in measures)), g.unit_id)
        for label, g in told
        if _asked(g)
    )
    head = (_("Unit or group"), _("People asked"), *(w.measure(name) for name in measures))
    note = _(
        "In levels. Above zero: people rate themselves higher than they were measured; they may not see what they lack. "
        "Shaded only where the interval leaves out zero. Below zero: they can do more than they think."
    )
    return Table("self_rating", _("Self-rating against measurement"), head, rows, note, heat=True)


def _asked(g: GroupFigures) -> int | None:
    return max((m.self_people for m in g.measures if m.self_people), default=None)


def _self_cell(m: MeasureFigures | None) -> Cell:
    if m is None or m.self_rating is None:
        return NOTHING
    view, shade = m.self_rating, 0
    if not view.low <= 0 <= view.high:
        shade = min(3, 1 + int(abs(view.score) // 0.5)) * (1 if view.score > 0 else -1)
    return replace(difference_cell(view, 1), shade=shade)


def participation_table(picture: UnitPicture) -> Table:
    """How many have a result, of those in post when it was published."""
    head = (_("Unit"), _("In post"), _("With a result"), _("Share"))
    told = [g for g in (picture.whole, *picture.parts) if g.finished is not None and g.in_post]
    rows = tuple(Row(group_label(g), _taken(g), g.unit_id) for g in told)
    note = _(
        "In post: on the day of publication; with a result: where each stood on the day of the sitting. "
        "Units of fewer than five people are left out."
    )
    return Table("participation", _("Participation"), head, rows, note)


def _taken(g: GroupFigures) -> tuple[Cell, ...]:
    share = min(1.0, (g.finished or 0) / (g.in_post or 1))
    return (
        count_cell(g.in_post),
        count_cell(g.finished),
        Cell(f"{round(100 * share)}%", value=round(share, 2), percent=True),
    )


def findings_table(found: Findings, w: Words) -> Table:
    """Differences that are more than noise, largest first."""
    head = (_("What is compared"), _("In which force"), _("Difference"), _("In standard deviations"), _("People"))
    rows = tuple(Row(finding_label(f, w), _finding_cells(f, w)) for f in found.found)
    note = _(
        "%(n)d comparisons were decided together, so that the chance of any finding where nothing differs stays below 5 %%."
    )
    return Table("findings", _("What differs by more than chance"), head, rows, note % {"n": found.compared})


def _finding_cells(f: Finding, w: Words) -> tuple[Cell, ...]:
    effect = Cell(
        signed(f.effect, 2), _("%(low)s to %(high)s") % {"low": signed(f.effect_low, 2), "high": signed(f.effect_high, 2)},
        round(f.effect, 2), round(f.effect_low, 2), round(f.effect_high, 2),
    )  # fmt: skip
    return Cell(w.measure(f.measure)), difference_cell(f.difference), effect, count_cell(f.people)


def finding_label(f: Finding, w: Words) -> str:
    """What a finding compares."""
    words = {
        FindingKind.UNIT: _("%(name)s against the rest of the unit") % {"name": f.name},
        FindingKind.GROUP: _("%(name)s against all others") % {"name": w.group(f.groups)},
        FindingKind.GROWTH: _("%(name)s against the campaign before") % {"name": f.name},
        FindingKind.GAP: _("%(name)s against the targets of the posts") % {"name": f.name},
    }
    return words[f.kind]


def nothing_sentence(found: Findings) -> str:
    """That nothing stands out, where nothing does."""
    if found.found:
        return ""
    return _(
        "Nothing: no part, no group and no change stands out from chance. "
        "What differences the tables show may be noise."
    )


def power_sentence(found: Findings) -> str:
    """How small a difference could have been noticed at all."""
    known = [f for f in found.findings if f.measure == OVERALL and f.kind in (FindingKind.UNIT, FindingKind.GROUP)]
    if not known:
        return ""
    sure = sum(f.power >= 0.8 for f in known)
    text = _(
        "A difference of 0.3 standard deviations in all forces would have been noticed four times in five "
        "in %(sure)d of %(all)d comparisons of groups; in the others it may well be missed."
    )
    return text % {"sure": sure, "all": len(known)}
