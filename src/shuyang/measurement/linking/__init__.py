"""Putting two calibrations on one scale: moment and characteristic-curve methods with standard errors."""

from shuyang.measurement.linking.link import link
from shuyang.measurement.linking.result import Link

__all__ = ["Link", "link"]
