"""`shuyang content`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shuyang.cli.main import main
from shuyang.itembank.models import Item
from shuyang.packs.api import builtin_folder


def test_it_finds_the_built_in_content_free_of_errors(capsys: pytest.CaptureFixture[str]) -> None:
    """The bank as shipped keeps every rule that a program can check."""
    code = main(["content", "check"])
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert "480" in printed


def test_it_names_file_and_item_of_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(builtin_folder(), folder)
    path = folder / "items/secure/F09-L3.yaml"
    path.write_text(path.read_text("utf-8").replace("layer: ", "layers: ", 1), "utf-8")
    assert main(["content", "check", str(folder)]) == 1
    assert "items/secure/F09-L3.yaml#S-F09-3-001" in capsys.readouterr().out


def test_it_says_that_there_is_no_such_folder(tmp_path: Path) -> None:
    assert main(["content", "check", str(tmp_path / "nowhere")]) == 2


@pytest.mark.django_db
def test_it_loads_and_then_finds_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "load"]) == 0
    assert "480 items" in capsys.readouterr().out
    assert Item.objects.count() >= 630
    assert main(["content", "load"]) == 0
    assert capsys.readouterr().out.strip() == "unchanged"


def test_it_prints_how_precise_the_bank_could_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "information"]) == 0
    printed = capsys.readouterr().out
    for words in ("perception", "growth", "SE, all", "+2"):
        assert words in printed
