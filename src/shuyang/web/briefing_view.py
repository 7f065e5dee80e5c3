"""Briefings for pages and paper: charts, what was typed in the editor, words for states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuyang.insight.api import (
    Block,
    BlockKind,
    BriefingState,
    BriefingView,
    Content,
    Document,
    Edit,
    Effect,
    Language,
    OptionEdit,
)
from shuyang.web.charts.contract import Chart
from shuyang.web.unit_charts import told_chart

STATES: dict[BriefingState, str | Promise] = {
    BriefingState.DRAFT: lazy("Draft"),
    BriefingState.SUBMITTED: lazy("Waits for a signature"),
    BriefingState.ISSUED: lazy("Issued"),
    BriefingState.WITHDRAWN: lazy("Withdrawn"),
}
LANGUAGES = {Language.CHINESE: "中文", Language.ENGLISH: "English"}
EFFECTS: dict[Effect, str | Promise] = {
    Effect.UNKNOWN: lazy("Say that it has not been estimated"),
    Effect.SEEN: lazy("The same, with the change since the campaign before for comparison"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A block for a template: its pieces, or its chart."""

    kind: BlockKind
    block: Block
    chart: Chart | None


def shown(made: Document) -> list[Shown]:
    """The blocks of a document, charts made."""
    return [Shown(b.kind, b, told_chart(b.chart) if b.chart is not None else None) for b in made.blocks]


def read_edit(post: Mapping[str, str], content: Content) -> Edit:
    """The editor's form as data; nothing is judged here."""
    return Edit(
        title=post.get("title", ""),
        issuer=post.get("issuer", ""),
        addressee=post.get("addressee", ""),
        paragraphs={p.key: post.get(f"paragraph-{p.key}", "") for p in content.paragraphs},
        options=tuple(
            OptionEdit(
                post.get(f"option-{n}", ""), post.get(f"cost-{n}", ""), post.get(f"effect-{n}", str(Effect.UNKNOWN))
            )
            for n in range(1, len(content.options) + 1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the editor. `rows`: 0 for a single line; `choices`: (value, words, chosen) for a select."""

    name: str
    label: str
    value: str
    problem: str = ""
    hint: str = ""
    rows: int = 0
    most: int = 0
    protected: bool = False
    choices: tuple[tuple[str, str | Promise, bool], ...] = ()


def fields(content: Content, edit: Edit, problems: Mapping[str, str]) -> dict[str, list[Field]]:
    """The fields of the editor by section, with what was typed and what is wrong with it."""
    return {
        "head": [
            Field("title", _("Headline"), edit.title, problems.get("title", ""), rows=2, protected=True),
            Field("issuer", _("Compiled and printed by"), edit.issuer, problems.get("issuer", "")),
            Field("addressee", _("Sent to"), edit.addressee, problems.get("addressee", "")),
        ],
        "text": [
            Field(
                f"paragraph-{p.key}",
                label,
                edit.paragraphs.get(p.key, ""),
                problems.get(f"paragraph-{p.key}", ""),
                "" if p.required else _("Emptied, it is left out, with its chart."),
                rows=3,
                protected=True,
            )
            for p, label in zip(content.paragraphs, _labels(content), strict=True)
        ],
        "options": [f for n, option in enumerate(edit.options, start=1) for f in _option(content, n, option, problems)],
    }


def _labels(content: Content) -> Iterable[str]:
    number = 0
    for p in content.paragraphs:
        if p.key.startswith("finding"):
            number += 1
            yield _("What was found (%(n)d)") % {"n": number}
        else:
            yield {
                "summary": _("Opening"), "more": _("Further differences"), "certain": _("The certain part"),
                "uncertain": _("The uncertain part"),
            }[p.key]  # fmt: skip


def _option(content: Content, n: int, option: OptionEdit, problems: Mapping[str, str]) -> Iterable[Field]:
    label = (_("Option A"), _("Option B"), _("Option C"))[n - 1]
    yield Field(
        f"option-{n}", label, option.text, problems.get(f"option-{n}", ""),
        rows=2, protected=True,
    )  # fmt: skip
    yield Field(
        f"cost-{n}", _("Its cost, people and dates"), option.cost, problems.get(f"cost-{n}", ""),
        _("Figures may be typed here; your name is printed beside them. Left empty: not calculated."),
    )  # fmt: skip
    offered = [effect for effect, _text in content.effects]
    choices = tuple((str(e), EFFECTS[e], str(e) == option.effect) for e in offered)
    yield Field(
        f"effect-{n}", _("Its expected effect"), option.effect, problems.get(f"effect-{n}", ""), choices=choices
    )


def typed(view: BriefingView) -> Edit:
    """The stored content as the editor's form."""
    c = view.content
    options = tuple(OptionEdit(o.text, o.cost, str(o.effect)) for o in c.options)
    return Edit(c.title, c.issuer, c.addressee, {p.key: p.text for p in c.paragraphs}, options)
