// The building map by keyboard: arrows move from door to door, Enter opens, digits record at the chosen door.
// Without this script every door is still a link and every outcome a button.
const table = () => document.querySelector("[data-map]");
const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "");
let saving = false;  // an outcome or its taking back is on its way: only its own answer ends that
let waiting = [];    // keys struck meanwhile: they are for the doors that follow, in the order they were struck

const cells = () => [...document.querySelectorAll("[data-map] .lf-d")];
const chosen = () => document.querySelector("[data-map] .lf-d[aria-current]");
// The last open door was just recorded and no door has been chosen since: one key too many must not record it again.
const finished = (cell) => cell.id === `d-${document.querySelector("#panel [data-last]")?.dataset.door}`;

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
function leave() {
  clearTimeout(opening);
  htmx.trigger(document.body, "htmx:abort");  // a panel that is still being fetched: it must neither hold back an outcome nor cover its answer
}

function open(cell) {
  leave();
  opening = setTimeout(() => htmx.ajax("GET", cell.getAttribute("hx-get"), { target: "#panel", swap: "innerHTML" }).catch(() => {}), 160);
}

function record(cell, key) {
  htmx.trigger(cell, "htmx:abort");
  leave();
  saving = true;
  choose(cell);
  htmx.ajax("POST", cell.dataset.visit, { values: { key }, target: "#panel", swap: "innerHTML" }).catch(() => {});
}

function takeBack() {
  const button = document.querySelector('#panel [data-key="z"]');
  if (!button) return;
  leave();
  saving = true;
  button.click();
}

function move(cell, key) {
  const next = cell ? neighbour(cell, key) : cells()[0];
  if (next) { choose(next); open(next); }
}

function act(key) {
  const cell = document.activeElement?.closest?.("[data-map] .lf-d") ?? chosen();
  if (key.startsWith("Arrow")) move(cell, key);
  else if (key === "z") takeBack();
  else if (cell?.dataset.visit && !finished(cell)) record(cell, key);
}

function goOn() {
  saving = false;
  while (waiting.length && !saving) act(waiting.shift());
}

function giveUp() {
  saving = false;
  waiting = [];
}

const key = (event) => /^([0-9]|Arrow(Up|Down|Left|Right))$/.test(event.key) ? event.key : event.key.toLowerCase() === "z" && saving ? "z" : null;

// Before the page's other keys: while an outcome is on its way "z" takes that one back, not the one before it.
document.addEventListener("keydown", (event) => {
  if (!table() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const struck = key(event);
  if (!struck) return;
  event.preventDefault();
  if (event.repeat && !struck.startsWith("Arrow")) return;
  if (saving) waiting.push(struck); else act(struck);
}, true);

document.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-map] .lf-d");
  if (cell) choose(cell, { focus: false });
});

const ofSaving = (event) => event.detail.requestConfig?.verb === "post" && event.detail.target?.id === "panel";
let answered;  // an answer settles in several parts: it lets one waiting key through, not one for each part

document.body.addEventListener("htmx:beforeRequest", (event) => { if (ofSaving(event)) saving = true; });
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "panel") return;
  // The panel that arrives says which door it shows; after a record that is the next one.
  const cell = document.getElementById(`d-${document.querySelector("#panel [data-door]")?.dataset.door}`);
  if (cell && cell !== chosen()) choose(cell, { focus: !typing(document.activeElement) });
  // In one column the panel lies below the map: bring it into view, unless keys are being used.
  if (event.detail.requestConfig?.triggeringEvent?.type === "click" && matchMedia("(max-width: 1100px)").matches) event.detail.target.scrollIntoView({ block: "start" });
  if (!ofSaving(event) || event.detail.xhr === answered) return;
  answered = event.detail.xhr;
  goOn();
});
for (const trouble of ["responseError", "sendAbort", "timeout"]) document.body.addEventListener(`htmx:${trouble}`, (event) => { if (ofSaving(event)) giveUp(); });
document.body.addEventListener("htmx:sendError", (event) => {
  if (!ofSaving(event)) return;
  giveUp();
  const note = document.getElementById("unsent");
  if (note) note.hidden = false;
});
const first = chosen() ?? cells()[0];
if (first) first.tabIndex = 0;
