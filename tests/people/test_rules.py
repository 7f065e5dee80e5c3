"""Pure rules of people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.people.rosters import identity

from shuyang.people import rules
from shuyang.people.importing.cells import Refused, parse_date
from shuyang.people.pinyin import name_keys


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("007", "007"),
        (" ００７ ", "007"),
        ("ab-1", "AB-1"),
        ("A 1", "A1"),
        ("", None),
        ("张三", None),
        ("x" * 41, None),
        ("=1", None),
    ],
)
def test_it_reads_a_person_number(text: str, number: str | None) -> None:
    assert rules.clean_number(text) == number


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张　三", "张三"),
        ("欧阳 小 明", "欧阳小明"),
        ("Anna  Li", "Anna Li"),
        ("古丽•买买提", "古丽·买买提"),
        ("㛃䶮𬭎𠅤𫖯", "㛃䶮𬭎𠅤𫖯"),
        ("\ufa0e", "\ufa0e"),
        ("张3", None),
        ("=1+1", None),
        ("", None),
        ("··", None),
        ("张\u200b三", None),
        ("a" * 81, None),
    ],
)
def test_it_reads_a_name_without_changing_its_characters(text: str, name: str | None) -> None:
    assert rules.clean_name(text) == name


@settings(max_examples=40)
@given(st.integers(0, 5000), st.integers(0, 16))
def test_it_notices_any_one_wrong_digit_of_an_identity_number(serial: int, place: int) -> None:
    good = identity(serial)
    assert rules.clean_identity(good) == good
    wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
    assert rules.clean_identity(wrong) is None


@pytest.mark.parametrize("text", ["", "11010119900230001X", "1101011990010100", "abc", "110101199013010010"])
def test_it_refuses_what_is_no_identity_number(text: str) -> None:
    assert rules.clean_identity(text) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("(010)12345678", "01012345678"),
        ("12", None),
        ("", None),
    ],
)
def test_it_reads_a_phone_number(text: str, phone: str | None) -> None:
    assert rules.clean_phone(text) == phone


@settings(max_examples=40)
@given(st.dates(date(1940, 1, 1), date(2199, 12, 31)))
def test_it_reads_a_date_in_every_way_it_is_written(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{y}{m:02}{d:02}",
        f"{day} 00:00:00",
    ):
        assert parse_date(text) == day
    assert parse_date(f"{y}年{m}月") == parse_date(f"{y}.{m:02}") == day.replace(day=1)


@pytest.mark.parametrize("value", [45292.0, 2024.1, "2024.13.1", "2024-02-30", "昨天", "24.1.1", True])
def test_it_guesses_no_date(value: object) -> None:
    with pytest.raises(Refused):
        parse_date(value)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("曾小雨", "zengxiaoyu zxy"),
        ("单雄信", "shanxiongxin sxx"),
        ("尉迟敬德", "yuchijingde ycjd"),
        ("覃明", "qinming qm tanming tm"),
        ("陈𬭎", "chenhong ch"),
        ("王𠅤", "wangxi wx"),
        ("李𫖯", "lifu lf"),
        ("刘䶮", "liuyan ly"),
        ("张㛃", "zhangjie zj"),
        ("", ""),
    ],
)
def test_it_knows_how_a_name_is_read(name: str, keys: str) -> None:
    assert name_keys(name).strip() == keys


def test_it_makes_codes_that_survive_paper() -> None:
    printed = rules.printed_code("ABCDE23456")
    assert rules.clean_code(f" {printed.lower()} ") == "ABCDE23456"
    assert not set("01OIL") & set(rules.CODE_ALPHABET)


def test_it_masks_all_but_the_ends() -> None:
    assert rules.masked("110101199001011234", head=4, tail=2) == "1101************34"
    assert rules.masked("12", head=4, tail=2) == "12"
