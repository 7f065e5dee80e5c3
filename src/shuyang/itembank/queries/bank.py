"""The bank as authors, reviewers and psychometricians see it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Count, F, Q, QuerySet

from shuyang.itembank.content import ItemType, Purpose, ReviewState
from shuyang.itembank.contracts import (
    CoverageCell,
    ItemDetail,
    ItemFilter,
    ItemRow,
    ReportReason,
    ReportState,
    ReportView,
    Todo,
    VersionRow,
)
from shuyang.itembank.models import Item, ItemReport, ItemVersion, ReleaseRow, Source
from shuyang.itembank.policies import DecideReports, SeeBank
from shuyang.itembank.storing import from_text
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import Actor


def current_versions() -> QuerySet[ItemVersion]:
    """The present version of every item in use."""
    return ItemVersion.objects.filter(number=F("item__current_number"), item__retired=False)


def source_hash(*, source: str) -> str:
    """The hash given when this source was loaded last, or ""."""
    return Source.objects.filter(name=source).values_list("hash", flat=True).first() or ""


def items(
    *, actor: Actor, where: ItemFilter | None = None, page: int = 1, per_page: int = 50
) -> tuple[tuple[ItemRow, ...], int]:
    """A page of items (pages from 1) and how many there are in all. Raises `Forbidden`."""
    SeeBank().demand(actor)
    rows = _filtered(where or ItemFilter()).order_by("item__purpose", "item__facet", "level", "item__key")
    start = (max(page, 1) - 1) * per_page
    shown = rows.select_related("item").annotate(
        open_reports=Count("item__versions__reports", filter=Q(item__versions__reports__state=ReportState.OPEN.value))
    )[start : start + per_page]
    return tuple(_row(version, version.open_reports) for version in shown), rows.count()


def _filtered(where: ItemFilter) -> QuerySet[ItemVersion]:
    rows = ItemVersion.objects.filter(number=F("item__current_number"), item__retired=where.retired)
    exact = {"item__facet": where.facet, "level": where.level, "type": where.type, "item__purpose": where.purpose}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if where.state:
        rows = rows.filter(state=where.state)
    if where.text:
        rows = rows.filter(Q(item__key__icontains=where.text) | Q(content__icontains=where.text))
    if where.reported:
        open_ = ItemReport.objects.filter(state=ReportState.OPEN.value).values("version__item")
        rows = rows.filter(item__in=open_)
    return rows


def _row(version: ItemVersion, open_reports: int) -> ItemRow:
    content = from_text(version.content)
    return ItemRow(
        id=version.item_id,
        version_id=version.id,
        key=version.item.key,
        number=version.number,
        facet=version.item.facet,
        level=version.level,
        type=ItemType(version.type),
        purpose=Purpose(version.item.purpose),
        state=ReviewState(version.state),
        retired=version.item.retired,
        stem=version.stem,
        difficulty=content.prior.difficulty,
        slope=content.prior.slope,
        seconds=content.expected_seconds,
        open_reports=open_reports,
    )


def item(*, actor: Actor, key: str) -> ItemDetail:
    """An item in its present version, with history and reports. Raises `NotFound`, `Forbidden`."""
    SeeBank().demand(actor)
    row = Item.objects.filter(key=key).first()
    if row is None:
        raise NotFound("no such item")
    versions = list(row.versions.select_related("item").order_by("-number"))
    now_ = next(version for version in versions if version.number == row.current_number)
    reports = _reports(ItemReport.objects.filter(version__item=row))
    return ItemDetail(
        row=_row(now_, sum(report.state is ReportState.OPEN for report in reports)),
        content=from_text(now_.content),
        content_hash=now_.content_hash,
        versions=tuple(VersionRow(v.id, v.number, v.content_hash, v.created_at) for v in versions),
        reports=reports,
        in_current_release=ReleaseRow.objects.filter(current=True, body__contains=now_.content_hash).exists(),
    )


def _reports(rows: QuerySet[ItemReport]) -> tuple[ReportView, ...]:
    return tuple(
        ReportView(
            id=row.id,
            item_key=row.version.item.key,
            version_id=row.version_id,
            number=row.version.number,
            reason=ReportReason(row.reason),
            text=row.text,
            state=ReportState(row.state),
            answer=row.answer,
            created_at=row.created_at,
        )
        for row in rows.select_related("version__item").order_by("created_at")
    )


def open_reports(*, actor: Actor) -> tuple[ReportView, ...]:
    """Reports nobody has decided yet, oldest first. Raises `Forbidden`."""
    SeeBank().demand(actor)
    return _reports(ItemReport.objects.filter(state=ReportState.OPEN.value))


def coverage(*, actor: Actor, purpose: str = Purpose.SECURE.value) -> tuple[CoverageCell, ...]:
    """Items in use by facet, level and type. Raises `Forbidden`."""
    SeeBank().demand(actor)
    rows = current_versions().filter(item__purpose=purpose).values_list("item__facet", "level", "type")
    counts: dict[tuple[str, int], Counter[ItemType]] = defaultdict(Counter)
    for facet, level, kind in rows:
        counts[facet, level][ItemType(kind)] += 1
    return tuple(CoverageCell(facet, level, dict(types)) for (facet, level), types in sorted(counts.items()))


def items_citing(*, actor: Actor, citation_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Keys of the items in use that rest on each of these citations. Raises `Forbidden`."""
    SeeBank().demand(actor)
    found: dict[str, list[str]] = {one: [] for one in citation_ids}
    for text in current_versions().order_by("item__key").values_list("content", flat=True):
        content = from_text(text)
        for citation_id in {reference.partition("#")[0] for reference in content.citations} & set(found):
            found[citation_id].append(content.id)
    return {one: tuple(keys) for one, keys in found.items()}


def todos(actor: Actor) -> list[Todo]:
    """Reports that wait for a decision by this actor."""
    if not DecideReports().can(actor) or actor.system:
        return []
    waiting = ItemReport.objects.filter(state=ReportState.OPEN.value).count()
    return [Todo("item_reports", waiting)] if waiting else []
