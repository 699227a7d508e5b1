// What is drawn only when one comes near it: a list of hundreds opens as fast as one of ten.
type Drawn = Element | { $el?: unknown } | null;

const waiting = new WeakMap<Element, () => void>();
const looking = new IntersectionObserver(
  (found) => {
    for (const one of found) if (one.isIntersecting) waiting.get(one.target)?.();
  },
  { rootMargin: "400px" },
);

const _NO_FRAME = 150; // milliseconds after which nobody waits for a frame: one out of sight is drawn none

/** When the next frame is drawn: what may come after what the person waits for begins here. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, document.hidden ? 0 : _NO_FRAME);
    requestAnimationFrame(() => setTimeout(done));
  });
}

/** For `:ref`: calls when the element comes within reach of the screen. */
export function onSight(come: () => void): (drawn: Drawn) => void {
  return (drawn) => {
    if (!(drawn instanceof Element)) return;
    waiting.set(drawn, come);
    looking.unobserve(drawn); // and anew, so that what is still in sight after more was drawn comes again
    looking.observe(drawn);
  };
}
