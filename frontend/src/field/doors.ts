// My doors, from the bundle and from what was recorded on this phone since: the same order rule as the server's (effective time, then id).
import type { Bundle, Outcome, Round } from "./bundle.ts";

export interface Person {
  id: string;
  name: string;
  keys: string;
  listed: string;
}
export interface Household {
  id: string;
  name: string;
  persons: Person[];
}
export interface State {
  outcome: Outcome;
  at: number;
  byMe: boolean;
  tries: number;
  next: number | null;
  record: string;
}
export interface Door {
  index: number;
  id: string;
  label: string;
  floor: number | null;
  building: number;
  unit: number | null;
  kind: string;
  households: Household[];
}
/** One visit recorded on this phone: what the list and the map need of it. */
export interface Visit {
  id: string;
  door: string;
  outcome: Outcome;
  at: number;
  round: string | null;
  household: string | null;
  withdrawn?: boolean;
}
export interface NewDoor {
  id: string;
  building: string;
  unit: string | null;
  floor: number | null;
  label: string;
}

export function doorsOf(bundle: Bundle, added: readonly NewDoor[] = []): Door[] {
  const columns = bundle.doors;
  const doors = columns.id.map<Door>((id, index) => ({
    index,
    id,
    label: columns.label[index] ?? "",
    floor: columns.floor[index] ?? null,
    building: columns.building[index] ?? 0,
    unit: columns.unit[index] ?? null,
    kind: columns.kind[index] ?? "dwelling",
    households: [],
  }));
  const households = bundle.households.id.map<Household>((id, index) => {
    const made: Household = { id, name: bundle.households.name[index] ?? "", persons: [] };
    doors[bundle.households.door[index] ?? -1]?.households.push(made);
    return made;
  });
  bundle.persons.id.forEach((id, index) => {
    const person = {
      id,
      name: bundle.persons.name[index] ?? "",
      keys: bundle.persons.keys[index] ?? "",
      listed: bundle.persons.listed[index] ?? "",
    };
    households[bundle.persons.household[index] ?? -1]?.persons.push(person);
  });
  const known = new Set(columns.id);
  for (const found of added) {
    const building = bundle.buildings.findIndex((one) => one.id === found.building);
    if (known.has(found.id) || building < 0) continue;
    const unit = bundle.buildings[building]?.units.findIndex((one) => one.id === found.unit) ?? -1;
    doors.push({
      index: doors.length,
      id: found.id,
      label: found.label,
      floor: found.floor,
      building,
      unit: unit < 0 ? null : unit,
      kind: "dwelling",
      households: [],
    });
  }
  return doors;
}

/** Whether a is after b by the order rule. */
export function isLater(a: { at: number; id: string }, b: { at: number; id: string }): boolean {
  return a.at > b.at || (a.at === b.at && a.id > b.id);
}

/** How each door stood when the bundle was made. */
export function statesIn(bundle: Bundle, doors: readonly Door[]): Map<string, State> {
  const states = new Map<string, State>();
  const columns = bundle.states;
  columns.door.forEach((door, row) => {
    const id = doors[door]?.id;
    if (id === undefined) return;
    const next = columns.next[row];
    states.set(id, {
      outcome: columns.outcome[row] ?? "",
      at: Date.parse(columns.at[row] ?? ""),
      byMe: columns.by_me[row] ?? false,
      tries: columns.tries[row] ?? 1,
      next: next ? Date.parse(next) : null,
      record: columns.record[row] ?? "",
    });
  });
  return states;
}

/** How each door stands: the bundle's state, and over it what this phone recorded later. `before`: `statesIn`, which a save need not repeat. */
export function statesOf(bundle: Bundle, doors: readonly Door[], visits: readonly Visit[], before = statesIn(bundle, doors)): Map<string, State> {
  const states = new Map(before);
  const known = new Set(bundle.states.record);
  for (const visit of visits) {
    if (visit.withdrawn || known.has(visit.id)) continue;
    const stood = states.get(visit.door);
    const tries = (stood?.tries ?? 0) + 1;
    const later = !stood || isLater(visit, { at: stood.at, id: stood.record });
    if (later) states.set(visit.door, { outcome: visit.outcome, at: visit.at, byMe: true, tries, next: null, record: visit.id });
    else states.set(visit.door, { ...stood, tries });
  }
  return states;
}

