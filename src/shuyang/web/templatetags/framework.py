"""Names that the framework keeps in both languages."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from shuyang.frameworks.api import Words

register = template.Library()


@register.filter
def said(words: Words | None) -> str:
    """The words in the language of the page."""
    return words.in_language(get_language() or "zh-hans") if words else ""


@register.filter
def here(pair: object) -> str:
    """Descriptor text (`zh`, `en`) in the language of the page."""
    return getattr(pair, "en" if (get_language() or "").startswith("en") else "zh", "")
