"""For all tests: hypothesis searches the same examples every time, so that a failure is the same everywhere."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")
