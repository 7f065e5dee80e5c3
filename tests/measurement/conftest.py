"""Reference results of other programs, read from outside the repository where their licence keeps them out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


def reference_folder() -> Path | None:
    folder = Path(os.environ.get("SHUYANG_REFERENCE", ROOT.parent / "shared" / "reference")) / "psychometrics"
    if folder.is_dir():
        return folder
    if os.environ.get("CI") == "true":
        raise FileNotFoundError(f"reference results are missing: {folder}")
    return None


class Reference:
    """One data set with its stored results."""

    def __init__(self, folder: Path, name: str) -> None:
        self.results: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
        table = folder / f"{name}.csv"
        self.matrix = np.genfromtxt(table, delimiter=",", skip_header=1) if table.exists() else None
        lines = table.read_text().replace('"', "").splitlines() if table.exists() else [""]
        self.header = lines[0].split(",")
        self.group = np.array([line.split(",")[0] for line in lines[1:]])


@pytest.fixture(scope="session")
def reference() -> Callable[[str], Reference]:
    folder = reference_folder()
    if folder is None:
        pytest.skip("reference results are not at hand (set SHUYANG_REFERENCE)")
    return lambda name: Reference(folder, name)
