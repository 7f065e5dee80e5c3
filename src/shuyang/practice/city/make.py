"""Makes the city: the parts in order, one database, and what was planted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from shuyang.practice.city.builders.administration import draw_administration, write_administration
from shuyang.practice.city.builders.applications import draw_applications, write_applications, write_events
from shuyang.practice.city.builders.catalogue import Catalogue
from shuyang.practice.city.builders.energy import write_energy
from shuyang.practice.city.builders.extracts import Extracts
from shuyang.practice.city.builders.firms import draw_firms, firm_weights, words_of_firms, write_firms
from shuyang.practice.city.builders.fleet import write_fleet
from shuyang.practice.city.builders.homes import draw_homes, write_households
from shuyang.practice.city.builders.items import write_items
from shuyang.practice.city.builders.people import draw_people, words_of_people, write_people
from shuyang.practice.city.builders.policies import write_policies
from shuyang.practice.city.builders.published import write_published
from shuyang.practice.city.builders.ratings import write_ratings
from shuyang.practice.city.builders.security import write_security
from shuyang.practice.city.builders.systems import draw_systems, write_systems
from shuyang.practice.city.builders.technology import write_technology
from shuyang.practice.city.draws import Draws
from shuyang.practice.city.places import draw_map
from shuyang.practice.city.plan import draw_plan
from shuyang.practice.city.store import Store
from shuyang.practice.city.truths import Truths, write_truths
from shuyang.practice.city.truths_of_service import service_truths

LEAST, MOST = 20_000, 2_000_000
Report = Callable[[str, float], None]


def fill(store: Store, *, residents: int, seed: int, report: Report) -> Truths:
    """All tables of the city of this seed and size, and what was planted in it."""
    draws = Draws(seed)
    plan, places = draw_plan(draws), draw_map(draws, residents)
    report("部门", 0.0)
    words_of_people(store)
    words_of_firms(store, places)
    admin = draw_administration(draws, places, residents)
    write_administration(store, draws, places, admin)
    report("居民和家庭", 0.05)
    kind, weight = firm_weights(draws, residents)
    households, people = draw_people(draws, places, residents, weight)
    homes = draw_homes(draws, places, households, people)
    write_households(store, homes)
    write_people(store, people, draws)
    report("企业", 0.3)
    firms = draw_firms(draws, places, kind, weight, people)
    write_firms(store, firms, places, draws)
    report("政务服务", 0.4)
    write_items(store, admin)
    halls, cases = draw_applications(draws, plan, places, people, firms, admin)
    write_applications(store, halls, cases)
    write_events(store, cases)
    write_ratings(store, draws, cases)
    found = service_truths(plan, halls, cases)
    report("部门数据", 0.7)
    found += Extracts(store, draws, plan, places, people, homes, firms).write()
    report("惠民政策", 0.9)
    found += write_policies(store, draws, plan, admin, people, homes)
    report("数据资源与系统", 0.92)
    systems = draw_systems(draws, plan, admin)
    found += write_systems(store, draws, plan, systems)
    found += Catalogue(store, draws, plan, admin, systems).write()
    found += write_published(store, draws, plan, people, cases, places)
    report("机关运行", 0.94)
    found += write_fleet(store, draws, plan, admin, places, residents)
    found += write_energy(store, draws, plan, admin, residents)
    report("信息化与安全", 0.97)
    accounts, more = write_technology(store, draws, plan, admin, systems, firms)
    found += more + write_security(store, draws, plan, accounts)
    report("完成", 1.0)
    return Truths(residents, seed, found)


def threads() -> int:
    """Threads that DuckDB may use."""
    return max(1, min(4, os.cpu_count() or 1))


def quiet(step: str, share: float) -> None:
    """Report nothing."""


def make_database(
    path: Path, *, residents: int, seed: int, answers: Path | None = None, report: Report = quiet
) -> Truths:
    """Write the city into a new DuckDB file; says what was planted.

    `answers`: a second new file for all that graders need (see `truths`), made only where it is named.
    """
    store = Store(path, answers=answers, threads=threads())
    try:
        planted = fill(store, residents=residents, seed=seed, report=report)
    finally:
        store.close()
    if answers is not None:
        write_truths(answers, planted)
    return planted
