"""How numbers are written, in Chinese and English.

These forms are not in the message catalogue: an archived briefing is checked by writing its numbers again, so that what has
once been used must not change. A new way of writing gets a new query.
"""

from __future__ import annotations

from dataclasses import dataclass

from shuyang.insight.source import Interval, Language


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one language; `{n}` is a number, `{name}` what it is a number of."""

    points: str
    people: str
    mean: str
    above: str
    below: str
    level: str
    deviations: str
    share: str
    interval: str
    times: str
    number: str
    join: str


FORMS = {
    Language.CHINESE: Forms(
        points="{n}分",
        people="{n}人",
        mean="{name}{n}分",
        above="{name}高{n}分",
        below="{name}低{n}分",
        level="{name}相差不到1分",
        deviations="{n}个标准差",
        share="{name}{n}%",
        interval="{what}{value}，95%置信区间{low}至{high}",
        times="{n}项",
        number="第{n}次",
        join="、",
    ),
    Language.ENGLISH: Forms(
        points="{n} points",
        people="{n} people",
        mean="{name}: {n} points",
        above="{name} {n} points higher",
        below="{name} {n} points lower",
        level="{name} less than 1 point apart",
        deviations="{n} SD",
        share="{name} {n}%",
        interval="{what} {value}, 95% interval {low} to {high}",
        times="{n}",
        number="No. {n}",
        join=", ",
    ),
}


def signed(value: float, places: int = 0) -> str:
    """A number with its sign, a minus as long as a plus; 0 has none."""
    text = f"{abs(value):.{places}f}"
    if not text.strip("0."):
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def whole(value: float) -> str:
    return f"{value:.0f}"


def percent(value: float) -> str:
    return f"{100 * value:.0f}"


def difference(forms: Forms, name: str, value: float) -> str:
    """A difference in points with its direction, so that no word around it can turn it round."""
    n = whole(abs(value))
    if n == "0":
        return forms.level.format(name=name)
    return (forms.above if value > 0 else forms.below).format(name=name, n=n)


def interval_note(forms: Forms, what: str, value: str, low: str, high: str) -> str:
    """A number with its interval, as it stands in a note."""
    return forms.interval.format(what=what, value=value, low=low, high=high).strip()


def difference_note(forms: Forms, what: str, points: Interval) -> str:
    """The interval of a difference in points."""
    high = forms.points.format(n=signed(points.high))
    return interval_note(forms, what, signed(points.value), signed(points.low), high)
