"""The table of households: addresses, housing, income together."""

from __future__ import annotations

import numpy as np

from shuyang.practice.city.builders.households import Households
from shuyang.practice.city.builders.people import People
from shuyang.practice.city.draws import Draws, Flags, Ints
from shuyang.practice.city.places import COMMUNITIES_A_SUBDISTRICT, ROADS_A_SUBDISTRICT, Map
from shuyang.practice.city.store import Store, pick

HOUSING = ("自有", "租赁", "公租房", "宅基地")
# Yuan a month and head under which a family is poor in this city; invented.
POVERTY_LINE = 640


def household_income(homes: Households, people: People) -> Ints:
    """Sum of the members' incomes, yuan a month."""
    return np.bincount(people.household, weights=people.income, minlength=len(homes.kind)).astype(np.int64)


def low_income(draws: Draws, homes: Households, people: People) -> Flags:
    """Families on the roll: most of the poor ones, and a few who no longer are."""
    a_head = household_income(homes, people) / homes.members
    n = len(homes.kind)
    return draws.chance("household/low income", n, np.where(a_head < POVERTY_LINE, 0.58, 0.0012))


def write_households(store: Store, draws: Draws, places: Map, homes: Households, people: People) -> None:
    """The table `household`."""
    n = len(homes.kind)
    store.words("housing", HOUSING)
    rural = places.rural[homes.subdistrict].astype(bool)
    columns = {
        "i": np.arange(n, dtype=np.int32), "subdistrict": homes.subdistrict.astype(np.int16), "rural": rural,
        "road": (homes.subdistrict * ROADS_A_SUBDISTRICT + draws.below("home/road", n, ROADS_A_SUBDISTRICT)).astype(np.int16),
        "community": (homes.subdistrict * COMMUNITIES_A_SUBDISTRICT
                      + draws.below("home/community", n, COMMUNITIES_A_SUBDISTRICT)).astype(np.int16),
        "house": (1 + draws.below("home/house", n, 260)).astype(np.int16),
        "block": (1 + draws.below("home/block", n, 28)).astype(np.int8),
        "stair": (1 + draws.below("home/stair", n, 4)).astype(np.int8),
        "room": ((1 + draws.below("home/floor", n, 24)) * 100 + 1 + draws.below("home/room", n, 4)).astype(np.int16),
        "members": homes.members.astype(np.int8), "housing": _housing(draws, homes, rural).astype(np.int8),
        "area": np.clip(draws.lognormal("home/area", n, 68.0, 0.35) + 9 * homes.members, 18, 420).astype(np.int16),
        "monthly_income": household_income(homes, people), "low_income": low_income(draws, homes, people),
    }  # fmt: skip
    store.write("household", columns, {
        "household_id": "i + 1", "subdistrict_id": "subdistrict + 1", "address": address_sql(),
        "housing": pick("housing", "housing"),
    })  # fmt: skip


def address_sql() -> str:
    """SQL of an address: in town road, number, community, block, stair, room; in the country village, group, house."""
    place, road, community = (
        pick("map_places", "subdistrict"),
        pick("map_roads", "road"),
        pick("map_communities", "community"),
    )
    town = f"{road} || house || '号' || {community} || block || '幢' || stair || '单元' || room || '室'"
    return f"{place} || CASE WHEN rural THEN {community} || block || '组' || house || '号' ELSE {town} END"


def _housing(draws: Draws, homes: Households, rural: np.ndarray) -> Ints:
    u, young = draws.uniform("home/housing", len(homes.kind)), np.isin(homes.kind, (0, 2, 11))
    town = np.where(u < np.where(young, 0.48, 0.80), 0, np.where(u < 0.955, 1, 2))
    return np.where(rural, np.where(u < 0.82, 3, np.where(u < 0.94, 0, 1)), town)
