"""The example of docs/how-to/write-a-scenario.md is whole: copied from the page, it holds what a scenario must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shuyang.kernel.errors import Invalid
from shuyang.practice.proving import mutants, prove, repeat_findings, scenario_in, shape_findings

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-scenario.md"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a reader makes by copying both blocks."""
    place = tmp_path_factory.mktemp("guide") / "my_scenario"
    place.mkdir()
    for name, block in re.findall(r"```\w+\n# (scenario\.\w+)\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL):
        (place / name).write_text(block, "utf-8")
    return place


def test_it_holds_what_a_scenario_must(copied: Path, tmp_path: Path) -> None:
    found = scenario_in(copied)
    assert shape_findings(found) == []
    assert repeat_findings(found, 1, tmp_path) == []
    for seed in (1, 2):
        assert prove(found, seed, tmp_path).findings == ()
    seen = mutants(found, 2, tmp_path)
    assert seen.noticed >= 0.9 * seen.made, seen.missed


def test_its_expert_finds_the_meter_in_the_given_tables(copied: Path, tmp_path: Path) -> None:
    found = scenario_in(copied)
    broken = found.module._meter
    found.module._meter = lambda sight, **changed: broken(sight, **(found.module._found(sight) | changed))
    try:
        assert [one for seed in (1, 2, 3) for one in prove(found, seed, tmp_path).findings] == []
    finally:
        found.module._meter = broken


def test_it_says_what_is_missing_and_where(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        scenario_in(tmp_path)
    assert [problem.values()["what"] for problem in caught.value.problems] == [
        "there is no scenario.yaml",
        "there is no scenario.py",
    ]
    half = tmp_path / "half"
    half.mkdir()
    (half / "scenario.yaml").write_text((copied / "scenario.yaml").read_text("utf-8"), "utf-8")
    (half / "scenario.py").write_text("def prepare(preparation):\n    pass\n", "utf-8")
    with pytest.raises(Invalid) as caught:
        scenario_in(half)
    assert caught.value.problems[0].values()["what"] == "CHECKERS is missing"


def test_it_says_in_which_line_an_authors_code_broke(copied: Path, tmp_path: Path) -> None:
    place = tmp_path / "breaks"
    place.mkdir()
    code = (copied / "scenario.py").read_text("utf-8").replace('truths["since"][5:7]', 'truths["sinse"][5:7]', 1)
    (place / "scenario.yaml").write_text((copied / "scenario.yaml").read_text("utf-8"), "utf-8")
    (place / "scenario.py").write_text(code, "utf-8")
    findings = prove(scenario_in(place), 1, tmp_path / "cache").findings
    assert any(f.rule == "error" and "check_meter" in f.what and "sinse" in f.what for f in findings)


def test_it_says_which_table_is_not_given(copied: Path, tmp_path: Path) -> None:
    place = tmp_path / "lacks"
    place.mkdir()
    words = (copied / "scenario.yaml").read_text("utf-8").replace("{name: meters,", "{name: metres,")
    (place / "scenario.yaml").write_text(words, "utf-8")
    (place / "scenario.py").write_text((copied / "scenario.py").read_text("utf-8"), "utf-8")
    findings = prove(scenario_in(place), 1, tmp_path / "cache").findings
    assert [f.what for f in findings] == [
        "tables: metres is not given by prepare",
        "tables: meters is given, but not named",
    ]
