"""The measures of re-identification and of what is left, against their definitions told plainly."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.practice.privacy.classes import anonymity
from shuyang.practice.privacy.diversity import diversity
from shuyang.practice.privacy.linkage import linkage
from shuyang.practice.privacy.standing import Known, covers
from shuyang.practice.privacy.utility import group_means, variation_distance

records = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([1, 2, None]), st.sampled_from("xyz")), max_size=30)


def columns(rows: list[tuple[str, int | None, str]]) -> dict[str, list[object]]:
    return {name: [row[i] for row in rows] for i, name in enumerate(("place", "age", "illness"))}


@given(records)
def test_k_is_the_size_of_the_smallest_class(rows: list[tuple[str, int | None, str]]) -> None:
    sizes = Counter((place, age) for place, age, _ in rows)
    found = anonymity(columns(rows), ["place", "age"])
    assert found.k == min(sizes.values(), default=0)
    assert list(found.sizes) == [sizes[place, age] for place, age, _ in rows]
    assert found.unique == pytest.approx(sum(n == 1 for n in sizes.values()) / len(rows) if rows else 0)
    assert found.below(3) == pytest.approx(sum(n for n in sizes.values() if n < 3) / len(rows) if rows else 0)


@given(records)
def test_fewer_quasi_identifiers_never_lower_k(rows: list[tuple[str, int | None, str]]) -> None:
    table = columns(rows)
    assert anonymity(table, ["place"]).k >= anonymity(table, ["place", "age"]).k
    assert anonymity(table, []).k == len(rows)


@given(records)
def test_diversity_is_the_worst_of_the_classes(rows: list[tuple[str, int | None, str]]) -> None:
    found = diversity(columns(rows), ["place", "age"], "illness")
    overall = Counter(illness for *_, illness in rows)
    distinct, entropy, closeness = [], [], []
    for key in {(place, age) for place, age, _ in rows}:
        own = Counter(i for p, a, i in rows if (p, a) == key)
        n = sum(own.values())
        distinct.append(len(own))
        entropy.append(math.exp(-sum(c / n * math.log(c / n) for c in own.values())))
        closeness.append(sum(abs(own[i] / n - overall[i] / len(rows)) for i in overall) / 2)
    assert found.distinct == min(distinct, default=0)
    assert found.entropy == pytest.approx(min(entropy, default=0))
    assert found.closeness == pytest.approx(max(closeness, default=0), abs=1e-9)


@pytest.mark.parametrize(
    ("published", "known"),
    [
        ("1980-1989", "1985-03-02"), ("1980–1989", 1985), ("1985", "1985-03-02"), ("1985-03", "1985-03-02"), ("张**", "张国强"),
        ("1985*", "1985-03-02"), (None, "x"), ("***", "x"), ("云台区", "云台区"), (37, "37"), ("", "x"),
    ],
)  # fmt: skip
def test_a_masked_value_may_stand_for_what_it_hides(published: object, known: object) -> None:
    assert covers(published, known)


@pytest.mark.parametrize(
    ("published", "known"),
    [
        ("1980-1989", "1990-01-01"), ("1985-04", "1985-03-02"), ("张**", "李国强"), ("张*强", "张强"), ("云台区", "临江区"),
        ("1984", "1985-03-02"), ("1985", "19850"),
    ],
)  # fmt: skip
def test_and_for_nothing_else(published: object, known: object) -> None:
    assert not covers(published, known)


values = st.one_of(
    st.none(),
    st.text("19*-.0~ 5", max_size=10),
    st.sampled_from(
        ["1980-05", "1980", "1980-05-01", "1980-1989", "198*", "19*0", "张**", "张三", "张*", "1980-05-0*", "85", "***"]
    ),
)


@given(values, st.lists(values, max_size=8))
def test_the_sorted_values_answer_as_each_looked_at_alone(published: object, known: list[object]) -> None:
    assert list(Known(known).covered_by(published)) == [covers(published, one) for one in known]


masked = st.tuples(st.sampled_from(["a", "b", "*", None]), st.sampled_from(["1980", "1980-1989", "1985-05-01", "*"]))
known = st.tuples(st.sampled_from("abc"), st.sampled_from(["1980-02-03", "1985-05-01", "1999-09-09"]))


@given(st.lists(masked, max_size=12), st.lists(known, max_size=8))
def test_linkage_counts_what_a_patient_attacker_finds(
    rows: list[tuple[str, str]], people: list[tuple[str, str]]
) -> None:
    published = {"place": [p for p, _ in rows], "born": [b for _, b in rows]}
    outside = {"home": [p for p, _ in people], "birth": [b for _, b in people]}
    whose, who = [i % 5 for i in range(len(rows))], [i % 5 for i in range(len(people))]
    found = linkage(published, outside, {"place": "home", "born": "birth"}, whose=whose, who=who)
    single = right = 0
    for (home, birth), person in zip(people, who, strict=True):
        fits = [i for i, (place, born) in enumerate(rows) if covers(place, home) and covers(born, birth)]
        single += len(fits) == 1
        right += len(fits) == 1 and whose[fits[0]] == person
    assert (found.known, found.single, found.right) == (len(people), single, right)
    assert found.risk <= found.guess + 1e-9


def test_masking_lowers_the_risk_in_the_city(city: duckdb.DuckDBPyConnection) -> None:
    """A table of illnesses without names is an open book for who has the club's list; cut to decades it is closed."""
    sql = """SELECT resident_id, sex, CAST(birth_date AS VARCHAR) AS birth, s.name AS place FROM resident
             JOIN household USING (household_id) JOIN subdistrict s USING (subdistrict_id) WHERE chronic"""
    ill = {name: list(column) for name, column in city.execute(sql).fetchnumpy().items()}
    club = city.execute(
        """SELECT resident_id, c.sex, CAST(c.birth_date AS VARCHAR) AS birth, c.subdistrict AS place FROM club_list c
           JOIN resident r ON r.name = c.name AND r.birth_date = c.birth_date"""
    ).fetchnumpy()
    outside = {name: list(column) for name, column in club.items()}
    on = {"sex": "sex", "birth": "birth", "place": "place"}
    open_book = linkage(ill, outside, on, whose=ill["resident_id"], who=outside["resident_id"])
    members = sum(person in set(ill["resident_id"]) for person in outside["resident_id"])
    assert open_book.right > 0.95 * members
    decades = {**ill, "birth": [f"{b[:3]}0-{b[:3]}9" for b in ill["birth"]], "place": ["*"] * len(ill["birth"])}
    closed = linkage(decades, outside, on, whose=ill["resident_id"], who=outside["resident_id"])
    assert closed.right == 0
    assert closed.guess < 0.02


def test_distances_are_zero_for_the_same_and_one_for_the_strange() -> None:
    assert variation_distance(list("aab"), list("baa")) == 0
    assert variation_distance(list("aa"), list("bb")) == 1
    assert variation_distance(list("aabb"), list("abbb")) == pytest.approx(0.25)
    assert variation_distance(["a"], []) == 1
    assert all(variation_distance(list(a), list(b)) <= 1 for a, b in combinations(("aab", "abc", "ccc"), 2))


def test_group_means_say_what_is_left_of_a_comparison() -> None:
    group = ["a"] * 5 + ["b"] * 5 + ["c"] * 4
    pay = [1.0] * 5 + [3.0] * 5 + [9.0] * 4
    same = group_means(group, pay, group, pay)
    assert (same.groups, same.lost, same.error, same.order) == (2, 0.0, 0.0, 1.0)
    turned = group_means(group, pay, group, [3.0] * 5 + [1.0] * 5 + [9.0] * 4)
    assert turned.order == 0.0
    gone = group_means(group, pay, ["*"] * 14, pay)
    assert gone.lost == 1.0
