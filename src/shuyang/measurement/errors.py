"""Errors and warnings of the measurement library.

Every error derives from `MeasurementError`, carries a stable `code`, and `data` names the items, persons or shapes at
fault. Conditions that leave a usable, documented estimate are warnings and fields of the result, never exceptions.
"""

from __future__ import annotations

from shuyang.kernel.errors import ShuyangError


class MeasurementError(ShuyangError):
    """Base of all errors of `shuyang.measurement`."""

    code = "measurement"


class BadShape(MeasurementError):
    """An array has the wrong number of dimensions, a wrong length, or does not fit its partner."""

    code = "bad_shape"


class BadCategory(MeasurementError):
    """A response is not a whole number, is negative, infinite, or outside its item's categories."""

    code = "bad_category"


class BadParameter(MeasurementError):
    """An item or prior parameter is outside the range its model allows."""

    code = "bad_parameter"


class BadModel(MeasurementError):
    """The model is unknown, or does not fit the item's number of categories."""

    code = "bad_model"


class DuplicateResponse(MeasurementError):
    """One person has two responses to one item."""

    code = "duplicate_response"


class NoResponses(MeasurementError):
    """There is nothing to estimate from: no persons, no items or no response at all."""

    code = "no_responses"


class NoVariation(MeasurementError):
    """Everyone gave the same response to an item, so its parameters have no finite maximum."""

    code = "no_variation"


class UnusedCategory(MeasurementError):
    """A category between the lowest and the highest was never used, so its threshold can't be estimated."""

    code = "unused_category"


class NotConnected(MeasurementError):
    """Items and persons fall into parts without a common item or person: no common scale exists."""

    code = "not_connected"


class NotIdentified(MeasurementError):
    """The requested combination of free parameters has no unique maximum."""

    code = "not_identified"


class NeedsCompleteData(MeasurementError):
    """The statistic is defined for complete data only, and responses are missing."""

    code = "needs_complete_data"


class NotOneDimensional(MeasurementError):
    """The method works with one latent dimension only."""

    code = "not_one_dimensional"


class MissingExtra(MeasurementError):
    """An optional package is needed; `data["extra"]` names the extra that installs it."""

    code = "missing_extra"


class MeasurementWarning(UserWarning):
    """Base of the library's warnings."""


class NotConverged(MeasurementWarning):
    """The iteration limit was reached before the criterion; the result says `converged=False`."""


class WeaklyIdentified(MeasurementWarning):
    """The maximum is flat or on a boundary: read the curves and standard errors before the parameters."""
