"""Markdown of lessons as safe HTML: CommonMark with tables and lists to tick, no HTML, no pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "div": {"class"}, "li": {"class"}, "ol": {"start"}, "table": {"class"}, "td": {"class"},
    "th": {"class", "scope"},
}  # fmt: skip
_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@lru_cache(maxsize=2048)
def markdown(text: str) -> SafeString:
    """Safe HTML of a text."""
    tokens = _parser.parse(text)
    _dress(tokens)
    html = _parser.renderer.render(tokens, _parser.options, {})
    html = html.replace("<table>", '<div class="sy-tablewrap"><table class="sy-table">')
    html = html.replace("</table>", "</table></div>")
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"})
    return mark_safe(clean)  # noqa: S308  (sanitised in the line above)


def _dress(tokens: Sequence[Token]) -> None:
    """Classes in place of inline styles, and lines to tick."""
    lines: list[Token] = []
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            right = token.attrs.pop("style", "") == "text-align:right"
            token.attrs |= {"class": "num"} if right else {}
            token.attrs |= {"scope": "col"} if token.type == "th_open" else {}
        elif token.type == "list_item_open":
            lines.append(token)
        elif token.type == "list_item_close":
            lines.pop()
        elif token.type == "inline" and lines and token.children:
            _tick(lines[-1], token.children[0])


def _tick(line: Token, first: Token) -> None:
    if first.type == "text" and first.content.startswith("[ ] "):
        first.content = first.content[4:]
        line.attrSet("class", "ln-todo")
