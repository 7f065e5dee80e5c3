"""What rows of different tables say of each other is true."""

from __future__ import annotations

import duckdb
import pytest

# Each counts what must not be.
NEVER = {
    "a trip of someone of another department": """SELECT count(*) FROM car_trip t JOIN official_car c USING (car_id)
        JOIN staff s USING (staff_id) WHERE s.department_id <> c.department_id""",
    "two trips of a car at once": """SELECT count(*) FROM (SELECT started_at, lag(ended_at) OVER
        (PARTITION BY car_id ORDER BY started_at) AS before FROM car_trip) WHERE started_at < before""",
    "an odometer that runs back": """SELECT count(*) FROM (SELECT odometer, lag(odometer) OVER
        (PARTITION BY car_id ORDER BY started_at) AS before FROM car_trip) WHERE odometer < before""",
    "a household of another size": """SELECT count(*) FROM household JOIN (SELECT household_id, count(*) AS n,
        sum(monthly_income) AS income FROM resident GROUP BY 1) USING (household_id)
        WHERE n <> members OR income <> monthly_income""",
    "a household without a head": """SELECT count(*) FROM household ANTI JOIN
        (SELECT household_id FROM resident WHERE relation = '户主') USING (household_id)""",
    "a firm with other employees": """SELECT count(*) FROM firm LEFT JOIN (SELECT firm_id, count(*) AS n FROM resident
        GROUP BY 1) USING (firm_id) WHERE employees <> coalesce(n, 0)""",
    "a department with other staff": """SELECT count(*) FROM department JOIN (SELECT department_id, count(*) AS n
        FROM staff GROUP BY 1) USING (department_id) WHERE n <> staff_count""",
    "a child older than its parents": """SELECT count(*) FROM resident c JOIN resident p USING (household_id)
        WHERE c.relation = '子女' AND p.relation = '户主' AND date_diff('year', p.birth_date, c.birth_date) < 14""",
    "a child who works": """SELECT count(*) FROM resident WHERE occupation IN ('在业', '个体经营', '退休')
        AND birth_date > DATE '2010-01-01'""",
    "an application of the dead": """SELECT count(*) FROM application JOIN resident USING (resident_id)
        WHERE died_on IS NOT NULL""",
    "an application of both or of nobody": """SELECT count(*) FROM application
        WHERE (resident_id IS NULL) = (firm_id IS NULL)""",
    "an item for others": """SELECT count(*) FROM application JOIN service_item USING (item_id)
        WHERE (audience = '企业') <> (firm_id IS NOT NULL)""",
    "a window visit while all is shut": """SELECT count(*) FROM application JOIN calendar_day
        ON day = CAST(submitted_at AS DATE) WHERE channel = '窗口' AND NOT workday""",
    "a window that the hall has not": """SELECT count(*) FROM application JOIN service_hall USING (hall_id)
        WHERE window_no NOT BETWEEN 1 AND windows""",
    "steps out of order": """SELECT count(*) FROM (SELECT happened_at, lag(happened_at) OVER
        (PARTITION BY application_id ORDER BY sequence) AS before FROM application_event) WHERE happened_at < before""",
    "times that differ from the events": """SELECT count(*) FROM application a JOIN application_event e
        USING (application_id) WHERE event = '决定' AND happened_at <> decided_at""",
    "an officer of another department": """SELECT count(*) FROM application a JOIN service_item i USING (item_id)
        JOIN staff s USING (staff_id) WHERE s.department_id <> i.department_id""",
    "a rating before the end": """SELECT count(*) FROM rating JOIN application USING (application_id)
        WHERE finished_at IS NULL OR rated_at < finished_at""",
    "something after today": """SELECT (SELECT count(*) FROM application_event WHERE happened_at >= '2026-01-01')
        + (SELECT count(*) FROM rating WHERE rated_at >= '2026-01-01')""",
    "users without accounts": """SELECT count(*) FROM it_system JOIN (SELECT system_id, count(staff_id) AS n FROM account
        GROUP BY 1) USING (system_id) WHERE n <> registered_users""",
    "two accounts of one person on a system": """SELECT count(*) FROM (SELECT system_id, staff_id FROM account
        WHERE staff_id IS NOT NULL GROUP BY ALL HAVING count(*) > 1)""",
    "an event on another system than its account's": """SELECT count(*) FROM security_event e JOIN account a
        USING (account_id) WHERE e.system_id <> a.system_id""",
    "a day without a reading": """SELECT count(*) FROM (SELECT meter_id FROM meter_reading GROUP BY 1
        HAVING count(*) <> (SELECT count(*) FROM calendar_day))""",
    "a contract that ends before it begins": "SELECT count(*) FROM contractor WHERE ends_on <= starts_on",
    "a town whose name is shared": """SELECT count(*) FROM (SELECT name FROM subdistrict GROUP BY 1
        HAVING count(*) > 1)""",
    "a firm whose name is shared": "SELECT count(*) FROM (SELECT name FROM firm GROUP BY 1 HAVING count(*) > 1)",
}  # fmt: skip


@pytest.mark.parametrize("what", NEVER)
def test_there_is_never(city: duckdb.DuckDBPyConnection, what: str) -> None:
    assert city.execute(NEVER[what]).fetchone() == (0,)


@pytest.mark.parametrize("what", NEVER)
def test_nor_with_another_seed(other_city: duckdb.DuckDBPyConnection, what: str) -> None:
    assert other_city.execute(NEVER[what]).fetchone() == (0,)
