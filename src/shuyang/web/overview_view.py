"""A unit at a glance: the sentences of `insight` with their charts, notes, and the way to the details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from shuyang.feedback.api import OVERALL, Finding, FindingKind, Findings, GroupFigures, UnitPicture
from shuyang.insight.api import Binding, Statement, StatementKind
from shuyang.web.charts.contract import Chart
from shuyang.web.unit_charts import told_chart
from shuyang.web.unit_view import Words, group_label, signed


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence: words, or a bound figure with the note that says its interval."""

    text: str
    bound: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as the page shows it. `title` and `link` are of findings: whom it is about, and where the details are."""

    key: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...]
    chart: Chart | None = None
    title: str = ""
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """The statements of a unit by what they are for. `absent` is why there is nothing else."""

    situation: tuple[Told, ...]
    findings: tuple[Told, ...]
    nothing: tuple[Told, ...]
    certain: tuple[Told, ...]
    uncertain: tuple[Told, ...]
    absent: tuple[Told, ...]


def glance(statements: Sequence[Statement], found: Findings, picture: UnitPicture) -> Glance:
    """The statements sorted; findings get a title and a link to the page that shows their figures."""
    about = {_key(f): f for f in found.findings}

    def told(kind: StatementKind) -> tuple[Told, ...]:
        return tuple(_told(s, about.get(s.key.removeprefix("finding|")), picture) for s in statements if s.kind is kind)

    return Glance(
        situation=told(StatementKind.SITUATION),
        findings=told(StatementKind.FINDING),
        nothing=told(StatementKind.NOTHING),
        certain=told(StatementKind.CERTAIN),
        uncertain=told(StatementKind.UNCERTAIN),
        absent=told(StatementKind.ABSENT),
    )


def _key(f: Finding) -> str:
    return "|".join((f.kind, f.path, f.dimension, "+".join(f.groups)))


def _told(one: Statement, about: Finding | None, picture: UnitPicture) -> Told:
    pieces = tuple(Piece(p.text, True, p.note) if isinstance(p, Binding) else Piece(p) for p in one.parts)
    chart = told_chart(one.chart) if one.chart else None
    notes = tuple(dict.fromkeys(one.notes))
    if about is None:
        return Told(one.key, pieces, notes, chart)
    title, link, words = _title(about), *_link(about, picture)
    return Told(one.key, pieces, notes, chart, title, link, words)


def _title(f: Finding) -> str:
    if f.kind is FindingKind.GROWTH:
        return _("%(name)s: change") % {"name": f.name}
    if f.kind is FindingKind.GAP:
        return _("%(name)s: gap to the targets of the posts") % {"name": f.name}
    return Words.now().group(f.groups) if f.groups else f.name


def _link(f: Finding, picture: UnitPicture) -> tuple[str, str]:
    """The unit page of a part, or of the group within the unit."""
    assert picture.publication is not None
    query = {"campaign": str(picture.publication.campaign_id)}
    unit_id = next((g.unit_id for g in picture.parts if g.path == f.path), picture.whole.unit_id)
    if f.groups:
        query["people"] = f"{f.dimension}:{'+'.join(f.groups)}"
        words = _("Figures of this group")
    else:
        words = _("Figures of this unit")
    return f"{reverse('unit_results', args=[unit_id])}?{urlencode(query)}", words


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure at the head of the page; `detail` is its interval or what it is a part of."""

    label: str
    text: str
    detail: str = ""


def headlines(picture: UnitPicture) -> list[Headline]:
    """Who took part, where the unit stands, and what has changed: only what is published."""
    whole = picture.whole
    overall = whole.measure(OVERALL)
    if overall is None or picture.publication is None:
        return []
    told = [*_taking_part(whole)]
    told.append(Headline(_("Mean of the five forces"), str(round(overall.mean.score)), _range(overall.mean)))
    if overall.at_target is not None:
        share = overall.at_target
        text, detail = f"{round(100 * share.share)}%", f"{round(100 * share.low)}–{round(100 * share.high)}%"
        told.append(Headline(_("Share at target"), text, detail))
    if overall.growth is not None:
        low, high = signed(overall.growth.low), signed(overall.growth.high)
        detail = _("%(low)s to %(high)s") % {"low": low, "high": high}
        told.append(Headline(_("Change since the campaign before"), signed(overall.growth.score), detail))
    return told


def _taking_part(whole: GroupFigures) -> list[Headline]:
    if whole.finished is None or not whole.in_post:
        return [Headline(_("People with a result"), str(whole.people))]
    share = min(100, round(100 * whole.finished / whole.in_post))
    detail = _("%(finished)d of %(in_post)d in post") % {"finished": whole.finished, "in_post": whole.in_post}
    return [Headline(_("Participation"), f"{share}%", detail)]


def _range(view: object) -> str:
    return f"{round(view.low)}–{round(view.high)}"  # type: ignore[attr-defined]


def hidden_parts(picture: UnitPicture) -> list[str]:
    """Parts of the unit that are not published."""
    return [group_label(g) for g in picture.parts if not g.shown]
