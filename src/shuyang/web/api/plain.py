"""Contracts as plain JSON values, for what is nested too deep to be worth a schema."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np


def plain(contract: Any) -> Any:
    """Dictionaries, lists, numbers and text; numbers of the numerics become plain ones."""
    return msgspec.to_builtins(contract, enc_hook=_number)


def _number(value: object) -> int | float | bool:
    if isinstance(value, np.generic):
        number: int | float | bool = value.item()
        return number
    # What msgspec expects of its `enc_hook` for a type it can't know.
    raise NotImplementedError(f"no plain form of {type(value).__name__}")
