"""Who lives with whom: households by type, their members with role, age, sex and surname."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city.draws import Draws, Flags, Floats, Ints
from shuyang.practice.city.names import surnames
from shuyang.practice.city.places import Map

HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD, OTHER = range(6)
RELATIONS = ("户主", "配偶", "子女", "父母", "孙子女", "其他")


@dataclass(frozen=True)
class Kind:
    """A type of household: its share, its members' roles, and the head's age (mean, spread, least, most)."""

    share: float
    roles: tuple[int, ...]
    age: tuple[float, float, float, float]
    male: float


KINDS = (
    Kind(0.14, (HEAD,), (35, 12, 19, 62), 0.56),
    Kind(0.10, (HEAD,), (76, 8.5, 60, 99), 0.38),
    Kind(0.08, (HEAD, SPOUSE), (30, 5, 21, 46), 0.72),
    Kind(0.16, (HEAD, SPOUSE), (68, 8.5, 50, 93), 0.80),
    Kind(0.19, (HEAD, SPOUSE, CHILD), (42, 9, 23, 62), 0.74),
    Kind(0.10, (HEAD, SPOUSE, CHILD, CHILD), (40, 6.5, 25, 56), 0.74),
    Kind(0.05, (HEAD, CHILD), (43, 8, 23, 60), 0.35),
    Kind(0.06, (HEAD, SPOUSE, CHILD, PARENT), (40, 7, 25, 58), 0.75),
    Kind(0.05, (HEAD, SPOUSE, CHILD, PARENT, PARENT), (38, 7, 25, 55), 0.75),
    Kind(0.03, (HEAD, SPOUSE, CHILD, CHILD, PARENT, PARENT), (38, 6, 26, 52), 0.75),
    Kind(0.02, (HEAD, SPOUSE, GRANDCHILD), (62, 5, 52, 78), 0.78),
    Kind(0.02, (HEAD, OTHER, OTHER), (29, 7, 19, 52), 0.55),
)
MOST = max(len(kind.roles) for kind in KINDS)
MEAN = sum(kind.share * len(kind.roles) for kind in KINDS)


@dataclass
class Households:
    """One row a household."""

    kind: Ints
    subdistrict: Ints
    members: Ints


@dataclass
class Members:
    """One row a resident, household by household, its head first. Age: years, with fraction, at the city's today."""

    household: Ints
    role: Ints
    age: Floats
    male: Flags
    surname: Ints


def draw_households(draws: Draws, places: Map, residents: int) -> tuple[Households, Members]:
    """Households of exactly so many residents (the last one is cut where needed)."""
    most = int(residents / MEAN * 1.06) + 50
    kind = draws.choice("household/kind", most, [k.share for k in KINDS])
    ends = np.cumsum(np.array([len(k.roles) for k in KINDS])[kind])
    count = int(np.searchsorted(ends, residents)) + 1
    kind = kind[:count]
    sizes = np.diff(ends[:count], prepend=0)
    household = np.repeat(np.arange(count), sizes)[:residents]
    place = np.arange(residents) - (ends[:count] - sizes)[household]
    roles = np.full((len(KINDS), MOST), OTHER)
    for row, one in enumerate(KINDS):
        roles[row, : len(one.roles)] = one.roles
    role = roles[kind[household], place]
    homes = Households(
        kind, draws.choice("household/subdistrict", count, places.share), np.bincount(household, minlength=count)
    )
    return homes, _members(draws, kind, household, role, place)


def _members(draws: Draws, kind: Ints, household: Ints, role: Ints, place: Ints) -> Members:
    heads = _head_ages(draws, kind)
    male = _sexes(draws, kind, household, role, place)
    age = _ages(draws, heads, household, role, place, male)
    return Members(household, role, age, male, _surnames(draws, household, role, male))


def _head_ages(draws: Draws, kind: Ints) -> Floats:
    mean, spread, least, most = (np.array([k.age[i] for k in KINDS])[kind] for i in range(4))
    ages = mean + spread * draws.normal("household/age", len(kind))
    outside = (ages < least) | (ages > most)
    return np.where(outside, least + (most - least) * draws.uniform("household/age/outside", len(kind)), ages)


def _sexes(draws: Draws, kind: Ints, household: Ints, role: Ints, place: Ints) -> Flags:
    n = len(role)
    head = draws.chance("household/male", len(kind), np.array([k.male for k in KINDS])[kind])[household]
    parents = (role == PARENT) & (place == place[np.maximum(np.arange(n) - 1, 0)] + 1)
    second = parents & (role[np.maximum(np.arange(n) - 1, 0)] == PARENT)
    alone = (role == PARENT) & ~second & (role[np.minimum(np.arange(n) + 1, n - 1)] != PARENT)
    drawn = draws.chance("resident/male", n, np.where(role == CHILD, 0.525, np.where(alone, 0.32, 0.53)))
    return np.select(
        [role == HEAD, role == SPOUSE, second, (role == PARENT) & ~alone], [head, ~head, False, True], drawn
    )


def _ages(draws: Draws, heads: Floats, household: Ints, role: Ints, place: Ints, male: Flags) -> Floats:
    n, homes = len(role), len(heads)
    head, own = heads[household], draws.normal("resident/age", n)
    young = 2 * draws.uniform("household/young", homes)
    first = np.clip(27.5 + 4 * draws.normal("household/first child", homes), 17 + young, heads - 1 - young)
    eldest = heads - first
    gap = 1.2 + draws.exponential("household/gap", homes, 2.6)
    gap = np.where(gap < eldest, gap, eldest * draws.uniform("household/late", homes))
    is_second = (role == CHILD) & (role[np.maximum(np.arange(n) - 1, 0)] == CHILD) & (place > 0)
    child = eldest[household] - np.where(is_second, gap[household], 0)
    years = 2 * draws.uniform("resident/bounds", n)  # what is cut at a bound is spread over two years
    spouse = np.maximum(head + np.where(male, 2.0, -2.0) + 2.2 * own, 20.0 + years)
    parent = np.clip(head + np.where(male, 27.0, 25.0) + 3 * own, head + 17, 99.0 + years)
    grandchild = np.clip(head - 54 + 4 * own, 0.1 + years, 16 + years)
    other = np.clip(head + 6 * own, 17.0 + years, 70.0 + years)
    return np.select(
        [role == HEAD, role == SPOUSE, role == CHILD, role == PARENT, role == GRANDCHILD],
        [head, spouse, child, parent, grandchild],
        other,
    )


def _surnames(draws: Draws, household: Ints, role: Ints, male: Flags) -> Ints:
    """Children have their father's surname, a few their mother's; a man's father has his."""
    n, homes = len(role), int(household[-1]) + 1
    head, spouse = surnames(draws, "surname/head", homes), surnames(draws, "surname/spouse", homes)
    head_male = np.zeros(homes, dtype=bool)
    head_male[household[role == HEAD]] = male[role == HEAD]
    father, mother = np.where(head_male, head, spouse), np.where(head_male, spouse, head)
    child = np.where(draws.chance("surname/mother's", n, 0.06), mother[household], father[household])
    own = surnames(draws, "surname/own", n)
    of_parent = np.where(male, head[household], own)
    of_grandchild = np.where(draws.chance("surname/daughter's", n, 0.35), own, father[household])
    return np.select(
        [role == HEAD, role == SPOUSE, role == CHILD, role == PARENT, role == GRANDCHILD],
        [head[household], spouse[household], child, of_parent, of_grandchild],
        own,
    )
