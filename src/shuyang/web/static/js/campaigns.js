// A sheet is printed with its own button.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
