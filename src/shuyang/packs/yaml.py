"""YAML as authors expect it: the core schema of YAML 1.2.

PyYAML follows 1.1, where `9:20` is 560, `2026-11-22` a date and `on` true; in a table of office hours that is a trap.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from shuyang.kernel.errors import Invalid, Problem

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # an installation without libyaml is slower, not different
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]


class _CoreLoader(_SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_NUMERIC = list("-+0123456789.")
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?i:true|false)\Z"), list("tTfF"))
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?(0|[1-9][0-9]*)\Z"), _NUMERIC)
_CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?((0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z"), _NUMERIC
)
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<\Z"), ["<"])


def read_yaml(text: str | bytes, *, where: str) -> Any:
    """Decode a document. Raises `Invalid` that names the line."""
    try:
        return yaml.load(text, Loader=_CoreLoader)  # noqa: S506  (a subclass of the safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        what = str(getattr(error, "problem", None) or error)
        raise Invalid([Problem(place, "yaml_syntax", (("what", what),))]) from error
