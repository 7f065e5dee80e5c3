// The chart maker: draws the chart as it stands, and again whenever the server has answered a change.
import { drawCharts } from "./charts.js";

drawCharts(document);
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "chart-preview") drawCharts(event.detail.target);
});
