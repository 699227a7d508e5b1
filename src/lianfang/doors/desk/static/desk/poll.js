// A page that says data-poll asks every 15 seconds, with jitter, whether it still stands; not while it is hidden.
// The server answers 304 or the page anew; only the parts marked data-live are put in place.
const main = document.querySelector("[data-poll]");
const EVERY = 15000;
let mark = main?.dataset.poll;
let failures = 0;

function place(fresh) {
  const focused = document.activeElement?.id;
  document.querySelectorAll("[data-live]").forEach((old) => {
    const now = fresh.getElementById(old.id);
    if (!now || now.innerHTML === old.innerHTML) return;
    if (old.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    const current = old.querySelector(".lf-d[aria-current]")?.id;
    old.replaceWith(now);
    window.htmx?.process(now);
    if (current) {
      now.querySelectorAll(".lf-d[aria-current]").forEach((cell) => cell.removeAttribute("aria-current"));
      document.getElementById(current)?.setAttribute("aria-current", "true");
    }
  });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

async function ask() {
  if (!document.hidden) {
    try {
      const answer = await fetch(window.location.href, { headers: { "If-None-Match": mark, "X-Poll": "1" }, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 401) return;
      if (answer.status === 200) {
        mark = answer.headers.get("ETag") ?? mark;
        place(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
      failures = 0;
      document.querySelectorAll(".lf-asof").forEach((line) => line.classList.remove("old"));
    } catch {
      failures += 1;
      document.querySelectorAll(".lf-asof").forEach((line) => line.classList.add("old"));
    }
  }
  setTimeout(ask, (EVERY + (Math.random() - 0.5) * 6000) * Math.min(1 + failures, 8));
}
if (main) setTimeout(ask, EVERY * (0.6 + Math.random() * 0.8));
