"""Residents: birth, identifiers, names, work, income, health."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city import identifiers
from shuyang.practice.city.builders.households import (
    CHILD,
    GRANDCHILD,
    HEAD,
    PARENT,
    RELATIONS,
    SPOUSE,
    Households,
    Members,
    draw_households,
)
from shuyang.practice.city.calendar import DAYS, YEAR_DAY, ymd
from shuyang.practice.city.draws import Draws, Flags, Floats, Ints
from shuyang.practice.city.names import LEXICON, Names, former_names, given_names
from shuyang.practice.city.places import Map
from shuyang.practice.city.store import Store, day, pick

MARITAL = ("未婚", "已婚", "离异", "丧偶")
EDUCATION = ("", "小学", "初中", "高中或中专", "大专", "本科", "研究生")
OCCUPATIONS = ("学龄前", "学生", "在业", "个体经营", "务农", "失业", "退休", "其他")
PRESCHOOL, STUDENT, EMPLOYED, TRADER, FARMER, JOBLESS, RETIRED, IDLE = range(8)
INSURANCE = ("未参保", "居民", "职工")


@dataclass
class People:
    """Columns of residents (one row each) on which other parts build. Days: since 1900-01-01 for births, since the
    start of the books for deaths (−1: alive). `subdistrict`: where he lives."""

    household: Ints
    role: Ints
    age: Floats
    years: Ints  # full years of age at the city's today, by the calendar
    male: Flags
    birth: Ints
    region: Ints
    sequence: Ints
    names: Names
    former: Ints  # second character of the name before a change, −1 without
    subdistrict: Ints
    marital: Ints
    education: Ints
    occupation: Ints
    firm: Ints
    income: Ints
    phone: Ints  # index of the number, −1 without
    card: Ints
    local: Flags
    disability: Ints
    chronic: Flags
    insurance: Ints
    account: Flags
    died: Ints

    def __len__(self) -> int:
        return len(self.age)


def draw_people(draws: Draws, places: Map, residents: int, firm_weights: Floats) -> tuple[Households, People]:
    """Households and residents; `firm_weights` says how likely each firm employs someone."""
    homes, members = draw_households(draws, places, residents)
    n, age, subdistrict = residents, members.age, homes.subdistrict[members.household]
    table, _ = ymd()
    last = len(table) - 1
    birth = last - np.ceil(age * 365.2425).astype(np.int64)
    local = draws.chance("resident/local", n, np.where(age > 55, 0.93, np.where(members.role >= 5, 0.35, 0.8)))
    region = _regions(draws, places, subdistrict, local)
    education, occupation = _education(draws, age), _occupation(draws, age, members, places.rural[subdistrict])
    names = given_names(draws, "resident/name", members.surname, members.male, table[birth] // 10000)
    return homes, People(
        household=members.household, role=members.role, age=age, years=(int(table[last]) - table[birth]) // 10_000,
        male=members.male, birth=birth, region=region,
        sequence=_sequences(draws, region, birth, members.male),
        names=names, former=former_names(draws, "resident", names, 0.012),
        subdistrict=subdistrict, marital=_marital(draws, members), education=education, occupation=occupation,
        firm=_firms(draws, occupation, firm_weights), income=_income(draws, occupation, education, age),
        phone=_phones(draws, age), card=np.where(draws.chance("resident/card", n, np.where(age > 16, 0.82, 0.05)),
                                                 np.arange(n), -1),
        local=local, disability=_disability(draws, age), chronic=draws.chance("resident/chronic", n, _ill(age)),
        insurance=_insurance(draws, occupation, age), account=draws.chance("resident/account", n, _online(age)),
        died=_deaths(draws, age),
    )  # fmt: skip


def _regions(draws: Draws, places: Map, subdistrict: Ints, local: Flags) -> Ints:
    """Region codes of first registration: mostly the own district; newcomers from elsewhere in the province."""
    n = len(subdistrict)
    moved = draws.chance("region/moved", n, 0.22)
    other = draws.below("region/other", n, len(places.share))
    here = places.region(np.where(moved, other, subdistrict))
    outside = (identifiers.PROVINCE * 100 + 2 + draws.below("region/city", n, 11)) * 100
    return np.where(local, here, outside + 21 + draws.below("region/county", n, 9))


def _sequences(draws: Draws, region: Ints, birth: Ints, male: Flags) -> Ints:
    """Sequence numbers, odd for men, different for all who share region, day and sex."""
    key = (region * 60_000 + birth) * 2 + male
    order = np.argsort(key, kind="stable")
    arranged = key[order]
    start = np.flatnonzero(np.concatenate([[True], arranged[1:] != arranged[:-1]]))
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - np.repeat(start, np.diff(np.append(start, len(key))))
    if rank.max() >= 500:
        raise ValueError("more than 500 births of one sex in a district on a day")
    offset = (key * 2_654_435_761 + draws.seed * 97) % 500
    return (offset + rank * 7) % 500 * 2 + male


def _marital(draws: Draws, members: Members) -> Ints:
    n, age, role = len(members.age), members.age, members.role
    apart = draws.uniform("resident/apart", n)
    single = np.select(
        [age < 26, age < 55, age < 65], [0 * role, np.where(apart < 0.72, 0, 2), np.where(apart < 0.5, 2, 3)],
        np.where(apart < 0.9, 3, 2),
    )  # fmt: skip
    paired = np.zeros(int(members.household[-1]) + 1, dtype=bool)
    paired[members.household[role == SPOUSE]] = True
    couple = ((role == HEAD) & paired[members.household]) | (role == SPOUSE) | ((role == PARENT) & (apart < 0.72))
    parent = (role == HEAD) & ~paired[members.household] & (np.roll(role, -1) == CHILD)
    young = (role == CHILD) | (role == GRANDCHILD)
    married_child = young & (age > 27) & (apart < 0.25)
    return np.select([couple | married_child, young, parent], [1, 0, np.where(apart < 0.85, 2, 3)], single)


def _education(draws: Draws, age: Floats) -> Ints:
    """Level reached, by year of birth: each generation stays longer at school."""
    u = draws.uniform("resident/education", len(age))
    ends = np.array([
        [0.42, 0.76, 0.92, 0.97, 0.995], [0.14, 0.55, 0.78, 0.90, 0.985], [0.04, 0.34, 0.56, 0.77, 0.955],
        [0.01, 0.16, 0.38, 0.63, 0.92],
    ])  # fmt: skip
    group = np.searchsorted(np.array([32, 47, 64]), age, side="right")
    grown = 1 + (u[:, None] >= ends[3 - group]).sum(axis=1)
    at_school = np.searchsorted(np.array([6.5, 12.5, 15.5, 18.5]), age, side="right")
    return np.where(age < 22, np.minimum(grown, at_school), np.where(age < 25, np.minimum(grown, 5), grown))


def _occupation(draws: Draws, age: Floats, members: Members, rural: Ints) -> Ints:
    u, country = draws.uniform("resident/occupation", len(age)), rural.astype(bool)
    worker = np.select(
        [u < np.where(country, 0.40, 0.68), u < np.where(country, 0.53, 0.81), u < np.where(country, 0.83, 0.83),
         u < 0.885], [EMPLOYED, TRADER, FARMER, JOBLESS], IDLE,
    )  # fmt: skip
    pension = np.where(members.male, 60, 53)
    late = np.where(country & (u < 0.45), FARMER, np.where(u < 0.06, TRADER, RETIRED))
    youth = np.where(u < np.clip((23.5 - age) / 7, 0, 0.97), STUDENT, worker)
    return np.select([age < 6.4, age < 16, age < 23.5, age < pension], [PRESCHOOL, STUDENT, youth, worker], late)


def _firms(draws: Draws, occupation: Ints, weights: Floats) -> Ints:
    """The employer of everyone employed, −1 for others and for one in seven whose employer is no firm."""
    n = len(occupation)
    firm = draws.choice("resident/firm", n, weights)
    return np.where((occupation == EMPLOYED) & ~draws.chance("resident/no firm", n, 0.14), firm, -1)


def _income(draws: Draws, occupation: Ints, education: Ints, age: Floats) -> Ints:
    """Yuan a month, in tens: log-normal around a median by work and schooling, with a heavy tail among traders."""
    n = len(age)
    middle = np.array([0, 0, 5200, 4600, 1900, 0, 3100, 260])[occupation]
    school = np.array([0.8, 0.82, 0.88, 1.0, 1.15, 1.45, 1.9])[education]
    career = np.where(occupation == RETIRED, 1.0, np.clip(0.72 + 0.017 * (age - 20), 0.72, 1.15))
    spread = np.where(occupation == TRADER, 0.75, np.where(occupation == IDLE, 0.9, 0.42))
    pay = middle * school * career * np.exp(spread * draws.normal("resident/income", n))
    basic = (occupation == RETIRED) & draws.chance("resident/basic pension", n, 0.26)
    pay = np.where(basic, 180 + 90 * draws.uniform("resident/pension", n), pay)
    dole = np.where(draws.chance("resident/dole", n, 0.35), 1500, 0)
    return (np.where(occupation == JOBLESS, dole, pay) / 10).astype(np.int64) * 10


def _phones(draws: Draws, age: Floats) -> Ints:
    """Index of the phone number: mostly the resident's own, −1 for those without."""
    share = np.interp(age, [5, 8, 12, 16, 60, 75, 90], [0, 0.3, 0.7, 0.97, 0.98, 0.82, 0.45])
    return np.where(draws.chance("resident/phone", len(age), share), np.arange(len(age)), -1)


