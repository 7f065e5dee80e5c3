"""How a department keeps a person: the errors that its records have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.practice.city import identifiers
from shuyang.practice.city.builders.homes import Homes, address_sql
from shuyang.practice.city.builders.people import People, id_sql, name_sql, phone_column
from shuyang.practice.city.calendar import ymd
from shuyang.practice.city.draws import Draws, Ints
from shuyang.practice.city.names import Names, impoverished, miswritten

# Numbers that people had before: no resident, firm or officer has one of them now.
OLD_PHONES_FROM = 300_000_000
# Forms of the identity number in a record.
WHOLE, OLD, MISSING, LOWER = range(4)


@dataclass(frozen=True)
class Errors:
    """Shares of records with each fault. `old_id`: of those born before 1985; `poor_names`: the system keeps no rare
    characters and no middle dots."""

    old_id: float = 0.0
    no_id: float = 0.0
    wrong_id: float = 0.0
    wrong_name: float = 0.0
    former_name: float = 0.0
    no_phone: float = 0.0
    old_phone: float = 0.0
    old_address: float = 0.0
    wrong_birth: float = 0.0
    twice: float = 0.0
    poor_names: bool = False


def chosen(draws: Draws, name: str, residents: Ints, twice: float) -> Ints:
    """The residents of an extract in the order of its records, some of them twice."""
    again = residents[draws.chance(f"{name}/twice", len(residents), twice)]
    both = np.concatenate([residents, again])
    return both[draws.order(f"{name}/order", len(both))]


def columns(draws: Draws, name: str, people: People, homes: Homes, rows: Ints, errors: Errors) -> dict[str, np.ndarray]:
    """The columns of the records of these residents (an index a record), for the expressions in SQL below."""
    n, (dates, _) = len(rows), ymd()
    date = dates[people.birth[rows]]
    number, check = identifiers.resident_numbers(people.region[rows], date, people.sequence[rows])
    form = _forms(draws, name, n, date // 10000, errors)
    number = _mistyped(draws, name, number, draws.chance(f"{name}/wrong id", n, errors.wrong_id))
    old = people.region[rows] * 10**9 + date % 1_000_000 * 1000 + people.sequence[rows]
    names = _names(draws, name, people, rows, errors)
    return {
        "i": np.arange(n, dtype=np.int32), "resident": rows.astype(np.int32), "form": form.astype(np.int8),
        "number": np.where(form == OLD, old, number), "checked": check.astype(np.int8),
        "surname": names.surname.astype(np.int16), "first": names.first.astype(np.int16),
        "second": names.second.astype(np.int16), "male": people.male[rows],
        "birth": _births(draws, name, people.birth[rows], errors.wrong_birth),
        "phone": _phones(draws, name, people, rows, errors),
        **_addresses(draws, name, people, homes, rows, errors),
    }  # fmt: skip


def _forms(draws: Draws, name: str, n: int, year: Ints, errors: Errors) -> Ints:
    u = draws.uniform(f"{name}/form", n)
    old = (year < 1985) & draws.chance(f"{name}/old id", n, errors.old_id)
    return np.where(u < errors.no_id, MISSING, np.where(old, OLD, np.where(u > 0.985, LOWER, WHOLE)))


def _mistyped(draws: Draws, name: str, number: Ints, wrong: np.ndarray) -> Ints:
    """One digit changed, or two neighbours swapped where they differ."""
    n = len(number)
    place = 10 ** draws.below(f"{name}/place", n, 11)
    low, high = number // place % 10, number // (place * 10) % 10
    changed = number + ((low + 1 + draws.below(f"{name}/digit", n, 9)) % 10 - low) * place
    swapped = number + (high - low) * place + (low - high) * place * 10
    swap = draws.chance(f"{name}/swap", n, 0.5) & (low != high)
    return np.where(wrong, np.where(swap, swapped, changed), number)


def _names(draws: Draws, name: str, people: People, rows: Ints, errors: Errors) -> Names:
    own, former = people.names.take(rows), people.former[rows]
    stale = (former >= 0) & draws.chance(f"{name}/former", len(rows), errors.former_name)
    kept = Names(own.surname, own.first, np.where(stale, former, own.second))
    written = miswritten(draws, f"{name}/name", kept, errors.wrong_name)
    return impoverished(written) if errors.poor_names else written


def _births(draws: Draws, name: str, birth: Ints, share: float) -> Ints:
    """Days since 1900-01-01; wrong ones are off by days (the lunar date), a year, or are the first of January."""
    n, (dates, _) = len(birth), ymd()
    which = draws.below(f"{name}/birth error", n, 3)
    date = dates[birth]
    new_year = birth - (date % 10000 // 100 - 1) * 30 - date % 100  # near enough to the first of January
    lunar, year = birth - 20 - draws.below(f"{name}/lunar", n, 25), birth + 365
    off = np.clip(np.select([which == 0, which == 1], [lunar, year], new_year), 1, len(dates) - 1)
    return np.where(draws.chance(f"{name}/wrong birth", n, share), off, birth).astype(np.int32)


def _phones(draws: Draws, name: str, people: People, rows: Ints, errors: Errors) -> Ints:
    own = people.phone[rows]
    old = draws.chance(f"{name}/old phone", len(rows), errors.old_phone)
    kept = np.where(old & (own >= 0), OLD_PHONES_FROM + rows, own)
    return phone_column(np.where(draws.chance(f"{name}/no phone", len(rows), errors.no_phone), -1, kept))


def _addresses(
    draws: Draws, name: str, people: People, homes: Homes, rows: Ints, errors: Errors
) -> dict[str, np.ndarray]:
    """Address columns, of an earlier home where the record is stale, and the style in which it is written."""
    n = len(rows)
    earlier = draws.below(f"{name}/earlier", n, len(homes.members))
    stale = draws.chance(f"{name}/old address", n, errors.old_address)
    household = np.where(stale, earlier, people.household[rows])
    style = draws.choice(f"{name}/style", n, [0.74, 0.16, 0.10])
    return {**homes.address_of(household), "style": style.astype(np.int8)}


# --- expressions -----------------------------------------------------------------------------------------------------


def record_id_sql() -> str:
    """SQL of the identity number as the record has it."""
    whole = id_sql("number", "checked")
    return (
        f"CASE form WHEN {OLD} THEN CAST(number AS VARCHAR) WHEN {MISSING} THEN NULL "
        f"WHEN {LOWER} THEN lower({whole}) ELSE {whole} END"
    )


def record_address_sql() -> str:
    """SQL of the address in the record's style: whole; without the city; with hyphens."""
    whole = address_sql()
    short = f"replace({whole}, '云川市', '')"
    hyphens = f"regexp_replace({short}, '(\\d+)幢(\\d+)单元(\\d+)室', '\\1-\\2-\\3')"
    return f"CASE style WHEN 0 THEN {whole} WHEN 1 THEN {short} ELSE {hyphens} END"


def shared_sql() -> dict[str, str]:
    """SQL of the fields that extracts share, by field name."""
    return {
        "id_number": record_id_sql(), "name": name_sql(), "address": record_address_sql(),
        "sex": "CASE WHEN male THEN '男' ELSE '女' END", "birth_date": "DATE '1900-01-01' + CAST(birth AS INTEGER)",
        "phone": "CASE WHEN phone > 0 THEN phone END",
    }  # fmt: skip
