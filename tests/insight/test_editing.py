"""Editing with protected figures: words change freely, marks only move; nothing unbound gets in, nothing typed is lost."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuyang.insight.composing import MOST_FINDINGS, compose
from shuyang.insight.content import Content, Effect, ParagraphKind, read_content, written
from shuyang.insight.document import Imprint, document, read_document, written_document
from shuyang.insight.rules import Edit, OptionEdit, edited
from shuyang.insight.source import Language, archived, source_hash
from shuyang.insight.text import faults, free_figures, marks, plain, split
from shuyang.insight.verifying import check
from shuyang.kernel.canonical import digest
from shuyang.kernel.errors import Invalid
from tests.insight.make import source

SEEDS = st.integers(0, 10_000)
LANGUAGES = st.sampled_from(list(Language))
SHARES = st.sampled_from((0.0, 0.1, 1.0))
many = settings(max_examples=40, deadline=None, derandomize=True, database=None)
NOBODY = Imprint("", "", "拟稿人", "")


def as_typed(content: Content) -> Edit:
    """The form as it is sent when nothing was changed."""
    options = tuple(OptionEdit(o.text, o.cost, str(o.effect)) for o in content.options)
    texts = {p.key: p.text for p in content.paragraphs}
    return Edit(content.title, content.issuer, content.addressee, texts, options)


def with_summary(content: Content, text: str) -> Edit:
    edit = as_typed(content)
    return dataclasses.replace(edit, paragraphs={**edit.paragraphs, "summary": text})


def codes(content: Content, edit: Edit) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        edited(content, edit, by="甲")
    return [(p.where, p.code) for p in caught.value.problems]


@many
@given(SEEDS, SHARES, LANGUAGES)
def test_a_draft_passes_its_own_rules_unchanged(seed: int, share: float, language: Language) -> None:
    """What the rules compose, they also accept: no sentence of ours holds a free figure."""
    content = compose(source(seed, share=share, language=language))
    assert edited(content, as_typed(content), by="甲") == content
    assert read_content(written(content)) == content
    for fact in content.method:
        assert faults(fact.text, content.known) == []
    for _, text in content.effects:
        assert faults(text, content.known) == []


@many
@given(SEEDS, SHARES, LANGUAGES)
def test_the_same_data_give_the_same_draft_and_document(seed: int, share: float, language: Language) -> None:
    first, second = (compose(source(seed, share=share, language=language)) for _ in range(2))
    assert written(first) == written(second)
    made = document(first, NOBODY, synthetic=True)
    assert written_document(made) == written_document(document(second, NOBODY, synthetic=True))
    assert read_document(written_document(made)) == made


@many
@given(SEEDS, st.data())
def test_whatever_is_typed_the_stored_text_holds_only_bound_figures(seed: int, data: st.DataObject) -> None:
    """Random pieces of words, figures and marks: either refused, or every figure in it is one of the draft's own."""
    content = compose(source(seed % 50, share=0.5))
    pieces = [
        *(b.token for b in content.bindings),
        "升高",
        "31",
        "二十五人",
        "{{n1|99分}}",
        "{{n99|31分}}",
        "①",
        "｛",
        "，",
        "略低于",
        "过半",
        "５",
        " ",
    ]
    typed = "".join(data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=8)))
    try:
        stored = edited(content, with_summary(content, typed), by="甲").paragraphs[0].text
    except Invalid:
        return
    assert all(content.known[mark] in plain(stored) for mark in marks(stored))
    for piece in split(stored):
        if isinstance(piece, str):
            assert not any(c.isdigit() or c in "{}｛①" for c in piece)
            assert "过半" not in piece
            assert "二十五" not in piece


@many
@given(st.text(alphabet="一二三四五六七八九十百0123456789人分项的约{}|n 多低高于", max_size=30))
def test_it_survives_any_typed_text(text: str) -> None:
    content = compose(source(1))
    try:
        stored = edited(content, with_summary(content, text), by="甲")
    except Invalid as error:
        wheres = {p.where for p in error.problems}
    else:
        wheres = {"paragraph-summary"}
        words = "".join(piece for piece in split(stored.paragraphs[0].text) if isinstance(piece, str))
        assert not set(words) & set("0123456789{}")
    assert wheres == {"paragraph-summary"}