def _ill(age: Floats) -> Floats:
    return np.interp(age, [20, 40, 55, 65, 80], [0.02, 0.09, 0.28, 0.48, 0.66])


def _online(age: Floats) -> Floats:
    return np.interp(age, [12, 18, 30, 50, 60, 70, 80, 90], [0, 0.75, 0.93, 0.88, 0.68, 0.42, 0.18, 0.05])


def _disability(draws: Draws, age: Floats) -> Ints:
    has = draws.chance("resident/disabled", len(age), np.interp(age, [0, 30, 60, 85], [0.008, 0.015, 0.05, 0.13]))
    return np.where(has, 1 + draws.choice("resident/disability", len(age), [0.13, 0.19, 0.34, 0.34]), 0)


def _insurance(draws: Draws, occupation: Ints, age: Floats) -> Ints:
    u = draws.uniform("resident/insurance", len(age))
    worker = np.where(u < 0.86, 2, np.where(u < 0.95, 1, 0))
    other = np.where(u < 0.14, 0, 1)
    retired = np.where(u < 0.55, 2, np.where(u < 0.97, 1, 0))
    return np.select(
        [age < 16, occupation == EMPLOYED, occupation == RETIRED], [0 * occupation, worker, retired], other
    )


def _deaths(draws: Draws, age: Floats) -> Ints:
    """Day of death for those who died in the last year (Gompertz: doubling every eight years of age), −1 for others."""
    risk = np.clip(0.00045 * np.exp(0.0866 * (age - 25)), 0.0001, 0.35)
    when = YEAR_DAY + draws.below("resident/died", len(age), DAYS - YEAR_DAY)
    return np.where(draws.chance("resident/dies", len(age), risk), when, -1)


