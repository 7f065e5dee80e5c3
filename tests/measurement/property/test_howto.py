"""The Python of the how-to pages runs as printed, in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[3] / "docs" / "how-to").glob("calibrate-a-bank.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
    assert "defined for complete data only" in capsys.readouterr().out


def test_commands_on_the_page_are_understood() -> None:
    from shuyang.cli.main import parser

    commands = [line for page in PAGES for line in page.read_text("utf-8").splitlines() if line.startswith("shuyang ")]
    assert len(commands) >= 8
    for line in commands:
        assert callable(parser().parse_args(line.split()[1:]).run)