def test_marks_may_be_moved_repeated_and_left_out() -> None:
    content = compose(source(2, share=1.0))
    first, second = content.bindings[:2]
    moved = f"改写：{second.token}，即{first.token}；再说一遍，{second.token}。"
    stored = edited(content, with_summary(content, moved), by="甲")
    assert stored.paragraphs[0].text == moved
    finding = next(p for p in content.paragraphs if p.kind is ParagraphKind.FINDING)
    edit = as_typed(content)
    gone = edited(content, dataclasses.replace(edit, paragraphs={**edit.paragraphs, finding.key: " "}), by="甲")
    blocks = document(gone, NOBODY, synthetic=False).blocks
    assert not [b for b in blocks if b.key == finding.key]  # its chart goes with it


def test_it_names_each_problem_at_its_field() -> None:
    content = compose(source(2, share=1.0))
    known = content.bindings[0]
    edit = as_typed(content)
    changed = known.token.replace(known.text, "另一个名字")
    wrong = dataclasses.replace(
        edit,
        title="{{n999|512分}}",
        issuer=" ",
        paragraphs={**edit.paragraphs, "summary": f"{changed}有25人", "certain": "", "invented": "x"},
        options=(OptionEdit("{{n1|", "30 万元", "unknown"), OptionEdit("", "", "magic"), edit.options[2]),
    )
    assert set(codes(content, wrong)) == {
        ("title", "briefing_mark_unknown"),
        ("issuer", "briefing_text_needed"),
        ("paragraph-summary", "briefing_mark_changed"),
        ("paragraph-summary", "briefing_figure_free"),
        ("paragraph-certain", "briefing_text_needed"),
        ("paragraph-invented", "briefing_paragraph_unknown"),
        ("option-1", "briefing_mark_broken"),
        ("option-2", "briefing_text_needed"),
        ("effect-2", "briefing_effect_unknown"),
    }
    assert codes(content, dataclasses.replace(edit, options=edit.options[:2]))[0] == (
        "options",
        "briefing_options_three",
    )


FIGURES = [
    "低31分", "低３１分", "二十五人", "共三人", "百分之八", "提高一倍", "过半人员", "翻番", "七成", "三分之一",
    "第③项", "Ⅳ类", "近百人", "两名干部", "廿余人", "twelve-people", "half-of-them",
    "a-third-of-them",
]  # fmt: skip
WORDS = [
    "五力均值偏低", "一是抓培训，二是抓实训", "进一步统一认识", "十分重要", "一般干部", "第一步先核实",
    "这是一个长期过程", "一项工作", "万一", "千方百计", "一方面", "the-five-forces", "one-of-the-units",
]  # fmt: skip


@pytest.mark.parametrize("words", FIGURES)
def test_it_recognises_figures_in_digits_and_words(words: str) -> None:
    assert free_figures(words.replace("-", " ")), words


@pytest.mark.parametrize("words", WORDS)
def test_it_leaves_words_alone_that_state_no_quantity(words: str) -> None:
    assert free_figures(words.replace("-", " ")) == [], words


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x07", "\uffff"])
def test_signs_that_are_not_seen_are_left_out(unseen: str) -> None:
    """A mark of direction would show 31 as 13; a space of no width would hide a numeral from the check."""
    content = compose(source(2, share=1.0))
    token = content.bindings[3].token
    stored = edited(content, with_summary(content, f"结果为{unseen}{token}。"), by="甲").paragraphs[0].text
    assert stored == f"结果为{token}。"
    assert codes(content, with_summary(content, f"共二{unseen}十五人")) == [
        ("paragraph-summary", "briefing_figure_free")
    ]


def test_a_campaign_half_of_which_was_withdrawn_says_so() -> None:
    data = source(2, share=0.0)
    poor = dataclasses.replace(data, publication=dataclasses.replace(data.publication, incomplete=180, held_back=7))
    lines = document(compose(poor), NOBODY, synthetic=False).lines
    assert any("有180人因作答信息不足（含题目停用）未计入" in line for line in lines)
    assert any("有7人的结果暂缓计入" in line for line in lines)
    assert "未计入暂缓计入7人，作答信息不足180人（测评全部范围）" in lines


