// Keys and small habits of every page: "/" goes to the search, a key named on a button presses it, Escape closes,
// a print button prints, a list of choices submits itself, and a form is sent once.
const typing = (element) => element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
const DROPPED = "details[name=menu], details[name=sure]";
const shut = () => document.querySelectorAll(DROPPED).forEach((one) => one.removeAttribute("open"));
const seen = (element) => element.getClientRects().length > 0;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    shut();
    document.getElementById("found")?.replaceChildren();
    if (typing(event.target) && event.target.closest(".lf-search")) event.target.blur();
    return;
  }
  if (event.key === "ArrowDown" && event.target.closest?.(".lf-finder")) {
    const links = [...document.querySelectorAll("#found a")];
    if (links.length) { links[Math.min(links.indexOf(event.target) + 1, links.length - 1)].focus(); event.preventDefault(); }
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key.toLowerCase() && seen(element));
  if (!wanted) return;
  event.preventDefault();
  if (wanted.tagName === "INPUT") wanted.focus(); else wanted.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (!event.target.closest(DROPPED)) shut();
  if (!event.target.closest(".lf-finder")) document.getElementById("found")?.replaceChildren();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent && !event.target.hasAttribute("hx-post")) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
  setTimeout(() => { delete event.target.dataset.sent; }, 4000);
});

document.querySelector(".lf-field.faulty :is(input, select, textarea)")?.focus();
document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  // A signed-out reader or a page that is gone answers whole: show it whole.
  const to = event.detail.xhr.getResponseHeader("X-Whole-Page");
  if (to) { event.preventDefault(); window.location.assign(to); }
});
