"""An ECharts option as SVG, drawn by the very ECharts the page loads, in an embedded V8."""

from __future__ import annotations

import threading
from functools import cache
from importlib.resources import files
from typing import Any

from py_mini_racer import MiniRacer

from shuyang.web.charts.contract import Chart

_lock = threading.Lock()  # one context serves all threads in turn; a chart takes some milliseconds
_DRAW = """
function draw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width, height});
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
"""


@cache
def _engine() -> MiniRacer:
    engine = MiniRacer()
    # ECharts looks for a browser's globals when it is loaded; it needs none of them to draw SVG
    engine.eval("var self = this, window = this, global = this;")
    engine.eval(files("shuyang.web").joinpath("static/vendor/echarts/echarts.min.js").read_text("utf-8"))
    engine.eval(_DRAW)
    return engine


def drawn_chart(chart: Chart, *, width: int = 620) -> str:
    """A chart as SVG at its own height."""
    return svg(chart.option(), width=width, height=16 * chart.height())


def svg(option: dict[str, Any], *, width: int, height: int, font: str = "Noto Sans SC") -> str:
    """The chart as an SVG document of `width` × `height` pixels, its text set in `font`."""
    on_paper = option | {"textStyle": {**option.get("textStyle", {}), "fontFamily": font}}
    with _lock:
        drawn = _engine().call("draw", on_paper, width, height)
    return str(drawn)
