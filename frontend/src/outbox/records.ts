// One record: made, sealed and saved before the screen says so.
import type { Seal } from "../vault/seal.ts";
import { store, type Readable, type Sealed } from "../vault/store.ts";
import { encrypt } from "../vault/vault.ts";

export type Facts = Record<string, unknown>;
export interface Draft {
  kind: string;
  version: number;
  place: string;
  payload: Facts;
  subject?: string;
  channel?: "seen" | "phone" | "neighbour";
  envelope?: { remark?: string; door?: Facts; person?: Facts; photos?: Readonly<Record<string, string>> };
  corrects?: string;
  reason?: string;
  incident?: string;
}
export interface RecordForm extends Draft {
  id: string;
  occurred_at: string;
  skew: number;
  device: string;
  device_seq: number;
}
/** What the author's copy holds: the record, and the words that tell it apart in the outbox. */
export interface Copy {
  record: RecordForm;
  where: string;
}

let last = { at: 0, step: 0 };

/** UUID version 7: the moment in milliseconds, a step within it, and chance. Later ones of one phone sort later. */
export function newId(at = Date.now()): string {
  last = at > last.at ? { at, step: Math.floor(Math.random() * 0x400) } : { at: last.at, step: last.step + 1 };
  if (last.step > 0xfff) last = { at: last.at + 1, step: 0 };
  const chance = crypto.getRandomValues(new Uint8Array(8));
  chance[0] = ((chance[0] ?? 0) & 0x3f) | 0x80;
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");
  const tail = Array.from(chance, (byte) => hex(byte, 2)).join("");
  const moment = hex(last.at, 12);
  return `${moment.slice(0, 8)}-${moment.slice(8)}-7${hex(last.step, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The local time with its offset, as the record wants it. */
export function withOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, "0");
  const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 23);
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

interface Counted {
  next: number;
  skew: number;
}
/** The counter and the skew as this tab saw them last, so that a save reads nothing before it writes; where another tab or the background went on meanwhile, saving shows it. */
let seen: Counted | null = null;

async function counted(): Promise<Counted> {
  const [next, skew] = await store.facts.bulkGet(["seq", "skew"]);
  return { next: typeof next?.value === "number" ? next.value : 1, skew: typeof skew?.value === "number" ? skew.value : 0 };
}

const SKEW_STANDS = 1000; // milliseconds by which the skew measured last may differ from the one a record says

class Overtaken extends Error {}

/** Save records: counter and both copies of all of them in one transaction; only then they are saved. */
export async function save(seal: Seal, drafts: readonly { draft: Draft; where: string }[]): Promise<RecordForm[]> {
  for (;;) {
    const as = seen ?? (await counted());
    seen = null;
    try {
      const saved = await put(seal, drafts, as);
      seen = { next: as.next + saved.length, skew: as.skew };
      return saved;
    } catch (why) {
      if (!(why instanceof Overtaken)) throw why;
    }
  }
}

/** What the author keeps to read of a record: all but its photos, which are large and for the server only. */
function ownCopy(record: RecordForm): RecordForm {
  if (!record.envelope?.photos) return record;
  const envelope = { ...record.envelope };
  delete envelope.photos;
  return { ...record, envelope };
}

async function put(seal: Seal, drafts: readonly { draft: Draft; where: string }[], as: Counted): Promise<RecordForm[]> {
  const now = new Date();
  const rows = await Promise.all(
    drafts.map(async ({ draft, where }, at) => {
      const id = newId(now.getTime());
      const record: RecordForm = { ...draft, id, occurred_at: withOffset(now), skew: as.skew, device: seal.device, device_seq: as.next + at };
      const [own, box] = await Promise.all([encrypt({ record: ownCopy(record), where } satisfies Copy), seal.seal(id, record)]);
      const readable: Readable = { id, standing: "waiting", code: "", reason: "", at: now.getTime(), box: own };
      const sealed: Sealed = { id, device: seal.device, seq: as.next + at, enc: seal.enc, keyId: seal.keyId, box, carried: 0, since: now.getTime(), tried: 0 };
      return { record: ownCopy(record), readable, sealed };
    }),
  );
  await write(rows, as);
  return rows.map((row) => row.record);
}

/** One transaction of the browser's own, the requests one behind the other: the moment between the tap and "saved" is here. */
async function write(rows: readonly { readable: Readable; sealed: Sealed }[], as: Counted): Promise<void> {
  if (!store.isOpen()) await store.open();
  await new Promise<void>((done, failed) => {
    const all = store.backendDB().transaction(["facts", "readable", "sealed"], "readwrite", { durability: "strict" });
    const facts = all.objectStore("facts");
    let why: Error | null = null;
    all.oncomplete = () => done();
    all.onabort = () => failed(why ?? all.error ?? new Error("not saved"));
    const told: Partial<Record<"seq" | "skew", unknown>> = {};
    const check = (): void => {
      if ((told.seq ?? 1) !== as.next || Math.abs(Number(told.skew ?? 0) - as.skew) > SKEW_STANDS) {
        why = new Overtaken();
        all.abort();
        return;
      }
      facts.put({ name: "seq", value: as.next + rows.length });
      for (const row of rows) {
        all.objectStore("readable").add(row.readable);
        all.objectStore("sealed").add(row.sealed);
      }
      all.commit();
    };
    for (const name of ["skew", "seq"] as const) {
      const asked = facts.get(name) as IDBRequest<{ value: unknown } | undefined>;
      asked.onsuccess = () => {
        told[name] = asked.result?.value;
        if (name === "seq") check();
      };
    }
  });
}
