"""The linter: every check finds its planted fault and keeps quiet otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from shuyang.itembank.api import ItemContent
from shuyang.packs.api import Pack, builtin_folder, check_pack, read_pack
from shuyang.packs.contracts import LocatedItem, Requirements
from shuyang.packs.lint.similarity import jaccard, shingles, similar_pairs
from tests.itembank.make import TABLE, item, options

QUIET = Requirements(secure_per_cell=0, practice_per_facet=0, single_share=1.0, stimulus_share=0.0)


@pytest.fixture(scope="module")
def frame() -> Pack:
    pack, problems = read_pack(builtin_folder())
    assert pack is not None, problems
    return dataclasses.replace(pack, items=(), lessons={}, head=msgspec.structs.replace(pack.head, requirements=QUIET))


Lint = Callable[..., dict[str, str]]


@pytest.fixture
def lint(frame: Pack) -> Lint:
    """Findings about these items: code -> severity."""

    def found(*items: ItemContent, **changes: Any) -> dict[str, str]:
        located = tuple(LocatedItem(_file(one), one) for one in items)
        pack = dataclasses.replace(frame, items=located, **changes)
        return {one.problem.code: one.severity.value for one in check_pack(pack)}

    return found


def _file(content: ItemContent) -> str:
    if content.id.startswith("P"):
        return f"items/practice/{content.facet}.yaml"
    return f"items/secure/{content.facet}-L{content.level}.yaml"


def words(*texts: str) -> list[dict[str, str]]:
    return [{"id": "abcdefgh"[n], "text": text, "rationale": "理由"} for n, text in enumerate(texts)]


def test_it_finds_nothing_in_sound_items(lint: Lint) -> None:
    assert lint(item("single"), item("mark", id="S-F01-3-002"), item("match", id="S-F01-3-003")) == {}


@pytest.mark.parametrize(
    ("kind", "changes", "code", "severity"),
    [
        ("single", {"options": words("甲", "乙乙", "丙丙", "以上都对")}, "catch_all_option", "error"),
        ("single", {"options": words("先核对口径", "酌情处理", "直接上报", "退回重填")}, "vague_word", "warning"),
        ("single", {"stem": "下列做法不恰当的是哪一项？"}, "negative_stem", "warning"),
        ("single", {"options": [{"id": i, "text": f"做法{i}"} for i in "abcd"]}, "rationale_missing", "error"),
        ("number", {"rationale": ""}, "rationale_missing", "error"),
        (
            "single",
            {"options": words("直接报送", "先核对口径再与统计部门确认差异原因后报送", "退回重报", "请示领导")},
            "key_longest",
            "warning",
        ),
        (
            "single",
            {"options": words("一律退回", "核对后上报", "任何情况都不报", "绝不公开")},
            "absolute_words",
            "warning",
        ),
        ("single", {"stimulus": [{"kind": "text", "body": "情况" * 200}]}, "reading_long", "warning"),
        ("single", {"stimulus": [{"kind": "text", "body": "情况" * 320}]}, "reading_too_long", "error"),
        ("single", {"stimulus": [{"kind": "text", "body": "情况" * 160}]}, "time_short", "warning"),
        ("single", {"feedback": "依据《个人信息保护法》办理。"}, "law_not_cited", "warning"),
        ("single", {"citations": ["pipl-2021#99"]}, "citation_no_such_article", "error"),
        ("single", {"citations": ["csl#21"]}, "citation_name_only", "error"),
        ("single", {"citations": ["pipl-1999"]}, "citation_unknown", "error"),
        ("single", {"citations": ["pipl-2021 13"]}, "citation_malformed", "error"),
        ("single", {"enemies": ["S-F01-3-009"]}, "enemy_unknown", "error"),
        ("single", {"key": "x"}, "key_unknown", "error"),
    ],
)
def test_it_finds_a_planted_fault(lint: Lint, kind: str, changes: dict[str, Any], code: str, severity: str) -> None:
    assert lint(item(kind, **changes)).get(code) == severity


@pytest.mark.parametrize("reference", ["pipl-2021", "pipl-2021#13", "pipl-2021#74", "csl", "gbt-9704-2012"])
def test_it_accepts_live_citations(lint: Lint, reference: str) -> None:
    assert lint(item("single", citations=[reference])) == {}


def test_it_wants_enemies_to_agree(lint: Lint) -> None:
    one = item("single", enemies=["S-F01-3-002"])
    assert "enemy_one_sided" in lint(one, item("order", id="S-F01-3-002"))
    assert lint(one, item("order", id="S-F01-3-002", enemies=["S-F01-3-001"])) == {}
    mixed = item("single", enemies=["P-F01-3-002"])
    assert "enemy_other_purpose" in lint(mixed, item("order", id="P-F01-3-002", enemies=["S-F01-3-001"]))


LONG = (
    "望江街道办事处准备向居民公布三类事项的办理情况，其中低保复核、残疾人补贴和高龄津贴的口径不同，"
    "需要先统一统计时点再对外发布。"
)
MORE = "另外还要说明数据来源、更新频率以及联系电话，并在网站首页显著位置公示十五个工作日以上，接受群众监督。"


def test_it_finds_copies_and_practice_items_that_give_secure_ones_away(lint: Lint) -> None:
    def told(id: str, more: str = "") -> ItemContent:
        return item("number", id=id, stimulus=[{"kind": "text", "body": LONG + more}])

    assert "near_duplicate" in lint(told("S-F01-3-001"), told("S-F01-3-002"))
    assert "practice_gives_away" in lint(told("S-F01-3-001"), told("P-F01-3-001", MORE))


def test_it_wants_alike_items_of_one_purpose_to_be_enemies(lint: Lint) -> None:
    def pair(enemies: bool) -> list[ItemContent]:
        names = ("S-F01-3-001", "S-F01-3-002")
        return [
            item(
                "number",
                id=names[n],
                enemies=[names[1 - n]] if enemies else [],
                stimulus=[{"kind": "text", "body": LONG + extra}],
            )
            for n, extra in enumerate(["", MORE])
        ]

    assert lint(*pair(False)) == {"similar_not_enemies": "warning"}
    assert lint(*pair(True)) == {}


def test_it_sees_keys_that_stand_at_one_place_or_are_longest(lint: Lint) -> None:
    same = [item("single", id=f"S-F01-3-{n:03}", options=options(*"abcd")) for n in range(25)]
    assert "key_places_uneven" in lint(*same)
    spread = [item("single", id=f"S-F01-3-{n:03}", key="abcd"[n % 4]) for n in range(24)]
    assert "key_places_uneven" not in lint(*spread)
    longest = [item("single", id=f"S-F01-3-{n:03}", options=words("甲办", "乙办理", "丙办", "丁办")) for n in range(25)]
    assert "keys_longest" in lint(*longest)


def test_it_counts_what_is_missing(lint: Lint, frame: Pack) -> None:
    strict = msgspec.structs.replace(frame.head, requirements=Requirements())
    found = lint(*[item("single", id=f"S-F01-3-{n:03}") for n in range(25)], head=strict)
    assert {"too_few_secure", "too_few_practice", "too_many_single", "too_little_stimulus"} <= set(found)


def test_it_counts_reviewed_items_only(lint: Lint, frame: Pack) -> None:
    one_each = msgspec.structs.replace(frame.head, requirements=Requirements(1, 0, 1.0, 0.0))
    drafts = [
        item("mark", id=f"S-F{f:02}-{level}-001", stimulus=[TABLE], state=state)
        for f in range(1, 13)
        for level in range(1, 6)
        for state in ["draft" if (f, level) == (7, 4) else "reviewed"]
    ]
    assert "too_few_secure" in lint(*drafts, head=one_each)


def test_it_finds_secure_items_in_lessons(lint: Lint) -> None:
    content = item("number", stimulus=[{"kind": "text", "body": LONG}])
    quoted = {"lessons/F01.md": f"# 课\n\n例如：{LONG[3:40]}\n"}
    assert lint(content, lessons=quoted) == {"secure_in_lesson": "error"}
    assert lint(content, lessons={"lessons/F01.md": "见 S-F01-3-001"}) == {"secure_in_lesson": "error"}
    assert lint(content, lessons={"lessons/F01.md": "望江街道办事处准备公布。"}) == {}
    practice = item("number", id="P-F01-3-001", stimulus=[{"kind": "text", "body": LONG}])
    assert lint(practice, lessons=quoted) == {}


def test_it_wants_items_in_their_files(frame: Pack) -> None:
    pack = dataclasses.replace(frame, items=(LocatedItem("items/secure/F01-L2.yaml", item("single")),))
    assert [one.problem.code for one in check_pack(pack)] == ["wrong_file"]


def test_it_finds_the_pairs_that_an_exhaustive_search_finds() -> None:
    base = "abcdefghijklmnopqrstuvwxyz0123456789" * 2
    texts = [base[n:] + str(n) * n for n in range(0, 30, 3)] + ["甲乙丙丁戊己庚辛"]
    sets = [shingles(text) for text in texts]
    wanted = {(i, j) for i in range(len(texts)) for j in range(i + 1, len(texts)) if jaccard(sets[i], sets[j]) >= 0.5}
    assert wanted
    assert {(i, j) for i, j, _ in similar_pairs(texts, least=0.5)} == wanted
    assert list(similar_pairs(["一"], least=0.1)) == []


def test_it_has_words_for_every_finding_it_can_make() -> None:
    """Codes are found in the sources, so that a new one without words is noticed."""
    import re
    from pathlib import Path

    import shuyang
    from shuyang.web.words.bank import WORDS as BANK
    from shuyang.web.words.content import WORDS
    from shuyang.web.words.learning import WORDS as LESSONS

    root = Path(shuyang.__file__).parent
    lint_files = sorted((root / "packs/lint").glob("*.py"))
    text = "".join(path.read_text() for path in [*lint_files, root / "packs/check.py", root / "packs/reading.py"])
    codes = set(re.findall(r'_(?:error|warning)\([^,]+, (?:f?"[^"]*", )?"([a-z_]+)"', text))
    codes |= set(re.findall(r'Problem\([^,]+, "([a-z_]+)"', text + (root / "frameworks/rules.py").read_text()))
    codes |= set(re.findall(r'yield (?:f?"[^"]*", )?"([a-z_]+)"$', (root / "itembank/structure.py").read_text(), re.M))
    codes |= set(re.findall(r'"(citation_[a-z_]+)"', (root / "frameworks/rules.py").read_text()))
    assert len(codes) > 45
    assert codes - set(WORDS) - set(BANK) - set(LESSONS) == set()
