// Taking a test: draws charts, moves lines, keeps drafts, and hands in answers so that none is lost.
// An answer has a key; it is kept on the device until the server has acknowledged it, and sent again with the same key.

import { light, setUpChart, setUpOrder, tellWideTables } from "./item_widgets.js";

const box = document.getElementById("item");
const save = document.getElementById("save");
const sitting = box ? box.dataset.sitting : null;
const draftName = () => `shuyang-draft-${sitting}`;
const pendingName = () => `shuyang-pending-${sitting}`;
const shownAt = { time: Date.now() };

function say(state, word) {
  if (!save) return;
  save.dataset.state = state;
  save.textContent = save.dataset[word];
}

function store(name, value) {
  try { value === null ? localStorage.removeItem(name) : localStorage.setItem(name, JSON.stringify(value)); } catch { /* private mode: the page itself still holds it */ }
}

function recall(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

const fields = (form) => [...new FormData(form).entries()].filter(([name]) => name !== "csrfmiddlewaretoken");

/* ---- drafts: what is chosen but not handed in survives a reload ---- */

function keepDraft(form) {
  if (sitting) store(draftName(), { position: form.elements.position.value, key: form.elements.key.value, fields: fields(form) });
}

function restoreDraft(form) {
  const draft = recall(draftName());
  if (!draft || draft.position !== form.elements.position.value) return;
  form.elements.key.value = draft.key;
  const order = draft.fields.filter(([name]) => name === "order").map(([, value]) => value);
  for (const value of order) {
    const input = form.querySelector(`input[name="order"][value="${CSS.escape(value)}"]`);
    if (input) input.closest("ol").append(input.closest("li"));
  }
  for (const [name, value] of draft.fields) {
    if (["position", "key", "type", "order"].includes(name)) continue;
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(input.type)) { if (input.value === value) input.checked = true; } else input.value = value;
    }
  }
}

/* ---- handing in ---- */

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let sending = false;

function csrf() {
  return document.querySelector("input[name=csrfmiddlewaretoken]").value;
}

async function post(pending) {
  const body = new URLSearchParams(pending.fields);
  body.append("csrfmiddlewaretoken", csrf());
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15000);
  try {
    return await fetch(pending.url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual", signal: stop.signal });
  } finally { clearTimeout(timer); }
}

// Only a reply that is surely ours counts; anything else (a captive portal, a proxy's page) is no acknowledgement.
function ours(response) {
  return response.headers.get("X-Shuyang") === "1";
}

async function handIn(pending) {
  if (sending) return;
  sending = true;
  store(pendingName(), pending);
  say("saving", "saving");
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await post(pending);
      if (ours(response) && response.status === 403) { say("retry", "lost"); sending = false; unlock(); return; }
      if (ours(response) && response.status < 500 && response.status !== 401) { sending = false; await accept(response); return; }
      // signed out: whoever signs in again, in another tab say, finds the answer handed in; a redirect is a stranger's
      say("retry", ours(response) && response.status === 401 ? "lost" : "failed");
    } catch { say("retry", navigator.onLine ? "retry" : "offline"); }
    const wait = Math.min(1000 * 2 ** attempt, 15000);
    await Promise.race([pause(wait + Math.random() * 500), new Promise((done) => window.addEventListener("online", done, { once: true }))]);
  }
}

function unlock() {
  for (const button of box.querySelectorAll("button")) button.disabled = false;
}

async function accept(response) {
  store(pendingName(), null);
  if (response.status !== 422) store(draftName(), null);
  if (response.headers.get("X-Next")) { location.assign(response.headers.get("X-Next")); return; }
  box.innerHTML = await response.text();
  say("saved", "saved");
  setUp(box, response.status === 422);
  window.htmx?.process(box);
  window.scrollTo({ top: 0 });
  document.getElementById("stem")?.focus({ preventScroll: true });
}

// An item that came as a fragment has no token of its own: the page's holds for it.
function lendToken(form) {
  if (form.elements.csrfmiddlewaretoken) return;
  form.prepend(Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken", value: csrf() }));
}

function setUpForm(form) {
  let skip = false;
  lendToken(form);
  form.addEventListener("change", () => { light(form); keepDraft(form); });
  form.addEventListener("input", () => keepDraft(form));
  const omit = form.querySelector("[data-omit]");
  omit?.addEventListener("click", (event) => {
    if (skip) return;
    event.preventDefault();
    skip = true;
    omit.textContent = omit.dataset.confirm;
    omit.classList.add("text-danger");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const list = fields(form);
    if (event.submitter === omit) list.push(["omit", "yes"]);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    handIn({ url: form.getAttribute("action"), fields: list });
  });
}

/* ---- the clock: minutes, quietly ---- */

function clock() {
  const place = document.querySelector(".sy-clock");
  if (!place) return;
  const used = Number(place.dataset.active) + Math.min((Date.now() - shownAt.time) / 1000, 600);
  const left = Number(place.dataset.limit) - used;
  const soon = Number(place.dataset.limit) && left < 600;
  place.textContent = (soon ? place.dataset.left : place.dataset.used).replace("{n}", Math.max(0, Math.floor((soon ? left : used) / 60)));
}

function setUp(root, kept = false) {
  const form = root.querySelector("form[data-item]");
  if (!form) return;
  setUpOrder(form);
  tellWideTables(form);
  setUpChart(root);
  if (!form.hasAttribute("data-trial")) {
    if (!kept) restoreDraft(form);
    setUpForm(form);
    shownAt.time = Date.now();
    clock();
  } else form.addEventListener("change", () => light(form));
  light(form);
}

setUp(box || document);
if (box) {
  setInterval(clock, 20000);
  const pending = recall(pendingName());
  if (pending) handIn(pending);
}
