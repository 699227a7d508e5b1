// What is drawn only when one comes near it: a list of hundreds opens as fast as one of ten.
type Drawn = Element | { $el?: unknown } | null;

const waiting = new WeakMap<Element, () => void>();
const looking = new IntersectionObserver(
  (found) => {
    for (const one of found) if (one.isIntersecting) waiting.get(one.target)?.();
  },
  { rootMargin: "400px" },
);

/** For `:ref`: calls when the element comes within reach of the screen. */
export function onSight(come: () => void): (drawn: Drawn) => void {
  return (drawn) => {
    if (!(drawn instanceof Element)) return;
    waiting.set(drawn, come);
    looking.unobserve(drawn); // and anew, so that what is still in sight after more was drawn comes again
    looking.observe(drawn);
  };
}
