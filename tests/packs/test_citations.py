"""A law that is repealed flags everything in the shipped pack that rests on it."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from shuyang.frameworks.api import CitationStatus
from shuyang.packs.api import Pack, builtin_folder, check_pack, read_pack
from shuyang.packs.lessons import read_lesson


@pytest.fixture(scope="module")
def pack() -> Pack:
    found, problems = read_pack(builtin_folder())
    assert found is not None, problems
    return found


def resting_on(pack: Pack, citation: str) -> set[str]:
    """Ids of the items and lessons that cite it."""
    heads = [read_lesson(name, text).head for name, text in pack.lessons.items()]
    cited = [(item.content.id, item.content.citations) for item in pack.items]
    cited += [(head.id, head.citations) for head in heads]
    return {name for name, references in cited if any(r.partition("#")[0] == citation for r in references)}


@pytest.mark.parametrize("citation", ["pipl-2021", "online-service-2019", "aigc-label-2025"])
def test_it_flags_every_item_and_lesson_that_rests_on_a_repealed_law(pack: Pack, citation: str) -> None:
    repealed = msgspec.structs.replace(pack.citations[citation], status=CitationStatus.REPEALED)
    changed = dataclasses.replace(pack, citations={**pack.citations, citation: repealed})
    flagged = {
        one.problem.where.removesuffix("/citations")
        for one in check_pack(changed)
        if one.problem.code == "citation_repealed"
    }
    assert flagged == resting_on(pack, citation)
    assert any(name.startswith("L-") for name in flagged)
    assert any(name.startswith("S-") for name in flagged)


def test_it_cites_articles_only_of_laws_whose_text_was_at_hand(pack: Pack) -> None:
    known = {one.id for one in pack.citations.values() if one.articles}
    heads = [read_lesson(name, text).head for name, text in pack.lessons.items()]
    references = [r for item in pack.items for r in item.content.citations] + [r for h in heads for r in h.citations]
    assert {r.partition("#")[0] for r in references if "#" in r} <= known
