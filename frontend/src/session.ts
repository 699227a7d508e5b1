// What is open between unlocking and locking: the seal, the bundle, the doors and how they stand; and keeping it true with the server.
import { computed, shallowReactive } from "vue";
import { app, count } from "./app.ts";
import type { Bundle, Round } from "./field/bundle.ts";
import { doorsOf, openAgain, openDoors, statesIn, statesOf, type Door, type NewDoor, type State, type Visit } from "./field/doors.ts";
import { drafts, readDrafts } from "./field/drafts.ts";
import { deliverAll } from "./outbox/deliver.ts";
import { save, type Copy, type Draft, type RecordForm } from "./outbox/records.ts";
import { painted } from "./sight.ts";
import { ask, Busy, hasCredential, Refusal, Unreached, useCredential } from "./server.ts";
import { fromText } from "./vault/bytes.ts";
import { sealFor, type Seal } from "./vault/seal.ts";
import { fact, remember, store, type Device, type Held, type Readable } from "./vault/store.ts";
import * as vault from "./vault/vault.ts";

export interface Line {
  id: string;
  kind: "refused" | "quarantined" | "two_people" | "door_changed" | "person_changed";
  record: string;
  place: string;
  about: string;
  mine: { record: string; outcome: string | null; at: string } | null;
  other: { outcome: string | null; at: string; role: string | { zh: string; en: string } } | null;
  code: string;
  reason: string;
  state: "open" | "settled" | "waiting" | "released" | "rejected";
  at: string;
}
export interface Own extends Copy {
  id: string;
  standing: Readable["standing"];
  code: string;
  reason: string;
  at: number;
}
interface Open {
  seal: Seal | null;
  device: Device | null;
  bundle: Bundle | null;
  own: readonly Own[];
  lines: readonly Line[];
  round: string;
  tooMany: { count: number; cap: number } | null;
  trouble: string;
  syncing: boolean;
}

export const open = shallowReactive<Open>({
  seal: null,
  device: null,
  bundle: null,
  own: [],
  lines: [],
  round: "",
  tooMany: null,
  trouble: "",
  syncing: false,
});

const visits = computed<Visit[]>(() => {
  const gone = new Set<string>();
  for (const own of open.own) if (own.record.kind === "correction" && own.record.payload.action === "withdraw" && own.standing !== "refused") gone.add(own.record.corrects ?? "");
  return open.own
    .filter((own) => own.record.kind === "visit" && own.standing !== "refused")
    .map(({ record, at }) => ({
      id: record.id,
      door: record.place,
      outcome: String(record.payload.outcome),
      at: at - record.skew,
      round: typeof record.payload.round === "string" ? record.payload.round : null,
      household: typeof record.payload.household === "string" ? record.payload.household : null,
      withdrawn: gone.has(record.id),
    }));
});
// The list as it was where no door was added: a save then leaves all that stands on it alone.
const added = computed<NewDoor[]>((before) => {
  const now = open.own.flatMap(({ record, standing }) => {
    const door = record.envelope?.door as { building: string; unit?: string; floor?: number; label: string } | undefined;
    return door && standing !== "refused" ? [{ id: record.place, building: door.building, unit: door.unit ?? null, floor: door.floor ?? null, label: door.label }] : [];
  });
  return before?.length === now.length && before.every((one, at) => one.id === now[at]?.id) ? before : now;
});
export const doors = computed<Door[]>(() => (open.bundle ? doorsOf(open.bundle, added.value) : []));
export const doorById = computed(() => new Map(doors.value.map((door) => [door.id, door])));
const statesBefore = computed(() => (open.bundle ? statesIn(open.bundle, doors.value) : new Map<string, State>()));
export const states = computed<Map<string, State>>(() => (open.bundle ? statesOf(open.bundle, doors.value, visits.value, statesBefore.value) : statesBefore.value));
/** Doors with a record that waits to be sent. */
export const unsentAt = computed(() => new Set(open.own.filter((own) => own.standing === "waiting").map((own) => own.record.place)));
export const round = computed<Round | null>(() => {
  const rounds = open.bundle?.rounds ?? [];
  return rounds.find((one) => one.id === open.round) ?? rounds.toSorted((a, b) => a.until.localeCompare(b.until))[0] ?? null;
});
export const missing = computed(() => (open.bundle ? openDoors(open.bundle, doors.value, states.value, visits.value, round.value) : new Set<string>()));
/** What the sign of a door says in this round instead of its last outcome. */
export const again = computed(() => (open.bundle ? openAgain(open.bundle, doors.value, states.value, visits.value, round.value, missing.value) : new Map<string, "none" | "check">()));
/** What needs its author: refused, quarantined, lines that can be settled. */
export const unsettled = computed(
  () => open.own.filter((own) => own.standing === "refused" || own.standing === "quarantined").length + open.lines.filter((line) => line.state === "open").length,
);

