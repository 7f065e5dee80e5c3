"""Sentences about a unit: every figure bound, the same data the same text, noise never called a finding."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuyang.insight.contracts import Binding, Statement, StatementKind
from shuyang.insight.figures.binding import recomputed
from shuyang.insight.figures.registry import QUERIES
from shuyang.insight.source import Language, archived, read_archived, source_hash, source_of
from shuyang.insight.text import free_figures
from shuyang.insight.wording import statements_of
from shuyang.kernel.errors import Tampered
from tests.insight.make import NAMES, found_of, picture_of, source

SEEDS = st.integers(0, 10_000)
LANGUAGES = st.sampled_from(list(Language))
SHARES = st.sampled_from((0.0, 0.05, 0.4, 1.0))
many = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def bindings(told: Iterable[Statement]) -> list[Binding]:
    return [b for s in told for b in s.bindings]


@many
@given(SEEDS, SHARES, LANGUAGES)
def test_it_binds_every_figure_of_every_sentence(seed: int, share: float, language: Language) -> None:
    told = statements_of(source(seed, share=share, language=language))
    for statement in told:
        for part in statement.parts:
            assert isinstance(part, Binding) or free_figures(part) == [], statement.text
    assert len(bindings(told)) > 5


@many
@given(SEEDS, SHARES, LANGUAGES)
def test_it_computes_every_binding_again_from_the_archived_text(seed: int, share: float, language: Language) -> None:
    data = source(seed, share=share, language=language)
    again = read_archived(archived(data))
    assert again == data
    for binding in bindings(statements_of(data)):
        assert recomputed(again, binding) == binding


@many
@given(SEEDS, SHARES, LANGUAGES)
def test_it_gives_every_number_with_an_interval_a_note(seed: int, share: float, language: Language) -> None:
    for binding in bindings(statements_of(source(seed, share=share, language=language))):
        assert (binding.low is None) == (binding.note == "")
        assert binding.text
        assert "{" not in binding.text


@many
@given(SEEDS, SHARES)
def test_it_says_the_same_of_the_same_data_in_any_order(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    found = found_of(rng, share=share)
    picture = picture_of(rng, found)
    turned = dataclasses.replace(found, findings=found.findings[::-1])
    first, second = (
        source_of(picture=picture, found=f, names=NAMES["zh"], language=Language.CHINESE) for f in (found, turned)
    )
    assert source_hash(first) == source_hash(second)
    assert statements_of(first) == statements_of(second)


@many
@given(SEEDS, SHARES, LANGUAGES)
def test_it_calls_a_finding_what_is_found_and_nothing_else(seed: int, share: float, language: Language) -> None:
    data = source(seed, share=share, language=language)
    told = statements_of(data)
    named = {
        (dict(b.parameters)["comparison"], dict(b.parameters)["measure"])
        for s in told
        for b in s.bindings
        if b.query == "points"
    }
    assert all(data.difference(*pair).found for pair in named)
    findings = [s for s in told if s.kind is StatementKind.FINDING]
    assert len(findings) == len(data.found)
    assert any(s.kind is StatementKind.NOTHING for s in told) is (not data.found)


def test_it_says_of_noise_that_nothing_stands_out_and_what_could_have_been_seen() -> None:
    told = statements_of(source(3, share=0.0))
    (nothing,) = [s for s in told if s.kind is StatementKind.NOTHING]
    assert "共作7项比较，均未超出误差范围。" in nothing.plain
    assert "才有80%的把握被发现" in nothing.plain
    assert not [s for s in told if s.kind is StatementKind.FINDING]


def test_the_direction_is_part_of_the_figure() -> None:
    """Whatever is written around it, "lower" can't become "higher"."""
    for binding in bindings(statements_of(source(5, share=1.0))):
        if binding.query == "points":
            assert binding.value is not None
            assert ("高" if binding.value > 0 else "低") in binding.text


def test_the_chart_of_a_finding_shows_all_its_measures_and_marks_those_found() -> None:
    data = source(8, share=0.4)
    for statement, comparison in zip(
        [s for s in statements_of(data) if s.kind is StatementKind.FINDING], data.found, strict=True
    ):
        assert statement.chart is not None
        assert [r.found for r in statement.chart.rows] == [d.found for d in comparison.differences]
        assert all(r.label in statement.chart.summary for r in statement.chart.rows)


def test_it_refuses_an_archive_that_was_changed() -> None:
    with pytest.raises(Tampered):
        read_archived(archived(source(1))[:-20])
    with pytest.raises(Tampered):
        read_archived("{}")


def test_each_query_has_a_name_of_its_own() -> None:
    assert len(QUERIES) == len({f.__name__ for f in QUERIES.values()})
    assert all(name == f.__name__ for name, f in QUERIES.items())
