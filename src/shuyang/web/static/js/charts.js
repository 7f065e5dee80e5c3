// Draws every chart of a page from the ECharts option that the server put beside it.

export function drawCharts(root, onChoose) {
  for (const place of root.querySelectorAll("[data-chart]")) {
    const source = root.querySelector(`script[data-option="${place.dataset.chart}"]`);
    if (!source || !window.echarts) continue;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(JSON.parse(source.textContent));
    if (onChoose && place.hasAttribute("data-choose")) {
      chart.on("click", (event) => onChoose(`${event.seriesIndex},${event.dataIndex}`));
    }
    new ResizeObserver(() => chart.resize()).observe(place);
  }
}
