"""Reads of the room: a fixed number of statements however many people sit in it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from shuyang.delivery import engine
from shuyang.delivery.contracts import CampaignState, SittingState
from shuyang.delivery.live.absent import absent, absent_ids, door_shut
from shuyang.delivery.live.calls import call_view
from shuyang.delivery.live.contracts import CallView, EventView, Room, RoomCounts, RoomLine, Seat, SeatDetail
from shuyang.delivery.live.rules import CallState, EventKind
from shuyang.delivery.models import Campaign, HelpCall, Sitting, SittingEvent
from shuyang.delivery.policies import EnterRoom, RuleOnItem, SuperviseSitting
from shuyang.delivery.recruitment.names import names_sealed, numbers_of
from shuyang.delivery.views import campaign_view
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.people.api import account_names, persons
from shuyang.trust.api import SYSTEM, Actor

PAGE = 50
ABSENT = "absent"
SHOWN = {
    "": Q(),
    "running": Q(state=SittingState.RUNNING, paused_at=None),
    "paused": Q(state=SittingState.RUNNING, paused_at__isnull=False),
    "finished": ~Q(state=SittingState.RUNNING),
}


def rooms(*, actor: Actor) -> list[RoomLine]:
    """Campaigns open now, or with someone still at it, whose rooms the actor may enter; those that call first."""
    at, own = now(), SuperviseSitting().visible_to(actor)
    at_it = dict(_counted(Sitting.objects.filter(own, state=SittingState.RUNNING)))
    calls = dict(_counted(HelpCall.objects.filter(own, state=CallState.OPEN)))
    lively = Q(state=CampaignState.OPEN, opens_at__lte=at, closes_at__gt=at) | Q(id__in=list(at_it))
    found = Campaign.objects.filter(EnterRoom().visible_to(actor)).filter(lively).order_by("-opens_at")
    lines = [RoomLine(campaign_view(c), at_it.get(c.id, 0), calls.get(c.id, 0)) for c in found]
    return sorted(lines, key=lambda line: -line.calls)


def _counted(rows: QuerySet[Sitting] | QuerySet[HelpCall]) -> list[tuple[UUID, int]]:
    return list(rows.order_by().values("campaign_id").annotate(n=Count("id")).values_list("campaign_id", "n"))


def room(*, actor: Actor, campaign_id: UUID, show: str = "", page: int = 1) -> Room:
    """One page of a campaign's room. `show`: running | paused | finished | absent, or all. Raises `NotFound`."""
    campaign = _campaign(actor, campaign_id)
    seen = Sitting.objects.filter(SuperviseSitting().visible_to(actor), campaign=campaign)
    missing = absent_ids(actor, campaign)
    counts, show = _counts(seen, len(missing)), show if show in {*SHOWN, ABSENT} else ""
    total = {"running": counts.running, "paused": counts.paused, "finished": counts.finished + counts.void,
             ABSENT: counts.absent}  # fmt: skip
    pages = max(1, -(-total.get(show, counts.begun) // PAGE))
    page = min(max(page, 1), pages)
    part = slice((page - 1) * PAGE, page * PAGE)
    view, closed, ruling = campaign_view(campaign), door_shut(actor, campaign), RuleOnItem().can(actor, campaign)
    if show == ABSENT:
        return Room(view, counts, (), show, page, pages, now(), absent(campaign, missing[part]), closed, ruling)
    rows = list(_ordered(seen.filter(SHOWN[show]))[part])
    return Room(view, counts, _seats(rows), show, page, pages, now(), (), closed, ruling)


def seat(*, actor: Actor, sitting_id: UUID) -> SeatDetail:
    """One seat and all that happened to it besides answers. Raises `NotFound`."""
    row = Sitting.objects.filter(SuperviseSitting().visible_to(actor), id=sitting_id).first()
    if row is None:
        raise NotFound("no such sitting")
    campaign = Campaign.objects.get(id=row.campaign_id)
    calls = tuple(call_view(c) for c in HelpCall.objects.filter(sitting=row).order_by("-at"))
    return SeatDetail(campaign_view(campaign), _seats([row])[0], _events(row), calls)


def _campaign(actor: Actor, campaign_id: UUID) -> Campaign:
    row = Campaign.objects.filter(EnterRoom().visible_to(actor), id=campaign_id).first()
    if row is None:
        raise NotFound("no such room")
    return row


def _counts(seen: QuerySet[Sitting], missing: int) -> RoomCounts:
    call = Exists(HelpCall.objects.filter(sitting=OuterRef("pk"), state=CallState.OPEN))
    return RoomCounts(
        absent=missing,
        **seen.aggregate(
            running=Count("id", filter=SHOWN["running"]),
            paused=Count("id", filter=SHOWN["paused"]),
            finished=Count("id", filter=Q(state=SittingState.FINISHED)),
            void=Count("id", filter=Q(state=SittingState.VOID)),
            calls=Count("id", filter=Q(call)),
        ),
    )


def _ordered(rows: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """Those who call, then those at it, the longest quiet first, then the finished, the latest first."""
    call = Exists(HelpCall.objects.filter(sitting=OuterRef("pk"), state=CallState.OPEN))
    rank = Case(
        When(call, then=Value(0)), When(state=SittingState.RUNNING, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    since = F("finished_at").desc(nulls_first=True)
    return (
        rows.select_related("campaign")
        .defer("excluded")
        .annotate(rank=rank)
        .order_by("rank", since, "presented_at", "id")
    )


def _seats(rows: Sequence[Sitting]) -> tuple[Seat, ...]:
    who = _who(rows)
    waiting = HelpCall.objects.filter(sitting__in=rows, state=CallState.OPEN)
    calls = {call.sitting_id: call_view(call) for call in waiting}
    return tuple(_seat(row, who.get(row.person_id), calls.get(row.id)) for row in rows)


def _who(rows: Sequence[Sitting]) -> dict[UUID, tuple[str, str]]:
    """Number and name by person; in a sealed recruitment the candidate's number and no name."""
    if rows and names_sealed(rows[0].campaign):
        numbers = numbers_of(rows[0].campaign_id, [row.person_id for row in rows])
        return {person_id: (number, "") for person_id, number in numbers.items()}
    found = persons(actor=SYSTEM, person_ids=[row.person_id for row in rows])
    return {person_id: (view.number, view.name) for person_id, view in found.items()}


def _seat(row: Sitting, who: tuple[str, str] | None, call: CallView | None) -> Seat:
    allowed = engine.blueprint_of(row).max_seconds or 0
    return Seat(
        sitting_id=row.id,
        number=who[0] if who else "",
        name=who[1] if who else "",
        unit_name=row.post.get("unit_name", ""),
        state=SittingState(row.state),
        paused_by=row.paused_by if row.state == SittingState.RUNNING else "",
        paused_at=row.paused_at,
        answered=len(row.answers),
        remaining=row.remaining,
        minutes_used=row.active_ms // 60_000,
        minutes_allowed=int(allowed + row.extra_seconds) // 60 if allowed else 0,
        shown_at=row.presented_at,
        finished_at=row.finished_at,
        stop_reason=row.stop_reason,
        extra_minutes=row.extra_seconds // 60,
        call=call,
        synthetic=row.synthetic,
    )


def labels_of(rows: Sequence[Sitting]) -> dict[UUID, str]:
    """How staff may call the person of each sitting: the name, or the candidate's number while names are sealed."""
    found: dict[UUID, str] = {}
    for campaign_id in {row.campaign_id for row in rows}:
        mine = [row for row in rows if row.campaign_id == campaign_id]
        who = _who(mine)
        found |= {row.id: who[row.person_id][1] or who[row.person_id][0] for row in mine if row.person_id in who}
    return found


def _events(row: Sitting) -> tuple[EventView, ...]:
    found = list(SittingEvent.objects.filter(sitting=row).order_by("-at", "-id"))
    names = account_names(account_ids=[e.account_id for e in found if e.account_id and not e.by_person])
    return tuple(
        EventView(
            kind=EventKind(e.kind), at=e.at, position=e.position, by=names.get(e.account_id, "") if e.account_id else "",
            own=e.by_person, reason=e.reason, minutes=e.seconds // 60,
        )
        for e in found
    )  # fmt: skip
