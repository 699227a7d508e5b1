"""Measures taken in the page itself: contrast of every text, size of every target, what lies outside the page."""

from __future__ import annotations

from playwright.sync_api import Page

_FAINT = """
() => {
  const number = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
  const over = (top, under) => { const a = top.length > 3 ? top[3] : 1; return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a)); };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = number(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) { layers.push(colour); if (colour.length === 3 || colour[3] === 1) break; }
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.textContent.trim(), element = node.parentElement;
    if (!text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || element.closest(".visually-hidden, .lf-skip, script, style, noscript, option, [disabled]")) continue;
    const style = getComputedStyle(element), under = ground(element);
    let faded = 1;
    for (let at = element; at; at = at.parentElement) faded *= Number(getComputedStyle(at).opacity);
    const own = number(style.color);
    const colour = over([...own.slice(0, 3), (own.length > 3 ? own[3] : 1) * faded], under);
    const [high, low] = [light(colour), light(under)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${text.slice(0, 30)} <${element.tagName.toLowerCase()} class="${element.className}">`);
  }
  return [...new Set(found)];
}
"""

_SMALL = """
(least) => {
  const found = [];
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".lf-skip, .visually-hidden")) continue;
    // A link inside a sentence or a line of text is as tall as the line; what stands alone is a target of its own.
    if (element.matches("a") && getComputedStyle(element).display === "inline" && !element.matches("td > a:only-child, th > a:only-child")) continue;
    const label = element.matches("input[type=checkbox], input[type=radio]") ? element.closest("label") : null;
    const row = element.closest("td, th")?.querySelectorAll("a, button, input").length === 1 ? element.closest("tr") : null;
    const tall = Math.max(...[element, label, row, element.closest(".lf-search, .lf-crumbs > *, li.lf-line")].filter(Boolean).map((one) => one.getBoundingClientRect().height));
    if (tall && tall < least - 0.5) found.push(`${tall.toFixed(0)} ${element.tagName.toLowerCase()} ${(element.innerText || element.name || "").trim().slice(0, 20)} .${element.className}`);
  }
  return [...new Set(found)];
}
"""

_OUTSIDE = """
() => {
  const wide = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > wide + 1) {
    for (const element of document.querySelectorAll("main *, header *")) {
      const box = element.getBoundingClientRect();
      if (box.width && box.right > wide + 1 && !element.closest(".scroll, .lf-tabs, .lf-nav, .lf-skip, .visually-hidden")) found.push(`${Math.round(box.right)} <${element.tagName.toLowerCase()} class="${element.getAttribute("class")}">`);
    }
    if (!found.length) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  }
  return found.slice(0, 5);
}
"""


_FINE = """
(least) => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.textContent.trim(), element = node.parentElement;
    if (!text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || element.closest(".visually-hidden, script, style, noscript, option")) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < least) found.push(`${size} ${text.slice(0, 30)} <${element.tagName.toLowerCase()} class="${element.className}">`);
  }
  return [...new Set(found)];
}
"""


def faint(page: Page) -> list[str]:
    """Texts whose contrast on their ground is below 4.5:1."""
    return list(page.evaluate(_FAINT))


def small(page: Page, least: int) -> list[str]:
    """Targets lower than so many pixels."""
    return list(page.evaluate(_SMALL, least))


def fine_print(page: Page, least: int) -> list[str]:
    """Texts smaller than so many pixels."""
    return list(page.evaluate(_FINE, least))


def outside(page: Page) -> list[str]:
    """What makes the page wider than the screen."""
    return list(page.evaluate(_OUTSIDE))
