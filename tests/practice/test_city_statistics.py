"""The statistics look like those of a city: bounds that no seed comes near, on two seeds."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pytest

from shuyang.practice.city.builders.queues import waits


@pytest.fixture(params=["city", "other_city"])
def either(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    """Each of the two cities."""
    return request.getfixturevalue(request.param)


def row(city: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    found = city.execute(sql).fetchone()
    assert found is not None
    return found


def test_ages_and_sexes_are_those_of_an_ageing_city(either: duckdb.DuckDBPyConnection) -> None:
    young, sixty, eighty, men = row(
        either,
        """SELECT avg((birth_date > '2010-12-31')::INT), avg((birth_date < '1966-01-01')::INT),
                  avg((birth_date < '1946-01-01')::INT), avg((sex = '男')::INT) FROM resident""",
    )
    assert 0.12 < young < 0.20
    assert 0.17 < sixty < 0.27
    assert 0.012 < eighty < 0.05
    assert 0.48 < men < 0.53


def test_households_are_small_and_some_hold_three_generations(either: duckdb.DuckDBPyConnection) -> None:
    mean, alone, large, poor = row(
        either,
        "SELECT avg(members), avg((members = 1)::INT), avg((members >= 5)::INT), avg(low_income::INT) FROM household",
    )
    assert 2.3 < mean < 2.9
    assert 0.18 < alone < 0.30
    assert 0.04 < large < 0.14
    assert 0.01 < poor < 0.08


def test_a_few_surnames_are_borne_by_many(either: duckdb.DuckDBPyConnection) -> None:
    shares = [n for (n,) in either.execute(
        "SELECT count(*) / 20000.0 FROM resident GROUP BY left(name, 1) ORDER BY 1 DESC").fetchall()]  # fmt: skip
    assert 0.03 < shares[0] < 0.09
    assert 0.22 < sum(shares[:10]) < 0.45
    assert len(shares) > 120
    rare, dotted = row(
        either, "SELECT sum(regexp_matches(name, '[㛃䶮𬭎𠅤𫖯𬱖䲟]')::INT), sum(contains(name, '·')::INT) FROM resident"
    )
    assert rare > 0
    assert dotted > 20


def test_incomes_and_firms_have_heavy_tails(either: duckdb.DuckDBPyConnection) -> None:
    median, mean, top = row(
        either,
        """SELECT median(monthly_income), avg(monthly_income), quantile_cont(monthly_income, 0.99) FROM resident
           WHERE occupation IN ('在业', '个体经营')""",
    )
    assert 1.05 < mean / median < 1.5
    assert top > 3 * median
    (tenth,) = row(
        either,
        """SELECT sum(employees) FILTER (place <= n / 10) / sum(employees) FROM (SELECT employees,
           row_number() OVER (ORDER BY employees DESC) AS place, count(*) OVER () AS n FROM firm)""",
    )
    assert tenth > 0.4


def test_the_older_the_more_often_people_die(either: duckdb.DuckDBPyConnection) -> None:
    all_, old = row(
        either,
        """SELECT 1000.0 * count(died_on) / count(*), 1000.0 * count(died_on) FILTER (birth_date < '1950-01-01')
           / count(*) FILTER (birth_date < '1950-01-01') FROM resident""",
    )
    assert 3 < all_ < 12
    assert old > 4 * all_


def test_mondays_mornings_and_the_summer_of_enrolment_are_busy(either: duckdb.DuckDBPyConnection) -> None:
    monday, friday, weekend = row(
        either,
        """SELECT count(*) FILTER (dayofweek(submitted_at) = 1), count(*) FILTER (dayofweek(submitted_at) = 5),
                  count(*) FILTER (dayofweek(submitted_at) IN (0, 6)) FROM application WHERE channel = '窗口'""",
    )
    assert monday > 1.2 * friday
    assert 0 < weekend < 0.12 * friday  # working weekends before long holidays
    nine, noon, four = row(
        either,
        """SELECT count(*) FILTER (hour(submitted_at) = 9), count(*) FILTER (hour(submitted_at) = 12),
                  count(*) FILTER (hour(submitted_at) = 16) FROM application WHERE channel = '窗口'""",
    )
    assert nine > 1.5 * four
    assert noon == 0
    (summer,) = row(
        either,
        """SELECT avg((month(submitted_at) IN (6, 7, 8))::INT) FROM application JOIN service_item USING (item_id)
           WHERE theme = '教育'""",
    )
    assert summer > 0.5


def test_waits_and_times_are_skewed_and_most_promises_are_kept(either: duckdb.DuckDBPyConnection) -> None:
    median, high = row(either, "SELECT median(waited), quantile_cont(waited, 0.99) FROM application")
    assert median < 10
    assert 40 < high < 400
    middle, late, kept = row(
        either,
        """SELECT median(working_days), quantile_cont(working_days, 0.99), avg((working_days <= promised_days)::INT)
           FROM application JOIN service_item USING (item_id)""",
    )
    assert late > 5 * middle
    assert 0.75 < kept < 0.99


def test_ratings_fall_with_waiting_and_with_returns(either: duckdb.DuckDBPyConnection) -> None:
    short, long = row(
        either,
        """SELECT avg(score) FILTER (waited < 10), avg(score) FILTER (waited > 45) FROM rating
           JOIN application USING (application_id) WHERE channel = '窗口' AND returns = 0""",
    )
    assert short - long > 0.8
    none, some = row(
        either,
        """SELECT avg(score) FILTER (returns = 0), avg(score) FILTER (returns > 0) FROM rating
           JOIN application USING (application_id) WHERE channel = '网上'""",
    )
    assert none - some > 0.3
    angry, content = row(
        either,
        """SELECT avg((comment IS NOT NULL)::INT) FILTER (score <= 2),
                  avg((comment IS NOT NULL)::INT) FILTER (score = 5) FROM rating""",
    )
    assert angry > 2 * content


def test_comments_vary(either: duckdb.DuckDBPyConnection) -> None:
    different, all_ = row(either, "SELECT count(DISTINCT comment), count(comment) FROM rating")
    assert all_ > 500
    assert different > 0.45 * all_


def test_energy_follows_work_and_weather(either: duckdb.DuckDBPyConnection) -> None:
    (rhythm,) = row(
        either,
        """SELECT avg(used) FILTER (workday) / avg(used) FILTER (NOT workday) FROM meter_reading
           JOIN calendar_day USING (day) JOIN meter m USING (meter_id) WHERE m.kind = '电'""",
    )
    assert rhythm > 2
    hot, mild = row(
        either,
        """SELECT avg(used) FILTER (temperature > 29), avg(used) FILTER (temperature BETWEEN 15 AND 20)
           FROM meter_reading JOIN calendar_day USING (day) JOIN meter m USING (meter_id)
           WHERE m.kind = '电' AND workday""",
    )
    assert hot > 1.2 * mild


def naive_waits(window: np.ndarray, arrival: np.ndarray, service: np.ndarray) -> np.ndarray:
    """One customer after the other, as a clerk would do it."""
    free: dict[tuple[int, int], float] = {}
    found = np.zeros(len(window))
    for i in np.lexsort((arrival, window)):
        key = int(window[i]), int(arrival[i] // 420)
        begin = max(arrival[i], free.get(key, 0.0))
        found[i], free[key] = begin - arrival[i], begin + service[i]
    return found


def test_the_queue_is_that_of_a_clerk() -> None:
    rng = np.random.default_rng(5)
    window, arrival = rng.integers(0, 4, 800), rng.integers(0, 420 * 6, 800).astype(float)
    service = rng.exponential(11, 800)
    np.testing.assert_allclose(waits(window, arrival, service), naive_waits(window, arrival, service), atol=1e-6)
    assert len(waits(window[:0], arrival[:0], service[:0])) == 0
