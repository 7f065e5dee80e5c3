"""Reads: the findings of a unit in words; drafts and issues."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from shuyang.feedback.api import OVERALL, findings, unit_picture
from shuyang.frameworks.api import current
from shuyang.insight.content import Content, read_content
from shuyang.insight.contracts import BriefingState, Statement, StatementKind
from shuyang.insight.document import Document, Imprint, document, read_document
from shuyang.insight.models import Briefing
from shuyang.insight.policies import DraftBriefing, ReadBriefing, SignBriefing, WithdrawBriefing
from shuyang.insight.source import Language, Source, source_of
from shuyang.insight.verifying import check
from shuyang.insight.view_contracts import BriefingHead, BriefingView, Check, May
from shuyang.insight.wording import statements_of
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import Actor


def statements(
    *, actor: Actor, unit_id: UUID, campaign_id: UUID | None = None, language: Language | None = None
) -> tuple[Statement, ...]:
    """What may be said of a unit from a campaign's publication (or the newest), in the user's language unless one is given.

    In order: where the unit stands, its findings or that there are none, what is certain, what is not. A unit without
    figures has one statement of kind `ABSENT`. Raises `NotFound` as `unit_picture`.
    """
    chosen = language or Language.of(translation.get_language())
    source, _campaign = unit_source(actor=actor, unit_id=unit_id, campaign_id=campaign_id, language=chosen)
    if isinstance(source, Source):
        return statements_of(source)
    return (source,)


def unit_source(
    *, actor: Actor, unit_id: UUID, campaign_id: UUID | None, language: Language
) -> tuple[Source | Statement, UUID | None]:
    """The data of a unit as a briefing uses them, and their campaign; where there are none, the statement that says why."""
    picture = unit_picture(actor=actor, unit_id=unit_id, campaign_id=campaign_id)
    published = picture.publication
    with translation.override(language.code):
        if published is None:
            return _absent("not_published", _("Nothing has been published of this unit yet.")), None
        if not picture.whole.shown:
            words = _("The figures of this unit are not published: people could be inferred from them.")
            return _absent("not_shown", words), published.campaign_id
        found = findings(actor=actor, unit_id=unit_id, campaign_id=published.campaign_id)
        made = source_of(picture=picture, found=found, names=_names(language), language=language)
        return made, published.campaign_id


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


# --- drafts and issues -----------------------------------------------------------------------------------------------


def briefing_row(actor: Actor, briefing_id: UUID, *, lock: bool = False) -> Briefing:
    """The row. Raises `NotFound` for one the actor may not read."""
    rows = Briefing.objects.select_for_update() if lock else Briefing.objects
    row = rows.filter(ReadBriefing().visible_to(actor), id=briefing_id).first()
    if row is None:
        raise NotFound("no such briefing")
    return row


def briefings(*, actor: Actor, unit_id: UUID | None = None, year: int | None = None) -> tuple[BriefingHead, ...]:
    """Drafts first, the newest first; then the issues by year and number, the newest first. Withdrawn ones are among them."""
    rows = Briefing.objects.filter(ReadBriefing().visible_to(actor)).defer("source", "content", "document")
    rows = rows.filter(**{k: v for k, v in (("unit_id", unit_id), ("year", year)) if v is not None})
    ordered = sorted(rows.order_by("-created_at"), key=lambda r: (r.number is not None, -(r.year or 0), r.unit_path))
    return tuple(_head(row) for row in ordered)


def waiting(*, actor: Actor) -> tuple[BriefingHead, ...]:
    """Submitted briefings that the actor may sign."""
    rows = Briefing.objects.filter(SignBriefing().visible_to(actor), state=BriefingState.SUBMITTED)
    return tuple(_head(row) for row in rows.defer("source", "content", "document").order_by("created_at"))


def briefing(*, actor: Actor, briefing_id: UUID) -> BriefingView:
    """A briefing as the actor may read it. Raises `NotFound`."""
    return view(actor, briefing_row(actor, briefing_id))


def verify(*, actor: Actor, briefing_id: UUID) -> Check:
    """Compute every figure of a briefing again from its archived data, and compare. Raises `NotFound`."""
    return verified(briefing_row(actor, briefing_id))


def verified(row: Briefing) -> Check:
    return check(
        source=row.source,
        source_hash=row.source_hash,
        content=row.content,
        document=row.document,
        document_hash=row.document_hash,
    )


def archive(*, actor: Actor, briefing_id: UUID) -> dict[str, str]:
    """Everything that was archived, as it is stored: for whoever wants to compute it again elsewhere. Raises `NotFound`."""
    row = briefing_row(actor, briefing_id)
    return {name: getattr(row, name) for name in ("source", "source_hash", "content", "document", "document_hash")}


def view(actor: Actor, row: Briefing) -> BriefingView:
    content = read_content(row.content)
    made = read_document(row.document) if row.document else _preview(row, content)
    return BriefingView(
        head=_head(row),
        revision=row.revision,
        content=content,
        document=made,
        source_hash=row.source_hash,
        document_hash=row.document_hash,
        returned=row.returned,
        may=_may(actor, row),
    )


def _preview(row: Briefing, content: Content) -> Document:
    return document(content, Imprint("", "", row.drafter_name, ""), synthetic=row.synthetic)


def _may(actor: Actor, row: Briefing) -> May:
    drafts, signs = DraftBriefing().can(actor, row), SignBriefing().can(actor, row)
    is_draft, is_submitted = row.state == BriefingState.DRAFT, row.state == BriefingState.SUBMITTED
    return May(
        edit=drafts and is_draft,
        submit=drafts and is_draft,
        send_back=(drafts or signs) and is_submitted,
        sign=signs and is_submitted,
        withdraw=row.state == BriefingState.ISSUED and WithdrawBriefing().can(actor, row),
        discard=drafts and is_draft,
    )


def _head(row: Briefing) -> BriefingHead:
    return BriefingHead(
        id=row.id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        title=row.title,
        state=BriefingState(row.state),
        language=Language(row.language),
        synthetic=row.synthetic,
        year=row.year,
        number=row.number,
        running=row.running,
        drafter=row.drafter_name,
        signer=row.signer_name,
        created_at=row.created_at,
        signed_at=row.signed_at,
        withdrawn_reason=row.withdrawn_reason,
    )
