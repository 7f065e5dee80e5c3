"""Buildings and their meters: use follows weather, working days and people; one meter is broken."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.administration import CITY_DEPARTMENTS, Administration
from shuyang.practice.city.calendar import DAYS, date_of, day_number, working
from shuyang.practice.city.draws import Draws, Floats
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store
from shuyang.practice.city.truths import Truth

KINDS = (("电", "千瓦时"), ("水", "立方米"), ("气", "立方米"))
# What can go wrong with a meter, as a learner should put it.
FAULTS = (
    ("stuck", "读数不再变化，每天上传同一个数"),
    ("tenth", "倍率漏乘，用量只有应有的十分之一"),
    ("leak", "昼夜不停地漏，节假日用量也不降"),
)


def temperatures(draws: Draws) -> Floats:
    """Mean temperature of each day: the year's wave and weather that lasts some days."""
    season = 16.5 - 11.5 * np.cos(2 * np.pi * (np.arange(DAYS) - 20) / 365.25)
    weather, noise = np.zeros(DAYS), draws.normal("weather", DAYS)
    for i in range(1, DAYS):
        weather[i] = 0.78 * weather[i - 1] + 1.9 * noise[i]
    return (season + weather).round(1)


def write_energy(store: Store, draws: Draws, plan: Plan, admin: Administration, residents: int) -> tuple[Truth, ...]:
    """The tables `calendar_day`, `building`, `meter`, `meter_reading`; returns the broken meter."""
    heat = temperatures(draws)
    store.write("calendar_day", {"i": np.arange(DAYS), "open": working()[:DAYS], "temperature": heat},
                {"day": "DATE '2024-01-01' + CAST(i AS INTEGER)", "workday": "open"})  # fmt: skip
    n = len(CITY_DEPARTMENTS) + residents // 5000
    area = (draws.lognormal("building/area", n, 5200.0, 0.6) / 10).astype(int) * 10
    people = np.maximum((area / (26 + 10 * draws.uniform("building/room", n))).astype(int), 8)
    _buildings(store, draws, admin, area, people)
    faulty = plan.faulty_building % n * 3 + plan.meter_kind
    used = _use(draws, heat, area, people)
    used[faulty] = _broken(plan, used[faulty], working()[:DAYS])
    _readings(store, draws, used)
    kind, says = FAULTS[plan.meter_fault]
    since = date_of(plan.meter_day).isoformat()
    what = f"自 {since} 起，有一个{KINDS[plan.meter_kind][0]}表的数据不可信：{says}。"
    return (Truth("meter_fault", what, {"meter_id": faulty + 1, "fault": kind, "since": since}),)


def _buildings(store: Store, draws: Draws, admin: Administration, area: np.ndarray, people: np.ndarray) -> None:
    n, floors, age = (
        len(area),
        draws.below("building/floors", len(area), 14),
        draws.below("building/age", len(area), 38),
    )
    owners = [i % len(admin.short) for i in range(n)]
    store.write_rows("building", [
        (i + 1, owners[i] + 1, f"{admin.short[owners[i]]}{'办公楼' if i < len(admin.short) else '附楼'}", int(area[i]),
         2 + int(floors[i]), 2022 - int(age[i]), min(int(people[i]), 30_000))
        for i in range(n)
    ])  # fmt: skip


def _use(draws: Draws, heat: Floats, area: np.ndarray, people: np.ndarray) -> Floats:
    """Daily use by meter (three a building) and day."""
    n, open_ = len(area), working()[:DAYS]
    cooling, heating = np.clip(heat - 24, 0, None), np.clip(9 - heat, 0, None)
    noise = np.exp(0.07 * draws.normal("meter/noise", n * 3 * DAYS)).reshape(n, 3, DAYS)
    habit = draws.lognormal("building/habit", n * 3, 1.0, 0.25).reshape(n, 3, 1)
    light = (
        np.where(open_, 0.105, 0.034)
        + np.where(open_, 0.017, 0.004) * cooling
        + np.where(open_, 0.010, 0.003) * heating
    )
    water = np.where(open_, 0.052, 0.008) * (1 + 0.012 * np.clip(heat - 10, 0, None))
    gas = np.where(open_, 0.06, 0.006) + np.where(open_, 0.011, 0.004) * heating
    daily = np.stack([np.outer(area, light), np.outer(people, water), np.outer(people, gas)], axis=1)
    return (daily * habit * noise).reshape(n * 3, DAYS)


def _broken(plan: Plan, used: Floats, open_: np.ndarray) -> Floats:
    """What the faulty meter tells."""
    after = np.arange(DAYS) >= plan.meter_day
    usual = float(np.median(used[open_]))
    wrong = {"stuck": np.full(DAYS, used[plan.meter_day]), "tenth": used / 10, "leak": used + 1.1 * usual}
    return np.where(after, wrong[FAULTS[plan.meter_fault][0]], used)


def _readings(store: Store, draws: Draws, used: Floats) -> None:
    meters = len(used)
    installed = day_number("2023-06-01") - draws.below("meter/installed", meters, 2200)
    store.write_rows("meter", [
        (m + 1, m // 3 + 1, *KINDS[m % 3], date_of(int(installed[m]))) for m in range(meters)
    ])  # fmt: skip
    meter, day = np.indices(used.shape)
    columns = {"m": meter.ravel().astype(np.int16), "d": day.ravel().astype(np.int16), "amount": used.ravel().round(1)}
    store.write("meter_reading", columns, {
        "meter_id": "m + 1", "day": "DATE '2024-01-01' + CAST(d AS INTEGER)", "used": "amount",
    })  # fmt: skip
