// Small things every page needs: forms that can't be sent twice, errors of fragments said aloud.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
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
