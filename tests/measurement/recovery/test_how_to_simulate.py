"""The how-to page on simulation runs as printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[3] / "docs/how-to/simulate-a-test.md"


def test_every_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(block, names)
    shown = capsys.readouterr().out
    assert "500 sittings" in shown
    assert "violations none" in shown
    assert "10000 tests" in shown
    assert shown.splitlines()[-1].startswith("True")
