"""Whom a policy means follows from its text and the tables: the same, told again in SQL, finds the same people."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from shuyang.practice.city.api import Truths, answers_of, eligible, template
from tests.practice.seeds import RESIDENTS, SEED

AGE = "date_diff('year', birth_date, DATE '2025-12-31') - (strftime(birth_date, '%m%d') > '1231')::INT"
PERSON = f"""
    SELECT r.*, {AGE} AS age, h.monthly_income AS family_income, h.members, h.housing,
        h.monthly_income < 640 * h.members AS poor,
        count(*) FILTER (WHERE {AGE} < 70 AND died_on IS NULL) OVER (PARTITION BY household_id) AS younger
    FROM resident r JOIN household h USING (household_id)
"""
MEANT = {
    1: "local_register AND age >= 80",
    2: "age >= 75 AND younger = 0",
    3: "local_register AND disability > 0 AND poor",
    4: "local_register AND disability IN (1, 2)",
    5: "age < 35 AND education IN ('本科', '研究生') AND firm_id IS NOT NULL AND housing = '租赁'",
    6: "occupation = '失业' AND age BETWEEN 18 AND 55",
    7: "occupation = '学生' AND poor",
    8: "chronic AND age >= 60 AND (insurance <> '未参保' OR poor)",
    9: "occupation IN ('个体经营', '务农') AND age BETWEEN 20 AND 60 AND monthly_income < 8000",
}


@pytest.mark.parametrize("policy", MEANT)
def test_it_means_whom_its_text_means(city: duckdb.DuckDBPyConnection, cities: Path, policy: int) -> None:
    answers = answers_of(template(cities, residents=RESIDENTS, seed=SEED))
    sql = f"SELECT resident_id FROM ({PERSON}) WHERE died_on IS NULL AND {MEANT[policy]}"
    found = {resident for (resident,) in city.execute(sql).fetchall()}
    assert found == eligible(answers, policy)
    assert len(found) > 20


def test_some_who_should_do_not_get_it_and_a_few_get_it_who_should_not(
    city: duckdb.DuckDBPyConnection, cities: Path
) -> None:
    answers = answers_of(template(cities, residents=RESIDENTS, seed=SEED))
    for policy in MEANT:
        meant = eligible(answers, policy)
        sql = "SELECT resident_id FROM policy_recipient WHERE policy_id = ?"
        gets = {resident for (resident,) in city.execute(sql, [policy]).fetchall()}
        assert 0.05 < len(gets & meant) / len(meant) < 0.97
        assert len(gets - meant) < 0.4 * len(gets) + 10


def test_the_screening_misses_those_whom_the_added_condition_hits(
    city: duckdb.DuckDBPyConnection, cities: Path, planted: Truths
) -> None:
    answers = answers_of(template(cities, residents=RESIDENTS, seed=SEED))
    facts = planted.of("biased_rule").facts
    for policy, passed in city.execute(
        "SELECT policy_id, list(resident_id) FILTER (passed) FROM policy_screening GROUP BY 1"
    ).fetchall():
        missed = eligible(answers, policy) - set(passed)
        assert set(passed) <= eligible(answers, policy)
        assert len(missed) == (facts["missed"] if policy == facts["policy_id"] else 0)
    assert facts["missed"] > 0