# --- tables ----------------------------------------------------------------------------------------------------------


def write_people(store: Store, people: People, draws: Draws) -> None:
    """The table `resident`."""
    n, (table, first) = len(people), ymd()
    number, check = identifiers.resident_numbers(people.region, table[people.birth], people.sequence)
    grown = (people.age > 22) & (people.age < 85)
    passport = grown & draws.chance("resident/passport", n, np.where(people.income > 6000, 0.42, 0.12))
    plate = grown & draws.chance("resident/plate", n, np.where(people.income > 4000, 0.36, 0.09))
    columns = {
        "i": np.arange(n, dtype=np.int32), "number": number, "checked": check.astype(np.int8),
        "surname": people.names.surname.astype(np.int16), "first": people.names.first.astype(np.int16),
        "second": people.names.second.astype(np.int16), "male": people.male, "birth": people.birth.astype(np.int32),
        "household_id": people.household.astype(np.int32) + 1, "role": people.role.astype(np.int8),
        "marital": people.marital.astype(np.int8), "education": people.education.astype(np.int8),
        "occupation": people.occupation.astype(np.int8), "firm": people.firm.astype(np.int32),
        "monthly_income": people.income.astype(np.int32), "phone": phone_column(people.phone),
        "card": np.where(people.card >= 0, identifiers.card_numbers(people.card), -1),
        "passport": passport, "plate": np.where(plate, plate_index(np.arange(n)), -1), "local_register": people.local,
        "disability": people.disability.astype(np.int8), "chronic": people.chronic,
        "insurance": people.insurance.astype(np.int8), "online_account": people.account,
        "died": people.died.astype(np.int32),
    }  # fmt: skip
    store.write("resident", columns, {
        "resident_id": "i + 1", "id_number": id_sql("number", "checked"), "name": name_sql(),
        "sex": "CASE WHEN male THEN '男' ELSE '女' END", "birth_date": f"DATE '{first}' + CAST(birth AS INTEGER)",
        "relation": pick("relations", "role"), "marital": pick("marital", "marital"),
        "education": f"nullif({pick('education', 'education')}, '')", "occupation": pick("occupations", "occupation"),
        "firm_id": "CASE WHEN firm >= 0 THEN firm + 1 END", "phone": "CASE WHEN phone > 0 THEN phone END",
        "bank_card": card_sql("card"),
        "passport_no": passport_sql("i", "passport"), "plate_no": plate_sql("plate"),
        "insurance": pick("insurance", "insurance"), "died_on": day("died"),
    })  # fmt: skip


