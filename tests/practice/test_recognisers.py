"""The recognisers, on texts whose templates their rules were not made from, and on what they must leave alone."""

from __future__ import annotations

import itertools

import duckdb
import pytest

from shuyang.practice.city import identifiers
from shuyang.practice.recognisers.find import find, kinds_of_column
from shuyang.practice.recognisers.found import Kind
from shuyang.practice.recognisers.measure import Score, measure
from shuyang.practice.recognisers.samples import HELD_OUT, TUNING, samples

CHECKABLE = (Kind.RESIDENT_ID, Kind.CREDIT_CODE, Kind.PHONE, Kind.BANK_CARD, Kind.PASSPORT, Kind.PLATE)


@pytest.fixture(scope="module")
def scores() -> dict[Kind, Score]:
    return measure(samples(424242, 3200, HELD_OUT))


@pytest.mark.parametrize("kind", CHECKABLE)
def test_it_finds_what_can_be_checked(scores: dict[Kind, Score], kind: Kind) -> None:
    assert scores[kind].there >= 200
    assert scores[kind].precision >= 0.98
    assert scores[kind].recall >= 0.98


def test_it_finds_addresses_and_most_names(scores: dict[Kind, Score]) -> None:
    """Measured: addresses 1.00 and 1.00 (from the same grammar), names 0.97 and 0.91 where words announce them."""
    assert scores[Kind.ADDRESS].precision >= 0.95
    assert scores[Kind.ADDRESS].recall >= 0.95
    assert scores[Kind.NAME].precision >= 0.93
    assert scores[Kind.NAME].recall >= 0.85


def test_the_texts_of_the_measurement_are_new() -> None:
    assert not set(TUNING) & set(HELD_OUT)


def found(text: str) -> list[tuple[Kind, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find(text)]


GOOD_ID = "58010219820713286" + identifiers.resident_check("58010219820713286")


@pytest.mark.parametrize(
    "text",
    [
        "订单号15412345678已签收", "流水号：0858001234567890123", "编号 580102198207132", "合计￥1612345678.90元",
        "云政发〔2025〕12号", "2025-03-14 至 2025-04-02", "热线12345", "版本 v3.12.4", "坐标 104.066,30.572",
        "型号E20250101", "表号16100000001", "ISBN 978-7-302-12345-6", "京A级景区", "岚江省高度重视安全生产",
        "设备SN E12345678", GOOD_ID[:-1] + ("1" if GOOD_ID[-1] != "1" else "2"), GOOD_ID + "7", "A" + GOOD_ID,
        "580102198213322864", "共有123456789012345678901234条", "龙江路正在施工", "云台区锦河街道",
    ],
)  # fmt: skip
def test_it_leaves_alone_what_only_looks_alike(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        (f"身份证{GOOD_ID}。", Kind.RESIDENT_ID, GOOD_ID),
        (f"{GOOD_ID[:6]} {GOOD_ID[6:14]} {GOOD_ID[14:]}", Kind.RESIDENT_ID, f"{GOOD_ID[:6]} {GOOD_ID[6:14]} {GOOD_ID[14:]}"),
        ("旧号580102820713286的", Kind.RESIDENT_ID, "580102820713286"),
        ("请拨154-1234-5678", Kind.PHONE, "154-1234-5678"),
        ("电话+86 15412345678", Kind.PHONE, "+86 15412345678"),
        ("车牌岚A·D12345", Kind.PLATE, "岚A·D12345"),
        ("岚B12345D停在门口", Kind.PLATE, "岚B12345D"),
        ("护照EI1234567", Kind.PASSPORT, "EI1234567"),
        ("因公护照 PE1234567", Kind.PASSPORT, "PE1234567"),
        ("申请人：欧阳明德，男", Kind.NAME, "欧阳明德"),
        ("阿木江·达娃娜", Kind.NAME, "阿木江·达娃娜"),
        ("王𬭎", Kind.NAME, "王𬭎"),
        ("家住云台区锦河街道龙江路18号", Kind.ADDRESS, "云台区锦河街道龙江路18号"),
    ],
)  # fmt: skip
def test_it_finds_each_form(text: str, kind: Kind, what: str) -> None:
    assert (kind, what) in found(text)


def test_findings_do_not_overlap() -> None:
    for sample in samples(9, 300, TUNING + HELD_OUT):
        spans = [(one.start, one.end) for one in find(sample.text)]
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("table", "field", "kind"),
    [
        ("resident", "id_number", Kind.RESIDENT_ID), ("social_insured", "id_number", Kind.RESIDENT_ID),
        ("firm", "credit_code", Kind.CREDIT_CODE), ("resident", "phone", Kind.PHONE),
        ("resident", "bank_card", Kind.BANK_CARD), ("resident", "passport_no", Kind.PASSPORT),
        ("resident", "plate_no", Kind.PLATE), ("household", "address", Kind.ADDRESS), ("resident", "name", Kind.NAME),
        ("property_register", "name", Kind.NAME), ("medical_insured", "address", Kind.ADDRESS),
    ],
)  # fmt: skip
def test_it_knows_what_a_column_of_the_city_holds(
    city: duckdb.DuckDBPyConnection, table: str, field: str, kind: Kind
) -> None:
    rows = city.execute(f"SELECT {field} FROM {table} WHERE {field} IS NOT NULL LIMIT 400").fetchall()
    best = kinds_of_column(value for (value,) in rows)[0]
    assert best.kind is kind
    assert best.share > 0.9


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("application", "case_no"), ("social_insured", "record_no"), ("firm", "name"), ("it_system", "name"),
        ("resident", "birth_date"), ("application", "submitted_at"), ("resident", "monthly_income"),
    ],
)  # fmt: skip
def test_it_finds_nothing_in_columns_without_identifiers(
    city: duckdb.DuckDBPyConnection, table: str, field: str
) -> None:
    rows = city.execute(f"SELECT {field} FROM {table} WHERE {field} IS NOT NULL LIMIT 400").fetchall()
    assert kinds_of_column(value for (value,) in rows) == []
