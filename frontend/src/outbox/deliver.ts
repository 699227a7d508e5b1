// Delivering what is sealed: in batches, any number of times, from the app or from the service worker. Needs no PIN: the seal proves the device.
import { toText } from "../vault/bytes.ts";
import { remember, store, type Sealed } from "../vault/store.ts";
import { wipeReadable } from "../vault/vault.ts";
import { erased, settled, type Verdict } from "./settling.ts";

export const BATCH = 50;
const _BATCH_BYTES = 3_000_000; // sealed, of the eight megabytes that the intake takes at once

interface Answer {
  now: string;
  verdicts: Verdict[];
  cut: "deliver" | "stolen" | null;
}
export interface Delivered {
  sent: number;
  left: number;
  cut: Answer["cut"];
  reached: boolean;
}

export function parcelsOf(rows: readonly Sealed[]): object[] {
  const parcels = new Map<string, { device: string; enc: string; key_id: string; records: object[] }>();
  for (const row of rows) {
    const enc = toText(row.enc);
    const name = `${row.device} ${row.keyId} ${enc}`;
    const parcel = parcels.get(name) ?? { device: row.device, enc, key_id: row.keyId, records: [] };
    parcel.records.push({ id: row.id, seq: row.seq, box: toText(row.box) });
    parcels.set(name, parcel);
  }
  return [...parcels.values()];
}

/** Send everything that waits; what was not answered stays. One at a time on a phone. */
export async function deliverAll(limit = Number.POSITIVE_INFINITY): Promise<Delivered> {
  return "locks" in navigator ? navigator.locks.request("deliver", () => deliver(limit)) : deliver(limit);
}

async function deliver(limit: number): Promise<Delivered> {
  const device = await store.device.get("self");
  const done: Delivered = { sent: 0, left: await store.sealed.count(), cut: null, reached: false };
  if (!device) return done;
  for (let batches = 0; done.left && batches < limit; batches++) {
    const rows = await nextBatch();
    const answer = await post(`${device.intake}sealed`, rows);
    if (!answer) return done;
    const count = await settle(rows, answer.verdicts);
    done.reached = true;
    done.sent += count;
    done.left = await store.sealed.count();
    if (answer.cut && rows[0]?.device === device.id) {
      done.cut = answer.cut;
      await store.device.update("self", { cut: answer.cut });
      if (answer.cut === "stolen") await wipeReadable(); // at once, also in the background; what is sealed goes on
    }
    if (!count) break;
  }
  return done;
}

/** The oldest, and never more than the intake takes at once: of bytes (photos), and of different set-ups. */
async function nextBatch(): Promise<Sealed[]> {
  const rows = await store.sealed.orderBy("[device+seq]").limit(BATCH).toArray();
  const setups = new Set<string>();
  let bytes = 0;
  return rows.filter((row, at) => {
    bytes += row.box.length;
    return (at === 0 || bytes <= _BATCH_BYTES) && setups.add(`${row.device} ${toText(row.enc)}`).size <= 60;
  });
}

async function post(address: string, rows: Sealed[]): Promise<Answer | null> {
  try {
    const before = Date.now();
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ parcels: parcelsOf(rows) }),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: within(60_000),
    });
    if (!answer.ok) return null;
    const said = (await answer.json()) as Answer;
    await measureSkew(said.now, before, Date.now());
    return said;
  } catch {
    return null; // no network, or a server that died: everything is still here
  }
}

export function within(milliseconds: number): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), milliseconds);
  return stop.signal;
}

/** How far this phone's clock is ahead, measured between asking and being answered; and that the server was heard. */
export async function measureSkew(now: string, before: number, after: number): Promise<void> {
  const server = Date.parse(now);
  if (Number.isNaN(server)) return;
  await remember("skew", Math.round((before + after) / 2 - server));
  await remember("synced", after);
}

async function settle(rows: readonly Sealed[], verdicts: readonly Verdict[]): Promise<number> {
  const done = settled(rows, verdicts);
  await store.transaction("rw", store.sealed, store.readable, async () => {
    await store.sealed.bulkDelete(done.map((one) => one.id));
    for (const { id, ...stands } of done) await store.readable.update(id, stands);
    await store.readable.bulkDelete(erased(done));
  });
  return done.length;
}
