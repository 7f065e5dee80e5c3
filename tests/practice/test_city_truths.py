"""What was planted can be found in the tables, and only there where it was planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from shuyang.practice.city.api import TABLES, Truths, answers_of, matching, template, truths_of
from tests.practice.seeds import OTHER_SEED, RESIDENTS, SEED

City = tuple[duckdb.DuckDBPyConnection, Truths, Path]


@pytest.fixture(scope="module", params=[SEED, OTHER_SEED, 77, 4])
def told(request: pytest.FixtureRequest, cities: Path) -> Iterator[City]:
    """Cities of four seeds, each with what was planted in it."""
    path = template(cities, residents=RESIDENTS, seed=request.param)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection, truths_of(path), path


def number(city: duckdb.DuckDBPyConnection, sql: str, *values: object) -> float:
    row = city.execute(sql, list(values)).fetchone()
    assert row is not None
    return float(row[0] or 0)


def test_the_bottleneck_makes_people_wait_and_complain(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("queue_bottleneck").facts
    wait = "SELECT avg(waited) FROM application WHERE hall_id = ? AND (submitted_at >= ?) = ?"
    after = number(city, wait, facts["hall_id"], facts["since"], True)
    before = number(city, wait, facts["hall_id"], facts["since"], False)
    assert after > 1.8 * before
    bad = """SELECT avg((score <= 2)::INT) FROM rating JOIN application USING (application_id)
             WHERE channel = '窗口' AND (hall_id = ? AND submitted_at >= ?) = ?"""
    assert number(city, bad, facts["hall_id"], facts["since"], True) > 2 * number(
        city, bad, facts["hall_id"], facts["since"], False
    )


def test_the_item_with_the_wrong_list_is_sent_back_far_more_often(told: City) -> None:
    city, truths, _ = told
    item = truths.of("needless_returns").facts["item_id"]
    share = "SELECT avg((returns > 0)::INT) FROM application WHERE item_id = ?"
    documents = "SELECT documents FROM service_item WHERE item_id = ?"
    alike = """SELECT avg((returns > 0)::INT) FROM application JOIN service_item USING (item_id)
               WHERE documents = ? AND item_id <> ?"""
    others = number(city, alike, number(city, documents, item), item)
    assert number(city, share, item) > 1.5 * others


def test_the_default_date_of_birth_is_in_one_district_only(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("default_value").facts
    share = """SELECT avg((birth_date = ?)::INT) FROM medical_insured m
               JOIN district d ON contains(m.address, d.name) WHERE (d.district_id = ?) = ?"""
    assert number(city, share, facts["value"], facts["district_id"], True) > 0.4
    assert number(city, share, facts["value"], facts["district_id"], False) < 0.1


def test_the_leaking_field_gives_away_who_is_meant(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("leaking_field").facts
    found = {
        "birth_date": "regexp_matches(query_code, '^CX(19|20)\\d{6}\\d{3}[0-9X]$')",
        "phone": "regexp_matches(note, '1\\d{10}')",
        "id_number": "regexp_matches(note, '58\\d{15}[0-9X]')",
    }
    for leak, condition in found.items():
        rows = number(city, f"SELECT count(*) FROM published_case WHERE {condition}")
        assert rows == (facts["rows"] if leak == facts["leaks"] else 0)


def test_the_catalogue_is_wrong_where_it_says(told: City) -> None:
    city, truths, _ = told
    stale = "SELECT date_diff('day', updated_on, DATE '2025-12-31') FROM data_resource WHERE resource_id = ?"
    assert number(city, stale, truths.of("stale_resource").facts["resource_id"]) >= 200
    refused = "SELECT list(resource_id) FROM data_resource WHERE sharing = '不予共享' AND sharing_basis IS NULL"
    assert city.execute(refused).fetchone() == ([truths.of("unfounded_refusal").facts["resource_id"]],)
    expired = "SELECT list(grant_id) FROM data_grant WHERE expires_on < last_call_on"
    assert city.execute(expired).fetchone() == ([truths.of("expired_grant").facts["grant_id"]],)
    widest = "SELECT grant_id, fields FROM data_grant ORDER BY length(fields) DESC LIMIT 1"
    grant, fields = city.execute(widest).fetchall()[0]
    facts = truths.of("overwide_grant").facts
    assert grant == facts["grant_id"]
    assert set(facts["needed"]) < set(fields.split("、"))


def test_fields_graded_too_low_are_those_of_the_dictionary(told: City) -> None:
    city, truths, _ = told
    order = ["公开", "内部", "个人信息", "敏感个人信息"]
    rows = city.execute(
        """SELECT field_id, table_name, f.name, declared_grade FROM resource_field f
           JOIN data_resource USING (resource_id) WHERE table_name IS NOT NULL AND declared_grade IS NOT NULL"""
    ).fetchall()
    low = set()
    for field, table, name, declared in rows:
        true = next(f.grade.value for f in TABLES[table].fields if f.name == name)
        if order.index(declared) < order.index(true):
            low.add(field)
    listed = set(truths.of("undergraded_fields").facts["field_ids"])
    assert low <= listed
    assert len(low) >= 2


def test_the_duplicate_system_is_another_department_s(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("duplicate_system").facts
    owners = city.execute(
        "SELECT count(DISTINCT department_id), min(status) FROM it_system WHERE system_id IN (?, ?)",
        [facts["system_id"], facts["same_as"]],
    ).fetchone()
    assert owners == (2, "在用")


EXTRACTS = (
    "police_register",
    "social_insured",
    "medical_insured",
    "civil_aid",
    "disabled_register",
    "school_roll",
    "property_register",
)


@pytest.mark.parametrize("extract", EXTRACTS)
def test_it_knows_whose_every_record_is(city: duckdb.DuckDBPyConnection, cities: Path, extract: str) -> None:
    whose = matching(answers_of(template(cities, residents=RESIDENTS, seed=SEED)), extract)
    records = {record for (record,) in city.execute(f"SELECT record_no FROM {extract}").fetchall()}
    assert set(whose) == records
    people = dict(city.execute("SELECT resident_id, id_number FROM resident").fetchall())
    ids = city.execute(f"SELECT record_no, id_number FROM {extract} WHERE id_number IS NOT NULL").fetchall()
    right = sum(people[whose[record]] == written.upper() for record, written in ids)
    assert 0.85 < right / len(ids) <= 1


def test_departments_have_the_errors_that_real_ones_have(city: duckdb.DuckDBPyConnection) -> None:
    count = {
        "old ids": "SELECT count(*) FROM property_register WHERE length(id_number) = 15",
        "no ids": "SELECT count(*) FROM school_roll WHERE id_number IS NULL",
        "twice": "SELECT count(*) - count(DISTINCT id_number) FROM social_insured WHERE length(id_number) = 18",
        "former names": "SELECT count(*) FROM police_register WHERE former_name IS NOT NULL",
        "lost characters": "SELECT count(*) FROM social_insured WHERE contains(name, '□')",
        "dead but there": """SELECT count(*) FROM police_register p JOIN resident r USING (id_number)
                             WHERE died_on IS NOT NULL AND status = '正常'""",
    }
    assert {name: number(city, sql) > 0 for name, sql in count.items()} == dict.fromkeys(count, True)
    digits = "SELECT avg((a.name <> r.name)::INT) FROM medical_insured a JOIN resident r USING (id_number)"
    assert 0.002 < number(city, digits) < 0.05


def test_one_car_is_away_on_saturdays(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("misused_car").facts
    sql = """SELECT car_id FROM car_trip JOIN calendar_day ON day = CAST(started_at AS DATE)
             WHERE NOT workday AND dayofweek(day) = 6 AND started_at >= ? GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"""
    assert number(city, sql, facts["since"]) == facts["car_id"]
    far = "SELECT avg(distance) FROM car_trip WHERE car_id = ? AND dayofweek(started_at) = 6 AND started_at >= ?"
    assert number(city, far, facts["car_id"], facts["since"]) > 200


def test_one_car_drinks_twice_what_it_should(told: City) -> None:
    city, truths, _ = told
    sql = """WITH used AS (SELECT car_id, sum(quantity) AS litres FROM car_refuel GROUP BY 1),
                  done AS (SELECT car_id, sum(distance) AS km FROM car_trip GROUP BY 1)
             SELECT car_id, litres / km * 100 FROM used JOIN done USING (car_id) JOIN official_car USING (car_id)
             WHERE NOT electric AND km > 3000 ORDER BY 2 DESC LIMIT 2"""
    (first, most), (_, second) = city.execute(sql).fetchall()
    assert first == truths.of("fuel_mismatch").facts["car_id"]
    assert most > 1.5 * second


def test_one_meter_tells_nonsense(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("meter_fault").facts
    stuck = "SELECT count(DISTINCT used) FROM meter_reading WHERE meter_id = ? AND day > ?"
    change = """SELECT avg(used) FILTER (day >= $since) / avg(used) FILTER (day < $since) FROM meter_reading
                JOIN calendar_day USING (day) WHERE meter_id = $meter AND workday = $workday"""
    values = {"since": facts["since"], "meter": facts["meter_id"]}
    ratio = {w: city.execute(change, {**values, "workday": w}).fetchall()[0][0] for w in (True, False)}
    if facts["fault"] == "stuck":
        assert number(city, stuck, facts["meter_id"], facts["since"]) == 1
    elif facts["fault"] == "tenth":
        assert ratio[True] < 0.3
    else:
        assert ratio[False] > 2.5
        assert ratio[True] > 1.4
    others = (
        "SELECT min(n) FROM (SELECT count(DISTINCT used) AS n FROM meter_reading WHERE meter_id <> ? GROUP BY meter_id)"
    )
    assert number(city, others, facts["meter_id"]) > 5


def test_accounts_of_people_who_left_are_still_used(told: City) -> None:
    city, truths, _ = told
    sql = """SELECT account_id FROM account JOIN contractor_person USING (person_id)
             WHERE enabled AND left_on < last_login_on ORDER BY 1"""
    assert [a for (a,) in city.execute(sql).fetchall()] == truths.of("ghost_accounts").facts["account_ids"]


def test_the_intrusion_is_a_chain_from_one_address(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("intrusion").facts
    rows = city.execute(
        "SELECT event_id, kind, source_ip FROM security_event WHERE list_contains(?, event_id) ORDER BY happened_at",
        [facts["event_ids"]],
    ).fetchall()
    assert [kind for _, kind, _ in rows] == [
        "端口扫描", "登录失败", "登录失败", "登录成功", "权限变更", "批量导出", "批量导出", "日志清除",
    ]  # fmt: skip
    assert {address for *_, address in rows} == {facts["source_ip"]}


def test_one_proposal_wants_what_another_department_has(told: City) -> None:
    city, truths, _ = told
    facts = truths.of("duplicate_project").facts
    owners = """SELECT (SELECT department_id FROM it_project WHERE project_id = ?),
                       (SELECT department_id FROM it_system WHERE system_id = ?)"""
    proposer, owner = city.execute(owners, [facts["project_id"], facts["same_as_system"]]).fetchall()[0]
    assert proposer != owner
