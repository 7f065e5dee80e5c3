"""Applications from submission to delivery, with their queues, returns and reviews."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.builders.administration import Administration
from shuyang.practice.city.builders.firms import Firms
from shuyang.practice.city.builders.items import ITEMS, SEASONS, departments_of
from shuyang.practice.city.builders.people import People
from shuyang.practice.city.builders.queues import waits
from shuyang.practice.city.calendar import (
    DAY_MINUTES,
    DAYS,
    WORK_MINUTES,
    YEAR_DAY,
    clock_minute,
    months,
    weekdays,
    work_days,
    work_minute,
    working,
)
from shuyang.practice.city.draws import Draws, Flags, Floats, Ints
from shuyang.practice.city.places import CITY, DISTRICTS, Map
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store, moment, pick

A_RESIDENT = 1.2
NOW = DAYS * DAY_MINUTES
# No window is busy for more of its day than this, on average over the year and before anything was planted.
WINDOW_LOAD = 0.55 * WORK_MINUTES
RESULTS = ("准予", "不予", "办理中")


@dataclass
class Halls:
    """One row a hall. `first`: number of its first window among all windows."""

    name: tuple[str, ...]
    district: Ints
    windows: Ints
    first: Ints


@dataclass
class Applications:
    """One row an application, in order of submission. Times: minutes since the start of the books; −1: not reached.
    `arrival` and `called`: working minutes."""

    item: Ints
    resident: Ints
    firm: Ints
    online: Flags
    hall: Ints
    window: Ints
    submitted: Ints
    waited: Floats
    service: Floats
    returns: Ints
    returned: Ints
    resent: Ints
    accepted: Ints
    reviewed: Ints
    consulted: Ints
    decided: Ints
    finished: Ints
    days: Floats
    refused: Flags
    staff: Ints

    def __len__(self) -> int:
        return len(self.item)


def draw_applications(
    draws: Draws, plan: Plan, places: Map, people: People, firms: Firms, admin: Administration
) -> tuple[Halls, Applications]:
    """A year of applications."""
    n = int(len(people) * A_RESIDENT)
    item = draws.choice("application/item", n, [t.volume for t in ITEMS])
    of_firm = np.array([t.firm for t in ITEMS])[item]
    applicant = _applicants(draws, people, n)
    firm = np.where(of_firm, draws.choice("application/firm", n, np.sqrt(firms.weight)), -1)
    resident = np.where(of_firm, -1, applicant)
    online = _channel(draws, item, applicant, of_firm, people)
    day, minute = _moments(draws, item, online)
    order = np.lexsort((minute, day))
    item, firm, resident = item[order], firm[order], resident[order]
    online, day, minute = online[order], day[order], minute[order]
    home = np.where(resident >= 0, people.subdistrict[resident], firms.subdistrict[firm])
    halls, hall, window, service = _halls(draws, places, item, online, home)
    arrival = work_minute(day, minute).astype(np.float64)
    service = _bottleneck(plan, halls, hall, item, day, service)
    waited = np.zeros(n)
    at_window = ~online
    waited[at_window] = waits(window[at_window], arrival[at_window], service[at_window])
    rest = _process(draws, plan, item, online, arrival, waited, service, admin, day)
    return halls, Applications(
        item=item, resident=resident, firm=firm, online=online, hall=hall, window=window,
        submitted=day * DAY_MINUTES + minute, waited=waited, service=service, **rest,
    )  # fmt: skip


def _applicants(draws: Draws, people: People, n: int) -> Ints:
    """Adults who live; a few go far more often than others."""
    adults = np.flatnonzero((people.age > 17) & (people.died < 0))
    often = draws.order("application/often", len(adults))
    return adults[often[(draws.uniform("application/applicant", n) ** 1.5 * len(adults)).astype(np.int64)]]


def _channel(draws: Draws, item: Ints, applicant: Ints, of_firm: Flags, people: People) -> Flags:
    """Online where the item allows it and the applicant has an account: seven in ten do it then."""
    able = np.array([t.online for t in ITEMS])[item] & (of_firm | people.account[applicant])
    return able & draws.chance("application/online", len(item), np.where(of_firm, 0.8, 0.68))


def _moments(draws: Draws, item: Ints, online: Flags) -> tuple[Ints, Ints]:
    """Day and minute of submission: windows on working days, mornings first; online at any time, most in the evening."""
    n = len(item)
    day = np.zeros(n, dtype=np.int64)
    for season, by_month in enumerate(SEASONS):
        own = np.array([t.season for t in ITEMS])[item] == season
        for is_online in (False, True):
            rows = np.flatnonzero(own & (online == is_online))
            weights = _day_weights(np.array(by_month), is_online)
            day[rows] = YEAR_DAY + draws.choice(f"application/day/{season}/{is_online}", len(rows), weights)
    u, v = draws.uniform("application/minute", n), draws.uniform("application/half", n)
    morning = 540 + 175 * u**1.25
    afternoon = 810 + 230 * u**1.1
    at_window = np.where(v < 0.58, morning, afternoon)
    hours = np.array(
        [1, 1, 1, 1, 1, 2, 5, 12, 34, 60, 62, 48, 36, 40, 50, 50, 44, 38, 32, 40, 46, 36, 18, 6], dtype=float
    )
    at_home = draws.choice("application/hour", n, hours) * 60 + 60 * u
    return day, np.where(online, at_home, at_window).astype(np.int64)


def _day_weights(by_month: Floats, online: bool) -> Floats:
    """Weight of each day of the year: month, weekday, and the rush around long holidays."""
    days = np.arange(YEAR_DAY, DAYS)
    by_weekday = np.array([1.28, 1.05, 0.98, 0.95, 0.88, 0.5, 0.45])[weekdays()[days]]
    open_ = working()
    rush = np.where(~open_[days - 1] & ~open_[days - 2] & ~open_[days - 3], 1.35, 1.0)
    shut = np.where(open_[days], 1.0, 0.30 if online else 0.0)
    return by_month[months(days) - 1] * by_weekday * rush * shut


def _halls(draws: Draws, places: Map, item: Ints, online: Flags, home: Ints) -> tuple[Halls, Ints, Ints, Floats]:
    """Where those without the net go: the city's hall or their district's; windows follow the work there is."""
    n, minutes = len(item), np.array([t.minutes for t in ITEMS])[item]
    service = np.maximum(draws.lognormal("application/service", n, minutes * 0.88, 0.5), 2.0)
    own = places.district_of[home] + 1
    hall = np.where(draws.chance("application/city hall", n, 0.38), 0, own)
    names = (f"{CITY}政务服务中心", *[f"{CITY}{d[0]}政务服务中心" for d in DISTRICTS])
    per_day = np.bincount(hall[~online], weights=service[~online], minlength=len(names)) / _open_days()
    windows = np.maximum(np.ceil(per_day / WINDOW_LOAD), 1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(windows)[:-1]])
    window = first[hall] + draws.below("application/window", n, windows[hall])
    district = np.array([0, *range(len(DISTRICTS))])
    return Halls(names, district, windows, first), np.where(online, -1, hall), np.where(online, -1, window), service


def _open_days() -> int:
    return int(working()[YEAR_DAY:DAYS].sum())


def _bottleneck(plan: Plan, halls: Halls, hall: Ints, item: Ints, day: Ints, service: Floats) -> Floats:
    """Longer service where the plan has its bottleneck: so much longer that the hall's windows are nearly always busy."""
    since = (hall == plan.queue_hall) & (day >= plan.queue_day)
    slow = plan.slows(hall, item, day)
    open_days = int(working()[plan.queue_day : DAYS].sum())
    aim = plan.queue_load * WORK_MINUTES * open_days * halls.windows[plan.queue_hall]
    factor = np.clip((aim - service[since & ~slow].sum()) / max(service[slow].sum(), 1.0), 1.5, 6.0)
    return np.where(slow, service * factor, service)


