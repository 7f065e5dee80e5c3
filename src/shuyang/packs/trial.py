"""The trial: one easy item per type, which teaches how to answer; not scored, not stored."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
import yaml

from shuyang.itembank.api import ItemContent


@cache
def trial_items() -> tuple[ItemContent, ...]:
    """The trial items in their order."""
    text = files("shuyang.content").joinpath("trial.yaml").read_text("utf-8")
    return msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), tuple[ItemContent, ...])
