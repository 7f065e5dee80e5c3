"""`shuyang import people`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from tests.cast import make_cast
from tests.people.rosters import good, workbook

from shuyang.cli import people as cli
from shuyang.people.models import ImportPart, Person

pytestmark = pytest.mark.django_db


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    args = parser.parse_args(["import", "people", *words])
    return args.run(args)


def test_it_checks_asks_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_cast()
    file, out = tmp_path / "名册.xlsx", tmp_path / "rejected.xlsx"
    file.write_bytes(workbook([good("N1", "张㛃"), good(17), good("N2", unit="新局")]))
    assert _run(str(file), "--unit", "财政局", "--check") == 1
    assert _run(str(file), "--unit", "财政局") == 2, "nobody is there to accept"
    assert not Person.objects.filter(number="N1").exists()
    assert not ImportPart.objects.exists()
    said = capsys.readouterr()
    assert "A3" in said.out
    assert "--yes" in said.err
    assert _run(str(file), "--unit", "F", "--yes", "--create-units", "--rejected", str(out)) == 1
    assert Person.objects.get(number="N1").name == "张㛃"
    assert Person.objects.get(number="N2").unit.name == "新局"
    assert len(CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()) == 2
    file.write_bytes(workbook([good("N1", "张㛃")]))
    assert _run(str(file), "--unit", "F", "--yes") == 0


def test_it_says_what_is_wrong_with_a_file_or_a_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_cast()
    file = tmp_path / "x.xlsx"
    assert _run(str(file)) == 2
    file.write_text("no workbook")
    assert _run(str(file)) == 2
    assert _run(str(file), "--unit", "没有") == 2
    assert len(capsys.readouterr().err.splitlines()) == 3