def _process(
    draws: Draws, plan: Plan, item: Ints, online: Flags, arrival: Floats, waited: Floats, service: Floats,
    admin: Administration, day: Ints,
) -> dict[str, np.ndarray]:  # fmt: skip
    """From the first look at the papers to delivery, all in working minutes, then on the clock."""
    n = len(item)
    looked = arrival + np.where(online, draws.exponential("case/look", n, 150.0), waited + service)
    missing = np.clip(
        np.array([t.missing for t in ITEMS])[item] * np.where(online, 1.25, 0.9) * plan.returns(item), 0, 0.9
    )
    returns = draws.counts("case/returns", n, -np.log1p(-missing), 3)
    mend = draws.lognormal("case/mend", n, 1.6 * WORK_MINUTES, 0.8) * returns
    accepted = looked + mend
    review = draws.lognormal("case/review", n, np.array([t.days for t in ITEMS])[item] * WORK_MINUTES * 0.55, 0.62)
    steps = np.array([t.steps for t in ITEMS])[item]
    consult = np.where(steps >= 3, review * 0.7 * plan.consults(item, day), 0.0)
    decided = accepted + review + consult
    finished = decided + draws.exponential("case/deliver", n, np.where(online, 60.0, 200.0))
    return {
        "returns": returns, "returned": _clock(np.where(returns > 0, looked, -1)),
        "resent": _clock(np.where(returns > 0, accepted - 20, -1)), "accepted": _clock(accepted),
        "reviewed": _clock(accepted + review), "consulted": _clock(np.where(consult > 0, accepted + review + consult * 0.9, -1)),
        "decided": _clock(decided), "finished": _clock(finished),
        "days": np.where(_clock(decided) < 0, -1, np.ceil((decided - accepted) / WORK_MINUTES)),
        "refused": draws.chance("case/refused", n, 0.012 + 0.02 * (steps >= 4) + 0.02 * (returns > 1)),
        "staff": _officers(draws, item, admin),
    }  # fmt: skip


