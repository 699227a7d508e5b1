// Which building and unit the worker stands in, and what is chosen; kept while the app is open.
import { computed, reactive } from "vue";
import { doors, missing, open, states } from "../session.ts";
import type { Door } from "./doors.ts";

export const view = reactive<{ building: number; unit: number | null; only: "open" | "all"; saved: string; keep: boolean }>({
  building: -1,
  unit: null,
  only: "open",
  saved: "",
  keep: false, // what was saved is still to be said on the screen that comes next
});

/** The building looked at: the one chosen, else where the first open door is. */
export const building = computed(() => {
  if (view.building >= 0 && view.building < (open.bundle?.buildings.length ?? 0)) return view.building;
  return (doors.value.find((door) => missing.value.has(door.id)) ?? doors.value[0])?.building ?? 0;
});
export const inBuilding = computed(() => doors.value.filter((door) => door.building === building.value));
export const here = computed(() => inBuilding.value.filter((door) => view.unit === null || door.unit === view.unit));

/** As one walks: the server's order within each unit, from the top down. */
export const walk = computed<Door[]>(() => [...here.value].sort((a, b) => (a.unit ?? -1) - (b.unit ?? -1) || (b.floor ?? -99) - (a.floor ?? -99) || a.index - b.index));

/** A door as one calls it from where one stands: the room alone in the same unit, with its unit or building where it lies elsewhere. */
export function called(door: Door, from: { building: number; unit: number | null }): string {
  const there = open.bundle?.buildings[door.building];
  const unit = door.unit === null ? "" : (there?.units[door.unit]?.name ?? "");
  if (door.building !== from.building) return `${there?.name ?? ""}${unit}${door.label}`;
  return door.unit === from.unit || (there?.units.length ?? 0) < 2 ? door.label : `${unit}${door.label}`;
}

const _JUST_TRIED = 2 * 3_600_000; // milliseconds in which nobody knocks again

/** The next open door after one: onward in this building, then in the others; doors just tried come last. None when all is done. */
export function nextAfter(id: string | null): Door | null {
  const row = walk.value;
  const at = row.findIndex((door) => door.id === id);
  const now = Date.now();
  const stillOpen = (door: Door): boolean => door.id !== id && missing.value.has(door.id);
  const rested = (door: Door): boolean => stillOpen(door) && Math.abs(now - (states.value.get(door.id)?.at ?? 0)) > _JUST_TRIED;
  const onward = [...row.slice(at + 1), ...row.slice(0, Math.max(at, 0)), ...doors.value.filter((door) => door.building !== building.value)];
  return onward.find(rested) ?? onward.find(stillOpen) ?? doors.value.find(stillOpen) ?? null;
}
