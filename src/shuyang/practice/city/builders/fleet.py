"""Official cars: trips on working days, a few on others, fuel as the kilometres ask for it; one car is used otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.builders.administration import Administration
from shuyang.practice.city.builders.people import plate_index, plate_sql
from shuyang.practice.city.calendar import DAY_MINUTES, DAYS, date_of, day_number, weekdays, working
from shuyang.practice.city.draws import Draws, Ints
from shuyang.practice.city.places import Map
from shuyang.practice.city.plan import Plan
from shuyang.practice.city.store import Store, moment, pick
from shuyang.practice.city.truths import Truth

MODELS, PRICES = ("轿车", "商务车", "越野车", "客车"), (15.5, 21.0, 23.0, 38.0)
PURPOSES = ("会议", "调研", "执法检查", "送文件", "接待", "走访群众", "应急", "培训")
AWAY = ("外市", "省城")
# Plates of official cars come after those of residents.
PLATES_FROM = 20_000_000


@dataclass
class Fleet:
    """Department of each car and whether it is electric."""

    department: Ints
    electric: np.ndarray

    def __len__(self) -> int:
        return len(self.department)


def write_fleet(
    store: Store, draws: Draws, plan: Plan, admin: Administration, places: Map, residents: int
) -> tuple[Truth, ...]:  # fmt: skip
    """The tables `official_car`, `car_trip`, `car_refuel`; returns what is wrong with two of the cars."""
    n = 40 + residents // 1000
    size = np.bincount(admin.staff_department, minlength=len(admin.short)).astype(float)
    fleet = Fleet(draws.choice("car/department", n, size), draws.chance("car/electric", n, 0.32))
    misused = plan.misused_car % n
    car, day, place = _outings(draws, plan, fleet, misused)
    busy = np.argsort(-np.bincount(car, minlength=n), kind="stable")
    busy = busy[busy != misused][: n // 2]  # on a car that hardly moves nobody could see it
    thirsty = int(busy[plan.thirsty_car % len(busy)])
    fleet.electric[thirsty] = False
    _cars(store, draws, fleet)
    distance = _trips(store, draws, admin, places, fleet, car, day, place, misused)
    _fuel(store, draws, fleet, car, day, distance, thirsty)
    return (
        Truth("misused_car", "有一辆公车几乎每个周末都去同一个地方，事由写调研。",
              {"car_id": misused + 1, "since": date_of(plan.misuse_day).isoformat()}),
        Truth("fuel_mismatch", "有一辆公车的加油量约为里程应耗油量的两倍。", {"car_id": thirsty + 1}),
    )  # fmt: skip


def _cars(store: Store, draws: Draws, fleet: Fleet) -> None:
    n = len(fleet)
    model = draws.choice("car/model", n, [0.48, 0.26, 0.2, 0.06])
    columns = {
        "i": np.arange(n), "unit": fleet.department, "plate": plate_index(PLATES_FROM + np.arange(n)), "electric": fleet.electric,
        "kind": model, "bought": day_number("2025-03-01") - draws.below("car/bought", n, 3600),
        "price": (np.array(PRICES)[model] * (0.85 + 0.3 * draws.uniform("car/price", n))).round(2),
    }  # fmt: skip
    store.words("car_models", MODELS)
    store.write("official_car", columns, {
        "car_id": "i + 1", "department_id": "unit + 1", "plate_no": plate_sql("plate"), "model": pick("car_models", "kind"),
        "bought_on": "DATE '2024-01-01' + CAST(bought AS INTEGER)",
    })  # fmt: skip


def _outings(draws: Draws, plan: Plan, fleet: Fleet, misused: int) -> tuple[Ints, Ints, Ints]:
    """Car, day and number within the day of each trip, by car and day."""
    n = len(fleet)
    eager = draws.lognormal("car/eager", n, 0.85, 0.4)
    weekday = np.where(working()[:DAYS], 1.0, 0.05)
    counts = draws.counts("trip/count", n * DAYS, np.outer(eager, weekday).ravel(), 4).reshape(n, DAYS)
    weekend = (weekdays()[:DAYS] == 5) & ~working()[:DAYS] & (np.arange(DAYS) >= plan.misuse_day)
    often = weekend & draws.chance("trip/misuse", DAYS, 0.85)
    counts[misused, often] = 1
    car, day = (np.repeat(x.ravel(), counts.ravel()) for x in np.indices((n, DAYS)))
    start = np.cumsum(counts.ravel()) - counts.ravel()
    return car, day, np.arange(len(car)) - np.repeat(start, counts.ravel())


def _trips(
    store: Store, draws: Draws, admin: Administration, places: Map, fleet: Fleet, car: Ints, day: Ints, place: Ints, misused: int
) -> np.ndarray:  # fmt: skip
    n, towns = len(car), len(places.subdistricts)
    where = draws.choice("trip/where", n, [*(0.93 * places.share), 0.05, 0.02])
    typical = np.concatenate([8 + 16 * draws.uniform("town/distance", towns), [130, 210]])
    private = (car == misused) & (weekdays()[day] == 5) & ~working()[day]
    last = np.append(place[1:] == 0, True)
    where = np.where(private, towns, np.where(last, where, where % towns))  # far away goes only the last trip of a day
    distance = np.where(
        private,
        262 + 6 * draws.uniform("trip/private", n),
        typical[where] * 2 * draws.lognormal("trip/distance", n, 1, 0.25),
    )
    start = 510 + place * 125 + draws.below("trip/start", n, 20)
    minutes = (
        (distance / 42 * 60 * np.where(where >= towns, 0.6, 1.0)).astype(int) + 10 + draws.below("trip/stay", n, 30)
    )
    minutes = np.where(where >= towns, minutes, np.minimum(minutes, 100))
    total = np.cumsum(distance)
    first = np.searchsorted(car, np.arange(len(fleet)))
    before = np.concatenate([[0], total])[first]
    odometer = 12_000 + draws.below("car/odometer", len(fleet), 90_000)
    columns = {
        "i": np.arange(n, dtype=np.int32), "car": car.astype(np.int16), "officer": _users(draws, admin, fleet, car),
        "why": np.where(private, 1, draws.choice("trip/why", n, [28, 20, 15, 8, 6, 12, 4, 7])).astype(np.int8),
        "place": where.astype(np.int16), "start": day * DAY_MINUTES + start, "finish": day * DAY_MINUTES + start + minutes,
        "distance": distance.round(1), "clock": (odometer[car] + total - before[car]).astype(int),
    }  # fmt: skip
    store.words("trip_purposes", PURPOSES)
    store.words("trip_places", (*places.subdistricts, *AWAY))
    store.write("car_trip", columns, {
        "trip_id": "i + 1", "car_id": "car + 1", "staff_id": "officer + 1", "purpose": pick("trip_purposes", "why"),
        "destination": pick("trip_places", "place"), "started_at": moment("start"), "ended_at": moment("finish"),
        "odometer": "clock",
    })  # fmt: skip
    return distance


def _users(draws: Draws, admin: Administration, fleet: Fleet, car: Ints) -> Ints:
    """Someone of the car's department who was still or already there at the end of the books."""
    pools = [admin.staff_of[int(d)] for d in fleet.department]
    sizes = np.array([len(p) for p in pools])
    table = np.zeros((len(pools), sizes.max()), dtype=np.int64)
    for row, pool in enumerate(pools):
        table[row, : len(pool)] = pool
    return table[car, (draws.uniform("trip/user", len(car)) ** 1.6 * sizes[car]).astype(np.int64)]


