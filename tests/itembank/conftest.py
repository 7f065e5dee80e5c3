"""A framework to load items into."""

from __future__ import annotations

import pytest

from shuyang.frameworks.api import Framework, load_framework
from shuyang.packs.api import builtin_folder, read_pack
from shuyang.trust.api import SYSTEM


@pytest.fixture(scope="session")
def builtin_framework() -> Framework:
    pack, problems = read_pack(builtin_folder())
    assert pack is not None, problems
    return pack.framework


@pytest.fixture
def framework(db: None, builtin_framework: Framework) -> Framework:
    load_framework(actor=SYSTEM, framework=builtin_framework)
    return builtin_framework
