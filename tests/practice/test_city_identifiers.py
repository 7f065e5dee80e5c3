"""Identifiers pass every check, and belong to nobody."""

from __future__ import annotations

import re

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from shuyang.practice.city import identifiers

# First two digits of GB/T 2260: provinces, Taiwan, Hong Kong, Macao; 83 and 91 occur in residence permits.
PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)}
PROVINCES |= {71, 81, 82, 83, 91}
PROVINCE_SIGNS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳使领学警"
# Segments in use by operators and for things, as public lists of 2022 have them.
SEGMENTS_IN_USE = {*range(130, 142), 144, *range(145, 154), *range(155, 160), 162, *range(165, 169), *range(170, 179)}
SEGMENTS_IN_USE |= {*range(180, 194), *range(195, 200)}


def column(city: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [value for (value,) in city.execute(sql).fetchall()]


def luhn_passes(number: str) -> bool:
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(number)))
    return total % 10 == 0


def test_resident_ids_pass_the_check_and_agree_with_birth_and_sex(city: duckdb.DuckDBPyConnection) -> None:
    rows = city.execute("SELECT id_number, strftime(birth_date, '%Y%m%d'), sex FROM resident").fetchall()
    assert len({number for number, _, _ in rows}) == len(rows)
    for number, birth, sex in rows:
        assert re.fullmatch(r"\d{17}[\dX]", number)
        # GB 11643: the weighted sum over all 18 characters is 1 modulo 11
        weights = [pow(2, 17 - i, 11) for i in range(18)]
        assert sum(w * (10 if c == "X" else int(c)) for w, c in zip(weights, number, strict=True)) % 11 == 1
        assert number[6:14] == birth
        assert (int(number[16]) % 2 == 1) == (sex == "男")
        assert int(number[:2]) not in PROVINCES


def test_credit_codes_pass_both_checks_and_lie_in_no_province(city: duckdb.DuckDBPyConnection) -> None:
    codes = column(city, "SELECT credit_code FROM firm UNION ALL SELECT credit_code FROM department")
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    assert len(set(codes)) == len(codes) > 1000
    for code in codes:
        assert len(code) == 18
        assert (
            sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(code)) % 31
            == (alphabet.index(code[17]) * (pow(3, 17, 31) - 1)) % 31
        )
        assert identifiers.organisation_check(code[8:16]) == code[16]
        assert int(code[2:4]) not in PROVINCES


def test_phones_are_of_segments_that_nobody_has(city: duckdb.DuckDBPyConnection) -> None:
    phones = column(
        city,
        "SELECT phone FROM resident WHERE phone IS NOT NULL UNION ALL SELECT phone FROM firm UNION ALL SELECT phone FROM staff",
    )
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"1\d{10}", phone) and int(phone[:3]) not in SEGMENTS_IN_USE for phone in phones)


def test_cards_pass_luhn_and_are_of_no_issuer(city: duckdb.DuckDBPyConnection) -> None:
    cards = column(city, "SELECT bank_card FROM resident WHERE bank_card IS NOT NULL")
    assert len(set(cards)) == len(cards) > 10_000
    assert all(len(card) == 19 and card.isdigit() and luhn_passes(card) and card.startswith("0") for card in cards)


def test_plates_and_passports_carry_signs_that_none_has(city: duckdb.DuckDBPyConnection) -> None:
    plates = column(city, "SELECT plate_no FROM resident WHERE plate_no IS NOT NULL")
    assert len(set(plates)) == len(plates) > 1000
    assert all(re.fullmatch(r"岚[A-HJ-NP-Z][0-9A-HJ-NP-Z]{5,6}", p) and p[0] not in PROVINCE_SIGNS for p in plates)
    passports = column(city, "SELECT passport_no FROM resident WHERE passport_no IS NOT NULL")
    assert len(set(passports)) == len(passports) > 1000
    assert all(re.fullmatch(r"E[IO]\d{7}", passport) for passport in passports)


digits = st.text("0123456789", min_size=1, max_size=18)


@given(digits, st.integers(0, 17), st.integers(1, 9))
def test_luhn_notices_every_single_wrong_digit(body: str, place: int, change: int) -> None:
    number = body + identifiers.luhn_check(body)
    at = place % len(number)
    wrong = number[:at] + str((int(number[at]) + change) % 10) + number[at + 1 :]
    assert luhn_passes(number)
    assert not luhn_passes(wrong)


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 15))
def test_the_resident_check_notices_swapped_neighbours(first: str, at: int) -> None:
    swapped = first[:at] + first[at + 1] + first[at] + first[at + 2 :]
    if first[at] != first[at + 1]:
        assert identifiers.resident_check(first) != identifiers.resident_check(swapped)
