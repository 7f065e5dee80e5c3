"""The small text language of items: paragraphs, "- " lists, **bold**. Everything else is shown as it is, escaped."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def paragraphs(text: str) -> SafeString:
    """Safe HTML of a text: blank lines separate paragraphs, lines that begin with "- " make a list."""
    parts = [_part(block.strip("\n")) for block in re.split(r"\n\s*\n", text.strip())]
    return mark_safe("".join(parts))  # noqa: S308  (each piece is escaped below)


def _part(block: str) -> str:
    html, items = [], []
    for line in block.split("\n"):
        if line.lstrip().startswith("- "):
            items.append(f"<li>{_inline(line.lstrip()[2:])}</li>")
            continue
        if items:
            html.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            html.append(f"<p>{_inline(line.strip())}</p>")
    if items:
        html.append(f"<ul>{''.join(items)}</ul>")
    return "".join(html)


def _inline(line: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(line))
