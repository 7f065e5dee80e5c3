// What an item needs to be answered: chosen options shown, lines that move, points chosen on a chart.
import { drawCharts } from "./charts.js";

export function light(root) {
  for (const label of root.querySelectorAll(".sy-option, .sy-points label")) {
    label.classList.toggle("is-on", label.querySelector("input").checked);
  }
}

function move(line, step) {
  const list = line.parentElement;
  const lines = [...list.children];
  const to = lines.indexOf(line) + step;
  if (to < 0 || to >= lines.length) return;
  list.insertBefore(line, step > 0 ? lines[to].nextSibling : lines[to]);
  const note = list.parentElement.querySelector("[data-moved]");
  if (note) note.textContent = note.dataset.moved.replace("{n}", to + 1);
  line.dispatchEvent(new Event("change", { bubbles: true }));
}

export function setUpOrder(root) {
  let dragged = null;
  for (const line of root.querySelectorAll(".sy-order li")) {
    line.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      move(line, Number(button.dataset.move));
      button.focus();
    });
    line.addEventListener("keydown", (event) => {
      if (event.target !== line || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      move(line, event.key === "ArrowUp" ? -1 : 1);
      line.focus();
    });
    line.addEventListener("dragstart", (event) => { dragged = line; line.classList.add("is-dragged"); event.dataTransfer.effectAllowed = "move"; });
    line.addEventListener("dragend", () => { line.classList.remove("is-dragged"); dragged = null; line.dispatchEvent(new Event("change", { bubbles: true })); });
    line.addEventListener("dragover", (event) => {
      if (!dragged || dragged === line) return;
      event.preventDefault();
      const middle = line.getBoundingClientRect().top + line.offsetHeight / 2;
      line.parentElement.insertBefore(dragged, event.clientY < middle ? line : line.nextSibling);
    });
  }
}

export function setUpChart(root) {
  drawCharts(root, (place) => {
    const input = root.querySelector(`input[name="point"][value="${place}"]`);
    if (!input) return;
    input.checked = !input.checked;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A table that does not fit says so, and can be scrolled by keyboard.
export function tellWideTables(root) {
  for (const wrap of root.querySelectorAll(".sy-tablewrap[data-wide]")) {
    if (wrap.scrollWidth <= wrap.clientWidth + 1 || wrap.hasAttribute("tabindex")) continue;
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "group");
    wrap.setAttribute("aria-label", wrap.dataset.wide);
    const note = document.createElement("p");
    note.className = "sy-hint sy-wide";
    note.textContent = wrap.dataset.wide;
    wrap.before(note);
  }
}
