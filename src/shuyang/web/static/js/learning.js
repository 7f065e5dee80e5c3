// Reading a lesson: charts, practice items that work in place, how far one has come, printing.
import { drawCharts } from "./charts.js";
import { light, setUpChart, setUpOrder, tellWideTables } from "./item_widgets.js";

function setUp(root) {
  const articles = root.matches?.(".ln-practice") ? [root] : root.querySelectorAll(".ln-practice");
  for (const article of articles) {
    if (article.dataset.ready) continue;
    article.dataset.ready = "1";
    const form = article.querySelector("form");
    if (form) {
      setUpOrder(form);
      tellWideTables(form);
      setUpChart(form);
      light(form);
      form.addEventListener("change", () => light(form));
    } else {
      drawCharts(article);
    }
  }
}

for (const section of document.querySelectorAll(".ln-section")) drawCharts(section);
setUp(document);
document.addEventListener("htmx:load", (event) => {
  setUp(event.detail.elt);
  if (event.detail.elt.matches?.(".ln-practice")) (event.detail.elt.querySelector("[data-focus]") || event.detail.elt.querySelector(".sy-stem"))?.focus({ preventScroll: false });
});

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

// A drawing has the width of the screen; with a view box it can shrink to the paper.
window.addEventListener("beforeprint", () => {
  for (const drawing of document.querySelectorAll(".sy-chart svg")) {
    if (!drawing.hasAttribute("viewBox")) drawing.setAttribute("viewBox", `0 0 ${drawing.width.baseVal.value} ${drawing.height.baseVal.value}`);
  }
});

/* How far one has come: the sections whose end has been on the screen. Only their number is sent, no time. */
const page = document.querySelector("[data-progress]");
const read = new Set([...document.querySelectorAll(".ln-contents .is-read")].map((line) => line.dataset.for));
let reached = 0;
let waiting = null;

async function tell() {
  clearTimeout(waiting);
  waiting = null;
  const body = new URLSearchParams({ sections: reached, csrfmiddlewaretoken: document.querySelector("input[name=csrfmiddlewaretoken]").value });
  try { await fetch(page.dataset.progress, { method: "POST", body, keepalive: true }); } catch { /* the next section tells again */ }
}

if (page) {
  const watch = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const number = Number(target.dataset.section);
      if (!isIntersecting || number <= reached) continue;
      reached = number;
      for (let n = 0; n < number; n++) document.querySelector(`.ln-contents [data-for="s${n}"]`)?.classList.add("is-read");
      if (!read.has(`s${number - 1}`)) waiting ??= setTimeout(tell, 1000);
    }
  });
  for (const end of page.querySelectorAll(".ln-end")) watch.observe(end);
  window.addEventListener("pagehide", () => waiting && tell());
}

if (window.matchMedia("(max-width: 900px)").matches) document.querySelector(".ln-contents details")?.removeAttribute("open");
