// Filters act as soon as they are changed; their state stays in the address.
for (const select of document.querySelectorAll("[data-go]")) select.addEventListener("change", () => location.assign(select.value + location.search));
for (const select of document.querySelectorAll("[data-submit-on-change]")) select.addEventListener("change", () => select.form.requestSubmit());