def _fuel(store: Store, draws: Draws, fleet: Fleet, car: Ints, day: Ints, distance: np.ndarray, thirsty: int) -> None:
    """Refuelled whenever some 350 km are done: 8.5 litres or 16 kWh for 100 km."""
    total = np.cumsum(distance)
    before = np.concatenate([[0], total])[np.searchsorted(car, np.arange(len(fleet)))]
    own = total - before[car]
    tank = np.floor(own / 350)
    rows = np.flatnonzero((tank > np.concatenate([[0], tank[:-1]])) & (np.concatenate([[-1], car[:-1]]) == car))
    electric = fleet.electric[car[rows]]
    use = np.where(electric, 16.0, 8.5) * np.where(car[rows] == thirsty, 2.0, 1.0)
    quantity = 3.5 * use * draws.lognormal("fuel/quantity", len(rows), 1.0, 0.08)
    price = np.where(electric, 1.1, 7.9) * (0.97 + 0.06 * draws.uniform("fuel/price", len(rows)))
    columns = {
        "i": np.arange(len(rows)), "car": car[rows],
        "time": day[rows] * DAY_MINUTES + 1050 + draws.below("fuel/time", len(rows), 90),
        "quantity": quantity.round(1), "amount": (quantity * price).round(2),
    }  # fmt: skip
    store.write("car_refuel", columns, {"refuel_id": "i + 1", "car_id": "car + 1", "refuelled_at": moment("time")})
