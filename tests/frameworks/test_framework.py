"""Frameworks: one lattice, whole or refused; versions by content."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from shuyang.frameworks import api
from shuyang.frameworks.models import FrameworkVersion
from shuyang.frameworks.rules import framework_hash
from shuyang.kernel.errors import Forbidden, Invalid, NotFound, Tampered
from shuyang.packs.api import builtin_folder, read_pack
from shuyang.trust.api import NOBODY, SYSTEM


@pytest.fixture(scope="session")
def whole() -> api.Framework:
    pack, problems = read_pack(builtin_folder())
    assert pack is not None, problems
    return pack.framework


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    api.framework.cache_clear()


def replaced(whole: api.Framework, **changes: Any) -> api.Framework:
    return msgspec.structs.replace(whole, **changes)


def codes(framework: api.Framework) -> set[str]:
    return {problem.code for problem in api.problems_of(framework)}


def test_it_is_one_lattice_with_every_facet_in_one_place(whole: api.Framework) -> None:
    assert api.problems_of(whole) == []
    placed = [facet.id for d in whole.dimensions for f in whole.forces for facet in whole.cell(d.id, f.id)]
    assert sorted(placed) == [f"F{n:02}" for n in range(1, 13)]
    by_force = {force.name.zh: [facet.id for facet in whole.facets_of(force.id)] for force in whole.forces}
    assert by_force == {
        "感知力": ["F01", "F02", "F03"],
        "执行力": ["F05", "F06"],
        "决策力": ["F07", "F09"],
        "创造力": ["F08", "F10"],
        "发展力": ["F04", "F11", "F12"],
    }


def test_it_asks_leaders_for_decision_and_growth_and_general_staff_for_execution(whole: api.Framework) -> None:
    def mean(rank: str, force: str) -> float:
        facets = [facet.id for facet in whole.facets_of(force)]
        levels = [p.levels()[one] for p in whole.profiles if p.rank_layer == rank for one in facets]
        return sum(levels) / len(levels)

    for force in ("decision", "growth"):
        assert mean("leader", force) > mean("general", force)
    assert mean("general", "execution") > mean("leader", "execution")
    assert all(1 <= level <= 5 for profile in whole.profiles for level in profile.levels().values())
    assert all(row.reason.zh and row.reason.en for profile in whole.profiles for row in profile.requirements)


def test_it_covers_every_part_of_the_smaller_frameworks(whole: api.Framework) -> None:
    sizes = {crosswalk.id: len(crosswalk.parts) for crosswalk in whole.crosswalks}
    assert sizes == {"db32": 5, "digcomp": 21, "pix": 16, "syllabus": 11, "unesco": 3}
    f11 = {crosswalk.id: [part.id for part in crosswalk.parts_of("F11")] for crosswalk in whole.crosswalks}
    assert f11["digcomp"] == ["2.6", "4.1", "4.2"]
    assert f11["syllabus"] == ["1.3", "3.1", "3.2"]


def test_it_finds_what_does_not_fit(whole: api.Framework) -> None:
    first = whole.facets[0]
    rest = whole.facets[1:]
    assert "double_id" in codes(replaced(whole, facets=(*whole.facets, first)))
    assert "unknown_force" in codes(replaced(whole, facets=(msgspec.structs.replace(first, force="x"), *rest)))
    assert "unknown_dimension" in codes(replaced(whole, facets=(msgspec.structs.replace(first, dimension="x"), *rest)))
    short = msgspec.structs.replace(first, descriptors=first.descriptors[:4])
    assert "descriptor_levels" in codes(replaced(whole, facets=(short, *rest)))
    assert "profiles_incomplete" in codes(replaced(whole, profiles=whole.profiles[1:]))
    profile = msgspec.structs.replace(whole.profiles[0], requirements=whole.profiles[0].requirements[1:])
    assert "profile_facets" in codes(replaced(whole, profiles=(profile, *whole.profiles[1:])))
    high = msgspec.structs.replace(whole.profiles[0].requirements[0], level=6)
    profile = msgspec.structs.replace(whole.profiles[0], requirements=(high, *whole.profiles[0].requirements[1:]))
    assert "profile_level" in codes(replaced(whole, profiles=(profile, *whole.profiles[1:])))
    crosswalk = msgspec.structs.replace(whole.crosswalks[0], map={})
    assert "crosswalk_incomplete" in codes(replaced(whole, crosswalks=(crosswalk,)))


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("pipl-2021", None),
        ("pipl-2021#1", None),
        ("pipl-2021#74", None),
        ("csl", None),
        ("pipl-2021#75", "citation_no_such_article"),
        ("csl#1", "citation_name_only"),
        ("x", "citation_unknown"),
        ("pipl-2021#0", "citation_malformed"),
        ("PIPL", "citation_malformed"),
        ("pipl-2021#13#2", "citation_malformed"),
    ],
)
def test_it_says_whether_a_citation_may_be_used(whole: api.Framework, reference: str, code: str | None) -> None:
    assert api.citation_problem(reference, {one.id: one for one in whole.citations}) == code


def test_it_flags_repealed_and_amended_laws(whole: api.Framework) -> None:
    law = whole.citations[0]
    repealed = {law.id: msgspec.structs.replace(law, status=api.CitationStatus.REPEALED)}
    amended = {law.id: msgspec.structs.replace(law, status=api.CitationStatus.AMENDED)}
    assert api.citation_problem(law.id, repealed) == "citation_repealed"
    assert api.citation_problem(law.id, amended) is None
    assert api.citation_problem(f"{law.id}#3", amended) == "citation_amended"


@pytest.mark.django_db
def test_it_loads_once_and_goes_by_content(whole: api.Framework) -> None:
    first = api.load_framework(actor=SYSTEM, framework=whole)
    assert first.new
    assert not api.load_framework(actor=SYSTEM, framework=whole).new
    assert api.current().hash == first.hash == framework_hash(whole)
    assert replaced(api.current(), hash="") == whole
    second = api.load_framework(actor=SYSTEM, framework=replaced(whole, version="2"))
    assert api.current().version == "2"
    assert api.framework(hash=first.hash).version == "1"
    assert not api.load_framework(actor=SYSTEM, framework=replaced(whole, version="2")).new
    back = api.load_framework(actor=SYSTEM, framework=whole)
    assert (back.hash, back.new) == (first.hash, True)
    assert FrameworkVersion.objects.count() == 2
    assert second.hash != first.hash


@pytest.mark.django_db
def test_it_refuses_a_framework_that_does_not_fit(whole: api.Framework) -> None:
    with pytest.raises(Invalid):
        api.load_framework(actor=SYSTEM, framework=replaced(whole, profiles=whole.profiles[1:]))
    with pytest.raises(Forbidden):
        api.load_framework(actor=NOBODY, framework=whole)
    with pytest.raises(NotFound):
        api.current()


@pytest.mark.django_db
def test_it_answers_for_facets_and_targets(whole: api.Framework) -> None:
    api.load_framework(actor=SYSTEM, framework=whole)
    assert api.facet("F09").name.zh == "数据分析与研判"
    assert api.target(rank_layer="leader", job_category="data_it")["F11"] == 5
    assert "csl" in {one.id for one in api.stale_citations()}
    for call in (lambda: api.facet("F99"), lambda: api.target(rank_layer="leader", job_category="x")):
        with pytest.raises(NotFound):
            call()


@pytest.mark.django_db
def test_it_notices_a_changed_body(whole: api.Framework) -> None:
    view = api.load_framework(actor=SYSTEM, framework=whole)
    FrameworkVersion.objects.update(body="{}")
    with pytest.raises(Tampered):
        api.framework(hash=view.hash)
