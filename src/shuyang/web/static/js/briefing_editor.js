// The editor of a briefing: below each protected text how it will read, with its figures set off; figures are put in by a click.
// Without this script the form works as it is: the server checks every figure.
const MARK = /\{\{([a-z]+[0-9]+)\|([^{}|]*)\}\}/g;
const known = new Map([...document.querySelectorAll("[data-insert]")].map((b) => [b.dataset.insert, true]));
let last = null;

for (const area of document.querySelectorAll("[data-protected]")) {
  const view = document.createElement("p");
  view.className = "sy-brief-preview";
  view.setAttribute("aria-hidden", "true");
  area.after(view);
  const draw = () => {
    view.replaceChildren(...pieces(area.value));
    view.hidden = !view.querySelector(".sy-chip");
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  area.addEventListener("input", draw);
  addEventListener("resize", draw);
  area.addEventListener("focus", () => (last = area));
  draw();
}

/** A text as nodes: words as they are, figures as chips, those that the briefing does not know marked as wrong. */
function pieces(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(MARK)) {
    nodes.push(text.slice(end, found.index));
    const chip = document.createElement("span");
    chip.className = known.has(found[0]) ? "sy-chip" : "sy-chip sy-chip-wrong";
    chip.textContent = found[2];
    nodes.push(chip);
    end = found.index + found[0].length;
  }
  return [...nodes, text.slice(end)];
}

for (const hint of document.querySelectorAll("[data-with-script]")) hint.hidden = false;
for (const button of document.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const area = last ?? document.querySelector("[data-protected]");
    area.setRangeText(button.dataset.insert, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  });
}