def _clock(work: Floats) -> Ints:
    """Minutes on the clock; −1 where it has not come yet."""
    most = len(work_days()) * WORK_MINUTES - 1
    clock = clock_minute(np.clip(work, 0, most).astype(np.int64))
    return np.where((work < 0) | (clock >= NOW), -1, clock)


def _officers(draws: Draws, item: Ints, admin: Administration) -> Ints:
    """Who reviews: of the department of the item, some far more than others."""
    pools = [admin.staff_of[d] for d in departments_of(admin).tolist()]
    sizes = np.array([len(p) for p in pools])
    table = np.zeros((len(pools), sizes.max()), dtype=np.int64)
    for row, pool in enumerate(pools):
        table[row, : len(pool)] = pool
    skewed = draws.uniform("case/officer", len(item)) ** 1.7
    return table[item, (skewed * sizes[item]).astype(np.int64)]


# --- tables ----------------------------------------------------------------------------------------------------------


def write_applications(store: Store, halls: Halls, cases: Applications) -> None:
    """The tables `service_hall` and `application`."""
    store.write_rows("service_hall", [
        (i + 1, name, int(halls.district[i]) + 1, int(halls.windows[i])) for i, name in enumerate(halls.name)
    ])  # fmt: skip
    n = len(cases)
    store.words("results", RESULTS)
    columns = {
        "i": np.arange(n, dtype=np.int32), "item": cases.item.astype(np.int16),
        "resident": cases.resident.astype(np.int32), "firm": cases.firm.astype(np.int32), "online": cases.online,
        "hall": cases.hall.astype(np.int16), "no": (cases.window - halls.first[cases.hall] + 1).astype(np.int16),
        "submitted": cases.submitted, "wait": np.minimum(cases.waited, 600).astype(np.int16),
        "accepted": cases.accepted, "decided": cases.decided, "finished": cases.finished,
        "returns": cases.returns.astype(np.int8), "days": cases.days.astype(np.int16),
        "result_": np.where(cases.decided < 0, 2, cases.refused).astype(np.int8), "officer": cases.staff.astype(np.int32),
    }  # fmt: skip
    store.write("application", columns, {
        "application_id": "i + 1", "case_no": "'YC2025' || right(CAST(10000000 + i + 1 AS VARCHAR), 7)",
        "item_id": "item + 1", "resident_id": "CASE WHEN resident >= 0 THEN resident + 1 END",
        "firm_id": "CASE WHEN firm >= 0 THEN firm + 1 END",
        "channel": "CASE WHEN online THEN '网上' ELSE '窗口' END", "hall_id": "CASE WHEN NOT online THEN hall + 1 END",
        "window_no": "CASE WHEN NOT online THEN no END", "submitted_at": moment("submitted"),
        "waited": "CASE WHEN NOT online THEN wait END", "accepted_at": moment("accepted"),
        "decided_at": moment("decided"), "finished_at": moment("finished"),
        "working_days": "CASE WHEN days >= 0 THEN days END", "result": pick("results", "result_"),
        "staff_id": "officer + 1",
    })  # fmt: skip


EVENTS = ("提交", "叫号", "退回补正", "补正提交", "受理", "审核", "会签", "决定", "送达")


def write_events(store: Store, cases: Applications) -> None:
    """The table `application_event`: what was reached of each application, in order of time."""
    online = cases.online
    called = np.where(online, -1, cases.submitted + cases.waited.astype(np.int64))
    times = np.stack([
        cases.submitted, called, cases.returned, cases.resent, cases.accepted, cases.reviewed, cases.consulted,
        cases.decided, cases.finished,
    ], axis=1)  # fmt: skip
    reached = times >= 0
    row, kind = np.nonzero(reached)
    sequence = (np.cumsum(reached, axis=1))[row, kind]
    store.words("events", EVENTS)
    columns = {
        "row": row.astype(np.int32), "sequence": sequence.astype(np.int8), "kind": kind.astype(np.int8),
        "time": times[row, kind], "officer": np.where(np.isin(kind, (0, 3)), -1, cases.staff[row]).astype(np.int32),
    }  # fmt: skip
    store.write("application_event", columns, {
        "application_id": "row + 1", "event": pick("events", "kind"), "happened_at": moment("time"),
        "staff_id": "CASE WHEN officer >= 0 THEN officer + 1 END",
    })  # fmt: skip
