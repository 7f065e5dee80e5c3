"""E6 judges a masked table by what it still gives away and what it is still good for, never by the name of a method."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shuyang.practice.authoring import Verdict
from shuyang.practice.examining import Judge
from shuyang.practice.package import scenario
from shuyang.practice.privacy.meaning import narrowed, read_as
from shuyang.practice.work import Work
from shuyang.practice.worlds import world

E6 = scenario("sensitive_data")


@pytest.fixture
def sight(worlds: Path) -> Iterator[Judge]:
    with Judge(E6, world(E6, 0, worlds), Work()) as judge:
        yield judge


def said(sight: Judge, monkeypatch: pytest.MonkeyPatch, **made: str) -> Verdict:
    """What is said of the safe table with some fields made by other means: a method of no known name."""
    methods = dict(E6.module.METHODS)
    chosen = dict(E6.module.SAFE)
    for field, sql in made.items():
        methods[field], chosen[field] = {**methods[field], "unheard of": sql}, "unheard of"
    monkeypatch.setattr(E6.module, "METHODS", methods)
    sight.work = Work((), {"mask": {"rows": {field: {"method": one} for field, one in chosen.items()}}})
    verdict: Verdict = E6.checkers["mask"](sight)
    return verdict


@pytest.mark.parametrize(
    ("field", "sql"),
    [
        ("birth_date", "CASE WHEN year(birth_date) >= 1986 THEN '1986~2010' WHEN year(birth_date) >= 1966 THEN '1966至1985' "
         "ELSE '1901-1965' END"),
        ("record_no", "md5('a secret' || record_no)"),
        ("id_number", "'******************'"),
        ("phone", "CASE WHEN phone IS NULL THEN NULL ELSE '***********' END"),
    ],
)  # fmt: skip
def test_any_method_that_reaches_it_passes(sight: Judge, monkeypatch: pytest.MonkeyPatch, field: str, sql: str) -> None:
    assert said(sight, monkeypatch, **{field: sql}).reason == "right"


@pytest.mark.parametrize(
    ("field", "sql", "reason"),
    [
        ("id_number", "left(id_number, 17) || '*'", "direct"),
        ("id_number", "md5(id_number)", "direct"),
        ("phone", "'*' || right(phone, 10)", "direct"),
        ("birth_date", "left(birth_date::VARCHAR, 7)", "found_again"),
        ("subdistrict", "left(subdistrict, 3) || '**'", "spare"),
        ("birth_date", "CASE WHEN year(birth_date) >= 1976 THEN '1976-2005' ELSE '1900-1975' END", "useless"),
        ("sex", "CASE sex WHEN '男' THEN 'A' ELSE 'B' END", "useless"),
        ("sex", "'男'", "useless"),
        ("chronic_kind", "coalesce(lead(chronic_kind) OVER (ORDER BY hash(record_no)), '高血压')", "distorted"),
        ("paid_by", "left(paid_by, 1) || '*'", "spare"),
    ],
)  # fmt: skip
def test_and_none_that_does_not(
    sight: Judge, monkeypatch: pytest.MonkeyPatch, field: str, sql: str, reason: str
) -> None:
    assert said(sight, monkeypatch, **{field: sql}).reason == reason


def test_a_value_is_read_as_the_one_thing_it_can_mean() -> None:
    days, bands = ["1950-03-01", "1961-01-01", "1970-05-05"], ["old", "old", "middle"]
    assert read_as(["1950-1969", "1961", "1950-1970", "1970-05", "R17", None], days, bands) == [
        "old", "old", None, "middle", None, None,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="one length"):
        read_as(["a"], ["a", "b"], ["x"])


def test_a_value_tells_something_where_it_narrows_what_can_be() -> None:
    before = ["1950", "1960", "1970", "1970"]
    assert narrowed(["1950-1960", "1950-1960", "1970", "197*"], before) == 1
    assert narrowed([None, "1900-2000", "R3", "****"], before) == 0
    assert narrowed(["1960", "1950", "1970", None], before) == 0.25
    assert narrowed(["1950-1965", "1960", "1970", "1970"], before, ["old", "old", "young", "young"]) == 0.25
    assert narrowed([], []) == 0
    with pytest.raises(ValueError, match="one length"):
        narrowed(["1950"], before)
