"""Errors of the adaptive testing engine."""

from __future__ import annotations

from shuyang.measurement.errors import MeasurementError


class CatError(MeasurementError):
    """Base of the engine's errors."""

    code = "cat_error"


class BadItem(CatError):
    """An item can't be compiled; `data` names the item and what is wrong."""

    code = "cat_bad_item"


class BadAnswer(CatError):
    """An answer names an unknown item, a category the item lacks, or an item answered before."""

    code = "cat_bad_answer"


class BadPrior(CatError):
    """The prior has the wrong size or its covariance is not positive definite."""

    code = "cat_bad_prior"


class BadBlueprint(CatError):
    """The blueprint contradicts itself or the bank."""

    code = "cat_bad_blueprint"


class BadCriterion(CatError):
    """The selection criterion is unknown, or does not suit the items."""

    code = "cat_bad_criterion"
