// The building map by keyboard: arrows move from door to door, Enter opens, digits record at the chosen door.
// Without this script every door is still a link and every outcome a button.
const table = () => document.querySelector("[data-map]");
const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "");
let busy = false;
let waiting = [];  // keys struck while the last outcome is still being saved: they are for the doors that follow
let ready;         // one timer: an answer settles in several parts, and must let one waiting key through, not one for each part

const cells = () => [...document.querySelectorAll("[data-map] .lf-d")];
const chosen = () => document.querySelector("[data-map] .lf-d[aria-current]");

function choose(cell, { focus = true } = {}) {
  cells().forEach((other) => { other.tabIndex = -1; other.removeAttribute("aria-current"); });
  cell.tabIndex = 0;
  cell.setAttribute("aria-current", "true");
  if (focus) cell.focus({ preventScroll: false });
}

function neighbour(cell, key) {
  const row = Number(cell.dataset.row), column = Number(cell.dataset.column);
  const along = key === "ArrowLeft" || key === "ArrowRight";
  const step = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const distance = (other) => along
    ? (Number(other.dataset.row) === row ? (Number(other.dataset.column) - column) * step : 0)
    : (Number(other.dataset.row) - row) * step + Math.abs(Number(other.dataset.column) - column) / 1000;
  const ahead = cells().filter((other) => other !== cell && (along ? distance(other) > 0 : (Number(other.dataset.row) - row) * step > 0));
  return ahead.sort((one, other) => distance(one) - distance(other))[0];
}

let opening;
function open(cell) {
  clearTimeout(opening);
  opening = setTimeout(() => htmx.ajax("GET", cell.getAttribute("hx-get"), { target: "#panel", swap: "innerHTML" }), 160);
}

function record(cell, key) {
  clearTimeout(opening);
  clearTimeout(ready);
  busy = true;
  choose(cell);
  htmx.ajax("POST", cell.dataset.visit, { values: { key }, target: "#panel", swap: "innerHTML" });
}

document.addEventListener("keydown", (event) => {
  if (!table() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const cell = event.target.closest?.("[data-map] .lf-d") ?? chosen();
  if (event.key.startsWith("Arrow")) {
    const next = cell ? neighbour(cell, event.key) : cells()[0];
    if (next) { choose(next); open(next); event.preventDefault(); }
  } else if (/^[0-9]$/.test(event.key) && cell?.dataset.visit) {
    event.preventDefault();
    if (event.repeat) return;
    if (busy) waiting.push(event.key); else record(cell, event.key);
  }
});

document.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-map] .lf-d");
  if (cell) choose(cell, { focus: false });
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "panel") return;
  // The panel that arrives says which door it shows; after a record that is the next one.
  const cell = document.getElementById(`d-${document.querySelector("#panel [data-door]")?.dataset.door}`);
  if (cell && cell !== chosen()) choose(cell, { focus: !typing(document.activeElement) });
  clearTimeout(ready);
  ready = setTimeout(() => {
    busy = false;
    const key = waiting.shift();
    if (key && chosen()?.dataset.visit) record(chosen(), key);
  }, 120);
  // In one column the panel lies below the map: bring it into view, unless keys are being used.
  if (event.detail.requestConfig?.triggeringEvent?.type === "click" && matchMedia("(max-width: 1100px)").matches) event.detail.target.scrollIntoView({ block: "start" });
});
document.body.addEventListener("htmx:responseError", () => { busy = false; waiting = []; });
document.body.addEventListener("htmx:sendError", () => {
  busy = false;
  waiting = [];
  const note = document.getElementById("unsent");
  if (note) note.hidden = false;
});
const first = chosen() ?? cells()[0];
if (first) first.tabIndex = 0;
