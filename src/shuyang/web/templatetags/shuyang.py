"""Template filters: dates, numbers and errors as the product writes them. A builtin: no {% load %} needed."""

from __future__ import annotations

from datetime import date, datetime
from json import dumps
from typing import Any

from django import template
from django.utils.safestring import mark_safe

from shuyang.kernel.clock import BEIJING

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-11-22 (Beijing)."""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).date()
    return value.isoformat() if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-22 09:30 (Beijing)."""
    return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """09:30 (Beijing): for moments of today."""
    return value.astimezone(BEIJING).strftime("%H:%M") if value else ""


@register.filter
def signed(text: str) -> str:
    """A number with its sign: +3, −2, 0."""
    value = str(text)
    if value.startswith("-"):
        return f"−{value[1:]}" if value.strip("-0.") else value[1:]
    return f"+{value}" if value.strip("0.") else value


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to loop over."""
    return text.split()


@register.filter
def percent(value: float | None, places: int = 0) -> str:
    """A share 0…1 as a percentage."""
    return "" if value is None else f"{100 * value:.{places}f}%"


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, empty when missing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag
def field_problem(problems: dict[str, str] | None, name: str) -> str:
    """The words of the problem at field `name`, if there is one."""
    return (problems or {}).get(name, "")


@register.filter
def json(value: Any) -> str:
    """JSON for a data block in a page; "<" is escaped so that no text can end the block."""
    text = dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S308
