// Small things every page needs: forms that can't be sent twice, errors of fragments said aloud, tables that scroll by key.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
  if (form.hasAttribute("data-download")) return; // the page stays: it may be asked for again
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "get") form.dataset.sent = "1";
  // a page that comes back from the browser's cache may be sent again
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

document.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("main");
  const note = document.createElement("div");
  note.className = "alert alert-danger";
  note.setAttribute("role", "alert");
  const text = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("h1");
  note.textContent = text ? text.textContent : document.documentElement.lang === "en" ? "That did not work. Please try again." : "操作未成功，请重试。";
  place.prepend(note);
});

// A table wider than its place scrolls: then it must be reached by keyboard too, and have a name.
function reachable(wrap) {
  const scrolls = wrap.scrollWidth > wrap.clientWidth + 1;
  if (scrolls) {
    const name = wrap.querySelector("caption") || wrap.closest("section, details")?.querySelector("h2, h3, summary");
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "region");
    wrap.setAttribute("aria-label", (name || document.querySelector("h1")).textContent.trim().slice(0, 80));
  } else {
    for (const attribute of ["tabindex", "role", "aria-label"]) wrap.removeAttribute(attribute);
  }
}

const resized = new ResizeObserver((entries) => entries.forEach((entry) => reachable(entry.target)));
const watchTables = (root) => root.querySelectorAll(".sy-tablewrap").forEach((wrap) => resized.observe(wrap));
watchTables(document);
document.addEventListener("htmx:afterSwap", (event) => watchTables(event.target));
