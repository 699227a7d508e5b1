// Where in the app: one line after the # of the address, with ids and never names.
import { computed, nextTick, ref } from "vue";

const at = ref(read());
addEventListener("hashchange", () => {
  at.value = read();
  void up();
});

/** To the top, once the new screen is drawn: before, the old one would be measured anew for nothing. */
async function up(): Promise<void> {
  await nextTick();
  scrollTo(0, 0);
}

function read(): string {
  return location.hash.startsWith("#/") ? location.hash.slice(1) : "/";
}

export const path = computed(() => at.value.split("/").filter(Boolean));

/** Whether the address has changed already, and the screen follows in a moment. */
export const leaving = (): boolean => read() !== at.value;

export function go(to: string, replace = false): void {
  if (replace) {
    history.replaceState(null, "", `#${to}`);
    at.value = to;
    void up();
  } else location.hash = to;
}

export function back(otherwise: string): void {
  if (history.length > 1) history.back();
  else go(otherwise, true);
}