/** Open with the PIN. Raises WrongPin, Wiped. */
export async function unlock(pin: string): Promise<void> {
  await vault.open(pin, Date.now());
  await enter();
}

/** After the PIN: what was kept is read, and the seal set up. */
export async function enter(): Promise<void> {
  const device = await store.device.get("self");
  if (!device) throw new vault.Wiped();
  const credential = await held<{ token: string }>("credential");
  useCredential(credential?.token ?? "");
  open.device = device;
  open.seal = await sealFor(device);
  if (await vault.tooLongAlone(device.lockAfterDays, Date.now())) {
    app.stage = "alone";
    return;
  }
  await readKept();
  app.stage = "open";
  void refresh();
}

async function readKept(): Promise<void> {
  open.bundle = await held<Bundle>("bundle");
  open.lines = (await held<Line[]>("lines")) ?? [];
  open.round = await fact("round", "");
  await readOwn();
  await readDrafts();
}

export async function held<T>(name: Held["name"]): Promise<T | null> {
  const row = await store.held.get(name);
  return row ? vault.decrypt<T>(row.box) : null;
}

export async function hold(name: Held["name"], what: unknown): Promise<void> {
  await store.held.put({ name, box: await vault.encrypt(what) });
}

export async function readOwn(): Promise<void> {
  const ids = await store.readable.orderBy("at").primaryKeys();
  const known = new Map(open.own.map((own) => [own.id, own]));
  // What the server has kept stays as it is: only what is new here, or may have got its verdict, is read.
  const rows = await store.readable.bulkGet(ids.filter((id) => known.get(id)?.standing !== "kept"));
  const read = await Promise.all(
    rows.map(async (row) => {
      if (!row) return [];
      const copy = known.get(row.id) ?? (await vault.decrypt<Copy>(row.box));
      return [{ record: copy.record, where: copy.where, id: row.id, standing: row.standing, code: row.code, reason: row.reason, at: row.at }];
    }),
  );
  const fresh = new Map(read.flat().map((own) => [own.id, own]));
  open.own = ids.flatMap((id) => fresh.get(id) ?? known.get(id) ?? []);
  await count();
}

export function lock(): void {
  vault.close();
  useCredential("");
  drafts.clear();
  Object.assign(open, { seal: null, device: null, bundle: null, own: [], lines: [], tooMany: null, trouble: "" } satisfies Partial<Open>);
  if (app.stage === "open" || app.stage === "alone") app.stage = "locked";
}

/** Save records and ask for their delivery. When they are on the disk `tell` says so, and is drawn before what follows from them is worked out. */
export async function record(drafts: readonly { draft: Draft; where: string }[], tell?: () => void): Promise<RecordForm[]> {
  if (!open.seal) throw new vault.Locked();
  const saved = await save(open.seal, drafts);
  wish();
  if (tell) {
    tell();
    await painted();
    if (!vault.isOpen()) return saved;
  }
  const known = new Set(open.own.map((own) => own.id)); // a delivery meanwhile may have read them already
  const now = Date.now();
  const fresh = saved.flatMap((record, at) => (known.has(record.id) ? [] : [{ record, where: drafts[at]?.where ?? "", id: record.id, standing: "waiting" as const, code: "", reason: "", at: now }]));
  open.own = [...open.own, ...fresh];
  app.unsent += fresh.length;
  return saved;
}

let wished: ReturnType<typeof setTimeout> | undefined;
/** Deliver soon: what is saved in a row goes together; the service worker does it where the app is closed before. */
export function wish(): void {
  clearTimeout(wished);
  wished = setTimeout(() => void deliver(), 1500);
  clearTimeout(told);
  told = setTimeout(tellWorker, 300); // not between the tap and the next door
}

let told: ReturnType<typeof setTimeout> | undefined;
function tellWorker(): void {
  if ("serviceWorker" in navigator) {
    void navigator.serviceWorker.ready
      .then((worker) => (worker as ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }).sync?.register("deliver"))
      .catch(() => undefined);
  }
}

export async function deliver(): Promise<boolean> {
  const done = await deliverAll();
  if (vault.isOpen()) await readOwn();
  else await count();
  if (done.reached && vault.isOpen()) await vault.heard(Date.now());
  const cut = done.cut ?? (await store.device.get("self"))?.cut ?? null;
  if (cut) await cutOff(cut);
  return done.reached || done.left === 0;
}

async function cutOff(cut: "deliver" | "stolen"): Promise<void> {
  await store.device.update("self", { cut });
  if (cut === "deliver" && app.unsent > 0) return;
  if (hasCredential()) await ask("wiped", { body: {} }).catch(() => undefined);
  await vault.wipeReadable();
  lock();
  app.stage = "wiped";
}

let underWay: Promise<void> | null = null;
let onceMore = false;

