"""Reads of units: the picture of a unit from a publication. Nothing is computed from persons here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any
from uuid import UUID

import numpy as np
from scipy.special import stdtrit

from shuyang.feedback.contracts import ScoreView
from shuyang.feedback.models import Publication
from shuyang.feedback.policies import GROUP_READERS, ReadPublication
from shuyang.feedback.publishing.rows import DIMENSIONS, GROUPS
from shuyang.feedback.publishing.storing import CELLS, UNITS, read
from shuyang.feedback.publishing.table import CellTable
from shuyang.feedback.rules import SMALLEST_GROUP
from shuyang.feedback.unit_contracts import (
    OVERALL,
    Breakdown,
    Change,
    GroupFigures,
    MeasureFigures,
    PublicationView,
    PublishedCampaign,
    Share,
    UnitPicture,
)
from shuyang.itembank.api import release
from shuyang.kernel.errors import NotFound
from shuyang.measurement.cat.contracts import ScaleTransform
from shuyang.people.api import UnitView, unit
from shuyang.trust.api import Actor

Line = Mapping[str, Any]
LEVELS = ("level1", "level2", "level3", "level4", "level5")


def unit_picture(
    *,
    actor: Actor,
    unit_id: UUID,
    campaign_id: UUID | None = None,
    dimension: Breakdown = Breakdown.NONE,
    group: str = "",
) -> UnitPicture:
    """A unit and its parts as published; of one group of people only, where a dimension and its group are given.

    Without a campaign: the one published last. A group that is not published for the unit leaves figures empty. Raises
    `NotFound` for a unit outside the actor's reach and for a campaign without a publication that reaches the unit.
    """
    place = readable_unit(actor, unit_id)
    rows = publications(actor, place)
    chosen = chosen_publication(rows, campaign_id)
    campaigns = tuple(PublishedCampaign(r.campaign_id, r.campaign_name, r.created_at, r.people) for r in rows)
    if chosen is None:
        nobody = GroupFigures(place.id, place.path, place.name)
        return UnitPicture(None, nobody, (), (), campaigns, dimension, group, SMALLEST_GROUP)
    book = Book(chosen, place)
    wanted = dimension if dimension is not Breakdown.REGION else Breakdown.NONE
    whole = book.figures(place.path, wanted, group if wanted else "")
    parts = tuple(book.figures(path, wanted, group if wanted else "") for path in book.parts)
    return UnitPicture(
        publication=publication_view(chosen),
        whole=whole or GroupFigures(place.id, place.path, place.name),
        parts=tuple(p for p in parts if p is not None),
        breakdowns=tuple((d, groups) for d in Breakdown if d and (groups := book.breakdown(d))),
        campaigns=campaigns,
        dimension=dimension,
        group=group,
        minimum=SMALLEST_GROUP,
    )


def readable_unit(actor: Actor, unit_id: UUID) -> UnitView:
    """A unit whose sums the actor may read. Raises `NotFound`."""
    place = unit(actor=actor, unit_id=unit_id)
    if not actor.has(*GROUP_READERS, at=place.path):
        raise NotFound("no such unit")
    return place


def publications(actor: Actor, place: UnitView) -> list[Publication]:
    """Publications that reach a unit, the newest first."""
    rows = Publication.objects.filter(ReadPublication().visible_to(actor), current=True).order_by("-created_at")
    return [row for row in rows if place.path.startswith(row.unit_path)]


def chosen_publication(rows: Sequence[Publication], campaign_id: UUID | None) -> Publication | None:
    """The publication of a campaign, or the newest. Raises `NotFound` for a campaign that has none."""
    if campaign_id is None:
        return rows[0] if rows else None
    found = next((row for row in rows if row.campaign_id == campaign_id), None)
    if found is None:
        raise NotFound("no publication of this campaign")
    return found


def publication_view(row: Publication) -> PublicationView:
    before = Publication.objects.filter(id=row.before_id).first() if row.before_id else None
    return PublicationView(
        id=row.id,
        campaign_id=row.campaign_id,
        campaign_name=row.campaign_name,
        number=row.number,
        at=row.created_at,
        people=row.people,
        incomplete=row.incomplete,
        held_back=row.held_back,
        before=before.campaign_id if before else None,
        before_name=before.campaign_name if before else "",
        bank_error=release(hash=row.release_hash).transform.se(row.body["bank_error"]),
        synthetic=row.synthetic,
        provisional=row.provisional,
        final=row.final,
        hash=row.hash,
    )


class Book:
    """The lines of a publication about one unit and its parts."""

    def __init__(self, row: Publication, place: UnitView) -> None:
        found = release(hash=row.release_hash)
        self.row, self.place = row, place
        self.transform, self.forces = found.transform, found.forces
        self.units = self._units()
        self.regions = [str(p) for p in self.units if self.units[p]["nearest_region"]]
        self.parts = [p for p, u in self.units.items() if u["above"] == place.path]
        self.lines = self._lines()

    def _units(self) -> dict[str, Line]:
        """The unit, its parts, and the regions below it without a region between."""
        top = self.place.path
        where = "path = ? OR above = ? OR (region AND starts_with(path, ?))"
        found = read(self.row, UNITS, where, [top, top, top], "sequence")
        rows = [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]
        regions = {str(line["path"]) for line in rows if line["region"]} - {top}
        wanted: dict[str, Line] = {}
        for line in rows:
            path = str(line["path"])
            nearest = path in regions and not _below_any(path, top, regions)
            if nearest or path == top or line["above"] == top:
                wanted[path] = {**line, "nearest_region": nearest}
        return wanted

    def _lines(self) -> dict[tuple[str, str, str], list[Line]]:
        paths = list(self.units)
        where = f"path BETWEEN ? AND ? AND path IN ({', '.join('?' * len(paths))})"
        found = read(self.row, CELLS, where, [min(paths), max(paths), *paths]) if paths else {}
        lines: dict[tuple[str, str, str], list[Line]] = {}
        for line in _as_lines(found):
            lines.setdefault((line["path"], line["dimension"], line["groups"]), []).append(line)
        return lines

    def figures(self, path: str, dimension: Breakdown = Breakdown.NONE, group: str = "") -> GroupFigures | None:
        """The figures of a unit or of a group of its people; without figures where they are not published.

        None for a unit that the publication does not know.
        """
        line = self.units.get(path)
        if line is None:
            return None
        cells = self.lines.get((path, str(dimension), group), [])
        order = {name: i for i, name in enumerate((*self.forces, OVERALL))}
        main = sorted((c for c in cells if c["measure"] in order), key=lambda c: order[c["measure"]])
        other = sorted(
            (c for c in cells if c["measure"] not in order and c["n"] >= SMALLEST_GROUP), key=lambda c: c["measure"]
        )
        told = [figures_of(c, self.transform) for c in main]
        facets = [figures_of(c, self.transform) for c in other]
        enough = int(line["in_post"]) >= SMALLEST_GROUP
        return GroupFigures(
            unit_id=UUID(str(line["id"])),
            path=path,
            name=str(line["name"]),
            dimension=dimension,
            groups=tuple(group.split("+")) if dimension else (),
            people=told[0].people if told else None,
            measures=tuple(told),
            facets=tuple(facets),
            finished=int(line["finished"]) if enough and not dimension else None,
            in_post=int(line["in_post"]) if enough and not dimension else None,
            merged_into=str(line["merged_into"]),
        )

    def breakdown(self, dimension: Breakdown) -> tuple[GroupFigures, ...]:
        """The groups of the unit in a dimension, as far as they are published; for regions their units as wholes."""
        if dimension is Breakdown.REGION:
            found = [self.figures(path) for path in self.regions]
            return tuple(f for f in found if f is not None and f.shown)
        keys = [key for key in self.lines if key[0] == self.place.path and key[1] == dimension]
        groups = [self.figures(self.place.path, dimension, key[2]) for key in sorted(keys, key=_order_of(dimension))]
        return tuple(g for g in groups if g is not None)


def _order_of(dimension: Breakdown) -> Any:
    known = GROUPS[DIMENSIONS.index(dimension)]
    return lambda key: known.index(key[2].split("+")[0])


def _below_any(path: str, top: str, regions: Set[str]) -> bool:
    """Does one of the regions lie between a unit and the unit above it that is looked at?"""
    steps = path.removeprefix(top).rstrip("/").split("/")
    return any(f"{top}{'/'.join(steps[:end])}/" in regions for end in range(1, len(steps)))


def _as_lines(found: CellTable) -> list[dict[str, Any]]:
    names = list(found)
    columns = [np.ma.filled(np.ma.asarray(found[n]), np.nan) if found[n].dtype != object else found[n] for n in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def figures_of(line: Line, transform: ScaleTransform) -> MeasureFigures:
    """One line of the table on the reporting scale, with 95 % intervals."""
    bank = float(line["bank"])
    return MeasureFigures(
        measure=str(line["measure"]),
        people=int(line["n"]),
        mean=_score(transform, line["mean"], line["se"], dof_of(line, "mean"), bank),
        own=_score(transform, line["own"], line["own_se"], line["dof"], bank),
        spread=None if np.isnan(line["spread"]) else transform.se(float(line["spread"])),
        gap=_difference(transform.sd, line["gap"], line["gap_se"], dof_of(line, "gap"), bank),
        at_target=_share(line["at_target"], line["gap_n"]),
        levels=tuple(s for name in LEVELS if (s := _share(line[name], line["n"])) is not None),
        growth=_difference(transform.sd, line["growth"], line["growth_se"], line["growth_dof"], 0.0),
        stayed=_stayed(line, transform),
        self_people=int(line["self_n"]) if np.isfinite(line["self_n"]) else None,
        self_rating=_difference(
            1.0, line["self_gap"], line["self_se"], max(float(np.nan_to_num(line["self_n"])), 2) - 1, 0
        ),
    )


def dof_of(line: Line, name: str) -> float:
    """Degrees of freedom of a figure; publications made before it had its own used those of the mean."""
    return float(line.get(f"{name}_dof", line["dof"]))


def _stayed(line: Line, transform: ScaleTransform) -> Change | None:
    """Publications made before this figure existed do not have it."""
    told = _difference(
        transform.sd, line.get("stayed", np.nan), line.get("stayed_se", 0), line.get("stayed_dof", 1), 0.0
    )
    return None if told is None else Change(int(line["stayed_n"]), told)


def _score(transform: ScaleTransform, mean: float, se: float, dof: float, bank: float) -> ScoreView:
    error = float(np.hypot(se, bank))
    reach = float(stdtrit(dof, 0.975)) * error
    low, middle, high = (transform.score(float(v)) for v in (mean - reach, mean, mean + reach))
    return ScoreView(middle, low, high, transform.se(error))


def _difference(unit_: float, value: float, se: float, dof: float, bank: float) -> ScoreView | None:
    if not np.isfinite(value):
        return None
    error = float(np.hypot(se, bank))
    reach = float(stdtrit(dof, 0.975)) * error
    low, middle, high = (unit_ * float(v) for v in (value - reach, value, value + reach))
    return ScoreView(middle, low, high, unit_ * error)


def _share(share: float, n: float) -> Share | None:
    """A share with the interval of Wilson (1927)."""
    if not np.isfinite(share) or not n:
        return None
    z = 1.959963984540054
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return Share(float(share), float(max(0.0, middle - reach)), float(min(1.0, middle + reach)))
