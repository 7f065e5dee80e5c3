"""YAML as authors expect it."""

from __future__ import annotations

import pytest

from shuyang.kernel.errors import Invalid
from shuyang.packs.yaml import read_yaml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9:20", "9:20"),
        ("2026-11-22", "2026-11-22"),
        ("on", "on"),
        ("no", "no"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("12", 12),
        ("-1.5", -1.5),
        ("1e3", "1e3"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("1.2.3", "1.2.3"),
        ("true story", "true story"),
        ("“引号”", "“引号”"),
    ],
)
def test_it_reads_plain_words_by_the_core_schema(written: str, read: object) -> None:
    assert read_yaml(f"value: {written}", where="x.yaml") == {"value": read}


def test_it_says_where_a_document_is_broken() -> None:
    with pytest.raises(Invalid) as caught:
        read_yaml("a: 1\nb: [1, 2\nc: 3\n", where="x.yaml")
    problem = caught.value.problems[0]
    assert problem.code == "yaml_syntax"
    assert problem.where.startswith("x.yaml:")


def test_it_makes_no_objects() -> None:
    with pytest.raises(Invalid):
        read_yaml("!!python/object/apply:os.system ['true']", where="x.yaml")
