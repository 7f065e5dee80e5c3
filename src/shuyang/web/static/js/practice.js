// The workbench: run a query in place, ask for data without leaving the keyboard.
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

async function run(button) {
  const number = button.dataset.run;
  const place = document.getElementById(`outcome${number}`);
  const name = document.getElementById(`name${number}`).value;
  const body = new URLSearchParams({ sql: document.getElementById(`sql${number}`).value, look: name, csrfmiddlewaretoken: token() });
  button.disabled = true;
  place.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(button.dataset.url, { method: "POST", body, headers: { "HX-Request": "true" } });
    const home = reply.headers.get("HX-Redirect");
    if (home) location.assign(home);
    else {
      place.innerHTML = await reply.text();
      const columns = [...place.querySelectorAll("thead th")].map((cell) => cell.textContent);
      place.dispatchEvent(new CustomEvent("shuyang:outcome", { bubbles: true, detail: { name: name.trim(), columns } }));
    }
  } catch {
    place.textContent = button.dataset.offline;
  } finally {
    button.disabled = false;
    place.removeAttribute("aria-busy");
  }
}

for (const button of document.querySelectorAll("[data-run]")) {
  button.hidden = false;
  button.addEventListener("click", () => run(button));
}
for (const area of document.querySelectorAll("[data-sql]")) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run(area.closest("[data-query]").querySelector("[data-run]"));
  });
}
for (const select of document.querySelectorAll("[data-go]")) select.addEventListener("change", () => location.assign(select.value));
// What else a form offers depends on this field: save, and come back with the rest.
for (const select of document.querySelectorAll("[data-resubmit]")) select.addEventListener("change", () => select.form.requestSubmit());
