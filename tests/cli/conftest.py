"""An installation is prepared once; each test gets a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.installation import Installation


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("prepared") / "home")
    made.home.mkdir()
    made.prepare()
    return made


@pytest.fixture
def installed(prepared: Installation, tmp_path: Path) -> Installation:
    return prepared.copy(tmp_path / "home")
