// What lies on the phone's disk. Nothing in it says a name or a number: people are in `box` columns only, encrypted under the PIN's key
// (`readable`, `bundle`) or sealed for the server (`sealed`).
import { Dexie, type EntityTable, type Table } from "dexie";
import type { Bytes } from "./bytes.ts";

/** One row a phone: whom it belongs to, and the pair it seals with (which cannot be taken out). */
export interface Device {
  slot: "self";
  id: string;
  account: string;
  intake: string;
  serverKey: Bytes;
  serverKeyId: string;
  pair: CryptoKeyPair;
  lockAfterDays: number;
  cut: "deliver" | "stolen" | null;
}

/** The key of everything readable, wrapped under the PIN; gone after ten wrong tries. */
export interface Lock {
  slot: "lock";
  salt: Bytes;
  rounds: number;
  nonce: Bytes;
  wrapped: Bytes;
  wrong: number;
  contact: number; // last contact with the server, by the phone's clock
  latest: number; // the latest moment the phone's clock ever said
}

/** A record sealed for the server, waiting to be delivered: its author's own, or carried for a colleague. */
export interface Sealed {
  id: string;
  device: string;
  seq: number;
  enc: Bytes;
  keyId: string;
  box: Bytes;
  carried: 0 | 1;
  since: number;
  tried: number;
}

export type Standing = "waiting" | "kept" | "refused" | "quarantined";

/** The readable copy of a record, for its author. */
export interface Readable {
  id: string;
  standing: Standing;
  code: string;
  reason: string;
  at: number;
  box: Bytes;
}

/** Something fetched, encrypted whole: the bundle, the lines. */
export interface Held {
  name: "bundle" | "lines" | "credential" | "drafts";
  box: Bytes;
}

/** Plain facts of the app: language, type size, counters, times. */
export interface Fact {
  name: string;
  value: string | number | boolean | null;
}

class Store extends Dexie {
  declare device: EntityTable<Device, "slot">;
  declare lock: EntityTable<Lock, "slot">;
  declare sealed: Table<Sealed, string>;
  declare readable: Table<Readable, string>;
  declare held: EntityTable<Held, "name">;
  declare facts: EntityTable<Fact, "name">;

  constructor() {
    // "strict": a saved record is on the disk, not in a buffer, when the screen says so.
    super("lianfang-field", { chromeTransactionDurability: "strict" });
    this.version(1).stores({
      device: "slot",
      lock: "slot",
      sealed: "id, [device+seq], carried",
      readable: "id, standing, at",
      held: "name",
      facts: "name",
    });
  }
}

export const store = new Store();

export async function fact<T extends Fact["value"]>(name: string, otherwise: T): Promise<T> {
  const found = await store.facts.get(name);
  return found === undefined ? otherwise : (found.value as T);
}

export async function remember(name: string, value: Fact["value"]): Promise<void> {
  await store.facts.put({ name, value });
}
