"""Every chart: one definition for page and paper, with its numbers as a table and in words, at ordinary and odd data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine
from django.test import Client
from django.utils.translation import override

from shuyang.trust.api import Role
from shuyang.web.charts.contract import Chart
from shuyang.web.charts.samples import registry
from shuyang.web.charts.stimulus import Stimulus
from shuyang.web.paper.svg import drawn_chart
from tests.cast import Cast, make_cast, make_member

WEB = Path(__file__).resolve().parents[2] / "src/shuyang/web"
SAMPLES = [pytest.param(chart, id=f"{kind.key}-{name}") for kind in registry() for name, chart in kind.samples.items()]
_NUMBER = re.compile(r"[-−+]?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def drawn_numbers(value: Any) -> Iterator[float]:
    """Numbers in the data of series: of points, bars, and ends of lines."""
    if isinstance(value, dict):
        yield from drawn_numbers(value.get("value"))
        yield from drawn_numbers(value.get("data")) if value.get("type") else ()
    elif isinstance(value, list | tuple):
        for one in value:
            yield from drawn_numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def numbers_in(texts: Iterator[str]) -> set[float]:
    return {float(n.replace("−", "-")) for text in texts for n in _NUMBER.findall(text)}


@pytest.mark.parametrize("chart", SAMPLES)
def test_it_draws_no_number_that_its_table_lacks(chart: Chart) -> None:
    told = numbers_in(cell for row in chart.table().rows for cell in row[1:])
    # "498–526" reads as 498 and −526 to a pattern: both signs of a number are the number
    told |= {abs(n) for n in told}
    drawn = set(drawn_numbers(chart.option()["series"]))
    assert drawn <= told
    assert chart.empty or drawn


@pytest.mark.parametrize("chart", SAMPLES)
def test_its_option_is_plain_data(chart: Chart) -> None:
    option = chart.option()
    assert json.loads(json.dumps(option)) == option
    assert "function" not in json.dumps(option)


@pytest.mark.parametrize("chart", SAMPLES)
def test_it_is_drawn_on_paper(chart: Chart) -> None:
    drawn = drawn_chart(chart)
    assert drawn.startswith("<svg")
    assert f'height="{16 * chart.height()}"' in drawn
    assert "NaN" not in drawn
    assert "Noto Sans SC" in drawn or "<text" not in drawn


@pytest.mark.parametrize("chart", SAMPLES)
def test_it_says_itself_in_words_in_both_languages(chart: Chart) -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            words, title, table = chart.summary(), chart.title(), chart.table()
        assert title
        assert words.strip()
        assert "%(" not in words
        assert all(len(row) == len(table.head) for row in table.rows)
        if isinstance(chart, Stimulus):
            continue  # it must not answer the item
        if not chart.empty:
            assert numbers_in(iter([words])), "the summary tells figures"


def test_a_summary_of_an_item_tells_no_value() -> None:
    for kind in registry():
        if kind.kind is Stimulus:
            words = kind.samples["bars"].summary()
            assert "320" not in words
            assert "线上" in words


def test_differences_are_said_only_where_the_interval_leaves_out_zero() -> None:
    samples = next(k for k in registry() if k.key == "differences").samples
    words = samples["normal"].summary()
    assert "区间整体高于零：执行力。" in words
    assert "区间整体低于零：决策力。" in words
    assert "各项区间均包含零" in samples["huge"].summary()


def test_every_kind_of_chart_is_registered() -> None:
    # by name: a dataclass with slots leaves its first class behind
    ours = {k.__qualname__ for k in _below(Chart) if k.__module__.startswith("shuyang.")}
    assert ours == {k.kind.__qualname__ for k in registry()}
    for kind in registry():
        assert {"normal", "one", "empty", "long", "huge"} <= set(kind.samples)


def _below(kind: type) -> set[type]:
    return {one for sub in kind.__subclasses__() for one in {sub, *_below(sub)}}


def test_charts_come_to_pages_only_with_table_and_words() -> None:
    """The one template that draws charts is the one that adds both."""
    places = {p.name for p in (WEB / "templates").rglob("*.html") if "data-chart" in p.read_text("utf-8")}
    assert places == {"figure.html"}


@pytest.mark.parametrize("chart", SAMPLES)
def test_the_tag_shows_figure_words_and_table(chart: Chart) -> None:
    engine = Engine.get_default()
    html = engine.from_string('{% chart one "here" %}').render(Context({"one": chart}))
    assert "<figcaption" in html
    assert 'id="s-here"' in html
    assert ("<details" in html) is not chart.empty
    assert ("data-chart" in html) is not chart.empty


def test_forced_colours_know_every_colour_of_a_chart() -> None:
    """A colour that the script does not replace could vanish on the user's own ground."""
    script = (WEB / "static/js/charts.js").read_text("utf-8")
    table = script[script.index("FORCED = {") : script.index("};")]
    known = set(re.findall(r'"((?:#|rgba)[^"]+)":', table))
    used = {
        colour
        for kind in registry()
        for chart in kind.samples.values()
        for colour in re.findall(r"\"(#[0-9a-f]{3,6}|rgba\([^)]*\))\"", json.dumps(chart.option()))
    }
    assert used <= known


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_the_gallery_shows_every_kind_to_administrators(cast: Cast) -> None:
    admin = make_member("P091", "管理员", cast.finance, Role.ADMINISTRATOR).client()
    for kind in registry():
        html = admin.get(f"/developers/charts/?kind={kind.key}").content.decode()
        for name, chart in kind.samples.items():
            assert (f'data-chart="{kind.key}-{name}"' in html) is not chart.empty
    picture = admin.get("/developers/charts/means/normal.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert admin.get("/developers/charts/?kind=pies").status_code == 404
    assert admin.get("/developers/charts/means/none.svg").status_code == 404


def test_the_gallery_is_closed_to_others(cast: Cast) -> None:
    assert cast.organiser.client().get("/developers/charts/").status_code == 404
    assert cast.learner.client().get("/developers/charts/means/normal.svg").status_code == 404
    assert Client().get("/developers/charts/").status_code == 302