def test_a_unit_in_which_nothing_can_be_compared_has_a_briefing_too() -> None:
    """One unit without parts, without a campaign before and without targets."""
    data = dataclasses.replace(source(2, share=0.0), comparisons=(), compared=0, finished=None, in_post=None)
    made = document(compose(data), NOBODY, synthetic=False)
    assert any("共作0项比较" in line for line in made.lines)
    assert not any("把握被发现" in line for line in made.lines)


def test_costs_are_entered_by_somebody_and_effects_chosen() -> None:
    data = source(6, share=0.5)
    content = compose(data)
    edit = as_typed(content)
    seen = Effect.SEEN in dict(content.effects)
    costs = (OptionEdit(edit.options[0].text, "约 30 万元，2 期", "seen" if seen else "unknown"), *edit.options[1:])
    first = edited(content, dataclasses.replace(edit, options=costs), by="甲")
    again = edited(first, as_typed(first), by="乙")
    assert [o.cost_by for o in again.options] == ["甲", "", ""]
    lines = document(again, NOBODY, synthetic=False).lines
    assert "成本与安排：约 30 万元，2 期（甲填报）" in lines
    assert lines.count("成本与安排：未测算") == 2
    assert sum("预期效果：尚无估计。" in line for line in lines) == 3


def test_growth_is_never_called_an_effect() -> None:
    content = next(c for c in (compose(source(n)) for n in range(20)) if Effect.SEEN in dict(c.effects))
    text = plain(dict(content.effects)[Effect.SEEN])
    assert text.startswith("尚无估计。")
    assert "不是措施的效果" in text


def test_a_briefing_of_noise_names_no_finding_and_one_of_many_counts_the_rest() -> None:
    noise, full = compose(source(3, share=0.0)), compose(source(3, share=1.0))
    assert "未见超出误差的差异" in plain(noise.title)
    assert not any(b.query in ("points", "effect") for b in noise.bindings)
    findings = [p for p in full.paragraphs if p.kind is ParagraphKind.FINDING]
    assert len(findings) == MOST_FINDINGS
    assert all(p.chart is not None for p in findings)
    assert any(p.kind is ParagraphKind.MORE for p in full.paragraphs)


def test_every_note_is_numbered_once_in_reading_order() -> None:
    made = document(compose(source(3, share=1.0)), NOBODY, synthetic=True)
    read = [piece.note for block in made.blocks for piece in block.pieces if piece.note]
    assert list(dict.fromkeys(read)) == list(range(1, len(made.notes) + 1))
    assert all("置信区间" in note for note in made.notes)


def test_the_check_finds_what_was_changed_in_the_archive() -> None:
    data = source(4, share=0.6)
    content = compose(data)
    printed = written_document(document(content, NOBODY, synthetic=True))
    held = {
        "source": archived(data), "source_hash": source_hash(data), "content": written(content), "document": printed,
        "document_hash": digest(printed.encode()),
    }  # fmt: skip
    assert check(**held).holds
    assert check(**held).figures == len(content.bindings)
    other = source(5, share=0.6)
    assert problems(held, source=archived(other)) >= {"data_changed", "figure_differs"}
    assert problems(held, source=archived(other), source_hash=source_hash(other)) >= {"figure_differs"}
    bent = dataclasses.replace(content.bindings[5], text="高99分")
    forged = dataclasses.replace(content, bindings=(*content.bindings[:5], bent, *content.bindings[6:]))
    assert "figure_differs" in problems(held, content=written(forged))
    assert "document_changed" in problems(held, document=printed.replace("未测算", "五万元"))
    free = dataclasses.replace(content, title="提高31分")
    assert "briefing_figure_free" in problems(held, content=written(free))
    assert problems(held, content="{}") == {"unreadable"}


def problems(held: dict[str, str], **changed: str) -> set[str]:
    return {code for code, _ in check(**{**held, **changed}).problems}
