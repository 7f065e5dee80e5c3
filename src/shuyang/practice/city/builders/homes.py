"""The table of households: addresses, housing, income together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.builders.households import Households
from shuyang.practice.city.builders.people import People
from shuyang.practice.city.draws import Draws, Flags, Ints
from shuyang.practice.city.places import COMMUNITIES_A_SUBDISTRICT, ROADS_A_SUBDISTRICT, Map
from shuyang.practice.city.store import Store, pick

HOUSING = ("自有", "租赁", "公租房", "宅基地")
# Yuan a month and head under which a family is poor in this city; invented.
POVERTY_LINE = 640


@dataclass
class Homes:
    """One row a household. `address`: the columns from which `address_sql` writes it."""

    subdistrict: Ints
    members: Ints
    address: dict[str, np.ndarray]
    housing: Ints
    area: Ints
    income: Ints
    poor: Flags  # a head under the line
    aided: Flags  # on the roll

    def address_of(self, household: Ints) -> dict[str, np.ndarray]:
        """The address columns of these households."""
        return {name: column[household] for name, column in self.address.items()}


def draw_homes(draws: Draws, places: Map, homes: Households, people: People) -> Homes:
    """Addresses, housing, income together, and who is on the roll: most poor families, and a few who no longer are."""
    n = len(homes.kind)
    rural = places.rural[homes.subdistrict].astype(bool)
    income = np.bincount(people.household, weights=people.income, minlength=n).astype(np.int64)
    poor = income < POVERTY_LINE * homes.members
    area = np.clip(draws.lognormal("home/area", n, 68.0, 0.35) + 9 * homes.members, 18, 420).astype(np.int64)
    return Homes(
        homes.subdistrict, homes.members, _addresses(draws, homes.subdistrict, rural), _housing(draws, homes, rural), area,
        income, poor, draws.chance("household/low income", n, np.where(poor, 0.58, 0.0012)),
    )  # fmt: skip


def _addresses(draws: Draws, subdistrict: Ints, rural: Flags) -> dict[str, np.ndarray]:
    n = len(subdistrict)
    community = subdistrict * COMMUNITIES_A_SUBDISTRICT + draws.below("home/community", n, COMMUNITIES_A_SUBDISTRICT)
    road = subdistrict * ROADS_A_SUBDISTRICT + draws.below("home/road", n, ROADS_A_SUBDISTRICT)
    room = (1 + draws.below("home/floor", n, 24)) * 100 + 1 + draws.below("home/room", n, 4)
    return {
        "subdistrict": subdistrict.astype(np.int16), "rural": rural, "road": road.astype(np.int16),
        "community": community.astype(np.int16), "house": (1 + draws.below("home/house", n, 260)).astype(np.int16),
        "block": (1 + draws.below("home/block", n, 28)).astype(np.int8),
        "stair": (1 + draws.below("home/stair", n, 4)).astype(np.int8), "room": room.astype(np.int16),
    }  # fmt: skip


def write_households(store: Store, homes: Homes) -> None:
    """The table `household`."""
    store.words("housing", HOUSING)
    columns = {
        "i": np.arange(len(homes.members), dtype=np.int32), **homes.address, "members": homes.members.astype(np.int8),
        "housing": homes.housing.astype(np.int8), "area": homes.area.astype(np.int16), "monthly_income": homes.income,
        "low_income": homes.aided,
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
