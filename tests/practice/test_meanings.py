"""What columns mean is said beside them, for every column of every table that a person is given."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from shuyang.practice.city.api import TABLES
from shuyang.practice.meanings import meanings
from shuyang.practice.package import scenario, scenario_names
from shuyang.practice.spec import TableAbout
from shuyang.practice.worlds import world


@pytest.mark.parametrize("name", scenario_names())
def test_it_says_what_each_given_column_means(name: str, worlds: Path) -> None:
    found = scenario(name)
    with duckdb.connect(str(world(found, 1, worlds / "range").given), read_only=True) as given:
        for table in found.spec.tables:
            columns = [row[0] for row in given.execute(f'DESCRIBE "{table.name}"').fetchall()]
            said = meanings(table, columns)
            assert all(said.values()), (table.name, [column for column in columns if not said[column]])
            assert set(table.columns) <= set(columns), table.name


def test_it_takes_the_scenarios_words_before_the_citys() -> None:
    about = TableAbout(name="t", about="", of=("rating", "application"), columns={"score": "分数"})
    said = meanings(about, ["score", "comment", "waited", "nobody_says"])
    assert said == {"score": "分数", "comment": "留言：未写为空", "waited": said["waited"], "nobody_says": ""}
    assert said["waited"].startswith("等候时间（分钟）：")


def test_it_names_only_tables_that_the_city_has() -> None:
    for name in scenario_names():
        assert {table for about in scenario(name).spec.tables for table in about.of} <= set(TABLES)
