"""The world of the delivery tests, where someone has a result that leads to lessons."""

from tests.web.conftest import clock, measured, world

__all__ = ["clock", "measured", "world"]