/** Everything that a contact is for: delivering, whether we were cut off, a fresher bundle, lines, receipts. Asked for during a contact, it follows as a second one. */
export async function refresh(): Promise<void> {
  onceMore = true;
  underWay ??= contacts().finally(() => { underWay = null; });
  await underWay;
}

async function contacts(): Promise<void> {
  while (onceMore && vault.isOpen()) {
    onceMore = false;
    await contact();
  }
}

interface Polled {
  cut: "deliver" | "stolen" | null;
  stamp?: string;
}

async function contact(): Promise<void> {
  open.syncing = true;
  try {
    // First whether this phone was reported stolen: then it forgets before it sends anything. Where only the intake is reached, it sends all the same.
    const polled = hasCredential() ? await ask<Polled>("poll").catch((why: unknown) => why as Error) : null;
    if (polled && !(polled instanceof Error) && polled.cut === "stolen") { await cutOff("stolen"); return; }
    await deliver();
    if (polled instanceof Error) throw polled;
    if (!vault.isOpen() || !polled) return;
    const said = polled;
    if (said.cut) { await cutOff(said.cut); return; }
    await vault.heard(Date.now());
    if (app.stage === "alone") {
      await readKept();
      app.stage = "open";
    }
    if (!open.bundle || said.stamp !== open.bundle.stamp) await fetchBundle();
    await sendReceipts();
    await fetchLines();
    await forgetOld();
    open.trouble = "";
  } catch (why) {
    if (why instanceof Busy) comeAgain(why.wait);
    if (why instanceof Refusal) open.trouble = why.message;
    else if (!(why instanceof Unreached) && !(why instanceof vault.Locked)) throw why;
  } finally {
    open.syncing = false;
    await count();
  }
}

let waiting: ReturnType<typeof setTimeout> | undefined;
const _CHANCE = 200; // milliseconds
/** When it is our turn, and a little more by chance: each was told a turn of its own, so that phones sent away together do not come back together. */
function comeAgain(wait: number): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => void refresh(), wait + Math.random() * _CHANCE);
}

async function fetchBundle(): Promise<void> {
  try {
    const bundle = await ask<Bundle>("bundle", open.bundle ? { unless: open.bundle.stamp } : {});
    if (!bundle) return;
    await hold("bundle", bundle);
    open.bundle = bundle;
    open.tooMany = null;
    await followKeys(bundle);
  } catch (why) {
    if (!(why instanceof Refusal) || why.code !== "too_many_doors") throw why;
    open.tooMany = { count: Number(why.facts.count), cap: Number(why.facts.cap) };
  }
}

/** The server's key and address may change: what is sealed from now on is sealed to the new one. */
async function followKeys(bundle: Bundle): Promise<void> {
  const device = open.device;
  if (!device || (device.serverKeyId === bundle.server_key_id && device.intake === bundle.intake)) return;
  const changed = { serverKey: fromText(bundle.server_key), serverKeyId: bundle.server_key_id, intake: bundle.intake };
  await store.device.update("self", changed);
  open.device = { ...device, ...changed };
  open.seal = await sealFor(open.device);
}

export async function fetchLines(): Promise<void> {
  try {
    const said = await ask<Line[] | { lines: Line[] }>("lines");
    open.lines = Array.isArray(said) ? said : (said?.lines ?? []);
    await hold("lines", open.lines);
  } catch (why) {
    if (!(why instanceof Refusal)) throw why;
  }
}

async function sendReceipts(): Promise<void> {
  const read = (await fact("read", "")).split(" ").filter(Boolean);
  if (!read.length) return;
  for (const [id, at] of read.map((one) => one.split("@"))) {
    await ask(`messages/${id ?? ""}/read`, { body: { ago: Math.max(0, Math.round(Date.now() - Number(at ?? Date.now()))) } }).catch((why: unknown) => {
      if (!(why instanceof Refusal)) throw why;
    });
  }
  await remember("read", "");
}

/** A message was read: its receipt goes with the next contact. */
export async function markRead(id: string): Promise<void> {
  await remember("read", `${await fact("read", "")} ${id}@${Date.now()}`.trim());
  if (open.bundle) {
    const messages = open.bundle.messages.map((one) => (one.id === id ? { ...one, read_at: new Date().toISOString() } : one));
    open.bundle = { ...open.bundle, messages };
    await hold("bundle", open.bundle);
  }
  void refresh();
}

const _KEEP = 8 * 86_400_000;
/** Copies of what the server has kept go after eight days; what needs its author stays. */
async function forgetOld(): Promise<void> {
  const old = await store.readable.where("at").below(Date.now() - _KEEP).filter((row) => row.standing === "kept").primaryKeys();
  if (!old.length) return;
  await store.readable.bulkDelete(old);
  await readOwn();
}

export async function drop(id: string): Promise<void> {
  await store.readable.delete(id);
  await readOwn();
}