/** The doors that a round still misses; without a round, those whose last outcome leaves them open. */
export function openDoors(
  bundle: Bundle,
  doors: readonly Door[],
  states: ReadonlyMap<string, State>,
  visits: readonly Visit[],
  round: Round | null,
): Set<string> {
  const settles = new Set(bundle.outcomes.filter((one) => one.settles).map((one) => one.code));
  if (!round) return new Set(doors.filter((door) => !settles.has(states.get(door.id)?.outcome ?? "")).map((door) => door.id));
  const inside = round.doors === null ? null : new Set(round.doors);
  const settled = new Map<string, boolean>();
  round.states.door.forEach((door, row) => {
    const id = doors[door]?.id;
    if (id !== undefined) settled.set(id, round.states.settled[row] ?? false);
  });
  const known = new Set(bundle.states.record);
  const latest = new Map<string, Visit[]>();
  for (const visit of visits) {
    if (visit.withdrawn || known.has(visit.id) || (visit.round !== null && visit.round !== round.id)) continue;
    latest.set(visit.door, [...(latest.get(visit.door) ?? []), visit]);
  }
  for (const [door, mine] of latest) settled.set(door, closes(doors, door, mine, settles, settled.get(door) ?? false));
  const beyond = bundle.doors.id.length;
  return new Set(doors.filter((door) => (!inside || inside.has(door.index) || door.index >= beyond) && !settled.get(door.id)).map((door) => door.id));
}

/** Of the doors that a round still misses, those whose last outcome is not how they stand in it: nobody came in this round yet ("none"), or a household is left ("check"). */
export function openAgain(
  bundle: Bundle,
  doors: readonly Door[],
  states: ReadonlyMap<string, State>,
  visits: readonly Visit[],
  round: Round | null,
  missing: ReadonlySet<string>,
): Map<string, "none" | "check"> {
  const again = new Map<string, "none" | "check">();
  if (!round) return again;
  const come = new Set(round.states.door.map((door) => doors[door]?.id));
  const known = new Set(bundle.states.record);
  for (const visit of visits) if (!visit.withdrawn && !known.has(visit.id) && (visit.round === null || visit.round === round.id)) come.add(visit.door);
  const settles = new Set(bundle.outcomes.filter((one) => one.settles).map((one) => one.code));
  for (const [door, state] of states) {
    if (!missing.has(door)) continue;
    if (!come.has(door)) again.set(door, "none");
    else if (settles.has(state.outcome)) again.set(door, "check");
  }
  return again;
}

/** A door closes when each of its households has an outcome that settles; a visit to the whole door speaks for all. */
function closes(doors: readonly Door[], id: string, mine: readonly Visit[], settles: ReadonlySet<string>, before: boolean): boolean {
  const ordered = [...mine].sort((a, b) => (isLater(a, b) ? 1 : -1));
  const last = ordered.at(-1);
  if (!last) return before;
  if (last.household === null) return settles.has(last.outcome);
  if (before) return settles.has(last.outcome);
  const households = doors.find((door) => door.id === id)?.households ?? [];
  return households.every((one) => settles.has(ordered.findLast((visit) => visit.household === one.id || visit.household === null)?.outcome ?? ""));
}

/** Doors and people by room, name, or pinyin keys; the words typed must all begin something. */
export function search(bundle: Bundle, doors: readonly Door[], typed: string, limit = 60): { door: Door; persons: Person[] }[] {
  const asked = typed.trim().toLowerCase().replaceAll(/\s+/g, "");
  if (asked === "") return [];
  const found: { door: Door; persons: Person[] }[] = [];
  for (const door of doors) {
    const persons = door.households
      .flatMap((one) => one.persons)
      .filter((person) => person.name.includes(asked) || person.keys.split(" ").some((key) => key.startsWith(asked)));
    const whole = `${whereOf(bundle, door)}${door.label}`.toLowerCase().replaceAll(/\s+/g, "");
    const short = shortAddress(bundle, door);
    if (persons.length || door.label.toLowerCase().startsWith(asked) || whole.includes(asked) || short.startsWith(asked.replaceAll(/[#,，.。、\s]/g, "-"))) {
      found.push({ door, persons });
      if (found.length >= limit) break;
    }
  }
  return found;
}

/** 3-2-501, as people write it. */
function shortAddress(bundle: Bundle, door: Door): string {
  const building = bundle.buildings[door.building];
  const unit = door.unit === null ? undefined : building?.units[door.unit];
  const number = (name: string | undefined): string => /\d+/.exec(name ?? "")?.[0] ?? "";
  return [number(building?.name), number(unit?.name), door.label].filter(Boolean).join("-");
}

export function whereOf(bundle: Bundle, door: Pick<Door, "building" | "unit">): string {
  const building = bundle.buildings[door.building];
  const unit = door.unit === null ? undefined : building?.units[door.unit];
  return `${building?.name ?? ""}${unit?.name ?? ""}`;
}

/** Building by building as it stands in the stairs: floors from the top, doors from left to right. */
export function floorsOf(doors: readonly Door[]): { floor: number | null; doors: Door[] }[] {
  const floors = new Map<number | null, Door[]>();
  for (const door of doors) floors.set(door.floor, [...(floors.get(door.floor) ?? []), door]);
  return [...floors]
    .map(([floor, on]) => ({ floor, doors: [...on].sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true })) }))
    .sort((a, b) => (b.floor ?? -99) - (a.floor ?? -99));
}