def words_of_people(store: Store) -> None:
    """Word lists for the columns of people."""
    for name, words in (
        ("surnames", LEXICON.surnames), ("firsts", LEXICON.firsts), ("seconds", LEXICON.seconds),
        ("relations", RELATIONS), ("marital", MARITAL), ("education", EDUCATION), ("occupations", OCCUPATIONS),
        ("insurance", INSURANCE), ("id_checks", list(identifiers.RESIDENT_CHECKS)),
        ("plate_letters", list(identifiers.PLATE_LETTERS)),
    ):  # fmt: skip
        store.words(name, words)


def phone_column(index: Ints) -> Ints:
    """Phone numbers of these indices, −1 where there is none."""
    return np.where(index >= 0, identifiers.phone_numbers(np.maximum(index, 0)), -1)


def plate_index(owner: Ints) -> Ints:
    """A number below 24 × 24 × 10⁴ × 4 for each owner, scattered, all different up to 20 million owners."""
    return (owner * 7_919_203 + 104_729) % 23_040_000


def id_sql(number: str, check: str) -> str:
    """SQL of a resident id from its first 17 digits and its check."""
    return f"CAST({number} AS VARCHAR) || {pick('id_checks', check)}"


def name_sql(surname: str = "surname", first: str = "first", second: str = "second") -> str:
    """SQL of a name from its three indices."""
    return " || ".join((pick("surnames", surname), pick("firsts", first), pick("seconds", second)))


def passport_sql(index: str, has: str) -> str:
    """SQL of a passport number, which carries a letter that no real one has."""
    letter = f"CASE WHEN {index} % 2 = 0 THEN 'EI' ELSE 'EO' END"
    return f"CASE WHEN {has} THEN {letter} || right(CAST(10000000 + {index} * 3 + 1234567 AS VARCHAR), 7) END"


def card_sql(number: str) -> str:
    """SQL of a card number from the digits after its prefix; null for negative ones."""
    digits = f"right(CAST(10000000000000 + {number} AS VARCHAR), 13)"
    return f"CASE WHEN {number} >= 0 THEN '{identifiers.CARD_PREFIX}' || {digits} END"


def plate_sql(index: str) -> str:
    """SQL of a number plate: the sign of the invented province, a letter, then letters and four digits in four forms."""
    letters = [pick("plate_letters", f"{index} // 960000"), pick("plate_letters", f"({index} // 40000) % 24")]
    body = f"{letters[1]} || right(CAST(10000 + {index} % 10000 AS VARCHAR), 4)"
    other = f"right(CAST(10000 + {index} % 10000 AS VARCHAR), 4) || {letters[1]}"
    third, fourth = f"'D' || {body}", f"'F' || {body}"  # electric cars: six characters
    form = f"CASE ({index} // 10000) % 4 WHEN 0 THEN {body} WHEN 1 THEN {other} WHEN 2 THEN {third} ELSE {fourth} END"
    return f"CASE WHEN {index} >= 0 THEN '{identifiers.PLATE_SIGN}' || {letters[0]} || {form} END"
