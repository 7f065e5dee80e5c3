"""`shuyang city make`, and templates with their copies."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from shuyang.cli.main import main
from shuyang.practice.city.api import TABLES, answers_of, open_copy, read_truths, template
from tests.practice.seeds import RESIDENTS, SEED
from tests.practice.test_city_tables import fingerprint


def test_it_writes_one_parquet_file_a_table_and_answers_apart(tmp_path: Path, city: duckdb.DuckDBPyConnection) -> None:
    out, answers = tmp_path / "city", tmp_path / "kept" / "answers.duckdb"
    arguments = ["--seed", str(SEED), "--out", str(out), "--format", "parquet", "--truths", str(answers)]
    assert main(["city", "make", *arguments]) == 0
    names = {path.name for path in out.iterdir()}
    assert names == {f"{name}.parquet" for name in (*TABLES, "data_dictionary")} | {"data-dictionary.md"}
    assert read_truths(answers).seed == SEED
    rows = duckdb.execute(f"SELECT count(*), max(id_number) FROM '{out}/resident.parquet'").fetchone()
    assert rows == city.execute("SELECT count(*), max(id_number) FROM resident").fetchone()
    listed = duckdb.execute(
        f"SELECT count(*) FROM '{out}/data_dictionary.parquet' WHERE grade = '敏感个人信息'"
    ).fetchone()
    assert listed is not None
    assert listed[0] > 8
    assert "公民身份号码" in (out / "data-dictionary.md").read_text("utf-8")
    assert list(tmp_path.glob(".yunchuan-*")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--residents", "19999"], ["--residents", "2000001"], ["--seed", "-1"], ["--truths", "OUT/answers.duckdb"],
    ],
)  # fmt: skip
def test_it_refuses_what_makes_no_city(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "city"
    given = [a.replace("OUT", str(out)) for a in arguments]
    assert main(["city", "make", "--out", str(out), *given]) == 1
    assert capsys.readouterr().err.strip().startswith("shuyang: ")
    assert not out.exists()


def test_it_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.txt").write_text("mine")
    assert main(["city", "make", "--out", str(tmp_path)]) == 1
    assert "already there" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["own.txt"]


def test_a_copy_is_the_template_and_holds_no_answers(cities: Path, tmp_path: Path) -> None:
    ready = template(cities, residents=RESIDENTS, seed=SEED)
    made = ready.stat().st_mtime_ns
    copy = open_copy(cities, tmp_path / "mine.duckdb", residents=RESIDENTS, seed=SEED)
    assert ready.stat().st_mtime_ns == made
    with duckdb.connect(str(copy)) as mine, duckdb.connect(str(ready), read_only=True) as source:
        assert fingerprint(mine, TABLES["rating"]) == fingerprint(source, TABLES["rating"])
        names = {name for (name,) in mine.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert names == set(TABLES)
    with pytest.raises(FileExistsError):
        open_copy(cities, copy, residents=RESIDENTS, seed=SEED)


def test_only_the_owner_reads_the_answers(cities: Path) -> None:
    answers = answers_of(template(cities, residents=RESIDENTS, seed=SEED))
    assert stat.S_IMODE(answers.stat().st_mode) == 0o600
