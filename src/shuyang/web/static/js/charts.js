// Draws every chart of a page from the ECharts option that the server put beside it: in the size of the page's type, and
// in the system's own colours where the user has asked for those (forced colours).

const FORCED = {
  "#1c2430": "CanvasText", "#566173": "CanvasText", "#dfe4ec": "GrayText", "#9aa5b5": "CanvasText", "#ffffff": "Canvas",
  "#1f5fae": "LinkText", "#c25400": "CanvasText", "#0a3d2e": "CanvasText", "#94637a": "CanvasText", "#431555": "CanvasText",
  "#839060": "CanvasText", "#dbe6f4": "Canvas", "#a9c4e6": "Canvas", "#6d9bd1": "Canvas", "#2f69b1": "Canvas", "#123c73": "Canvas",
  "#fdfdfd": "CanvasText", "#6f8fbc": "GrayText", "rgba(255,255,255,0.55)": "Canvas",
};
const SIZED = new Set(["fontSize", "lineHeight"]);
const forced = window.matchMedia("(forced-colors: active)");

function dressed(value, scale, key) {
  if (typeof value === "string") return forced.matches && FORCED[value] ? FORCED[value] : value;
  if (typeof value === "number") return SIZED.has(key) ? Math.round(value * scale) : value;
  if (Array.isArray(value)) return value.map((one) => dressed(one, scale, ""));
  if (value === null || typeof value !== "object") return value;
  const made = {};
  for (const [name, one] of Object.entries(value)) made[name] = dressed(one, scale, name);
  if (value.overflow && value.width) made.width = Math.round(value.width * scale);
  return made;
}

function typeScale() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

export function drawCharts(root, onChoose) {
  for (const place of root.querySelectorAll("[data-chart]")) {
    const source = root.querySelector(`script[data-option="${place.dataset.chart}"]`);
    if (!source || !window.echarts) continue;
    const option = JSON.parse(source.textContent);
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    let scale = 0;
    const draw = () => {
      scale = typeScale();
      chart.setOption(dressed(option, scale, ""), true);
    };
    draw();
    forced.addEventListener("change", draw);
    if (onChoose && place.hasAttribute("data-choose")) {
      chart.on("click", (event) => onChoose(`${event.seriesIndex},${event.dataIndex}`));
    }
    new ResizeObserver(() => {
      if (typeScale() !== scale) draw();
      chart.resize();
    }).observe(place);
  }
}
