// The PIN and what it opens. PIN → PBKDF2 → a key that wraps one data key; the data key encrypts everything readable. The sealed outbox does
// not depend on it. What a PIN does not stop is said in docs/guides/field-app.md and on the screen "settings".
import { joined, random, text, utf8, type Bytes } from "./bytes.ts";
import { store, type Lock } from "./store.ts";

export const WRONG_TRIES = 10;
export const LEAST_DIGITS = 6;
const _LEAST_ROUNDS = 600_000;
const _AIM = 350; // milliseconds one try shall take on this phone
const _DAY = 86_400_000;

let dataKey: CryptoKey | null = null;

export class WrongPin extends Error {
  readonly left: number;
  constructor(left: number) {
    super("wrong PIN");
    this.left = left;
  }
}
/** What was readable is gone: ten wrong tries, or a cut-off. The sealed outbox is still there. */
export class Wiped extends Error {}
export class Locked extends Error {}

export const isOpen = (): boolean => dataKey !== null;

/** PINs that anybody would try first. */
export function isWeak(pin: string): boolean {
  if (!/^\d+$/.test(pin) || pin.length < LEAST_DIGITS) return true;
  const digits = Array.from(pin, Number);
  const steps = new Set(digits.slice(1).map((digit, at) => digit - (digits[at] ?? 0)));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 0);
}

async function keyOf(pin: string, salt: Bytes, rounds: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/** As many rounds as this phone does in the time a try may take, and never fewer than the least. */
async function measuredRounds(): Promise<number> {
  const began = performance.now();
  await keyOf("measure", random(16), 100_000);
  const each = (performance.now() - began) / 100_000;
  return Math.min(5_000_000, Math.max(_LEAST_ROUNDS, Math.round(_AIM / each / 50_000) * 50_000));
}

/** Set the PIN of a phone that was just joined: a new data key, open from now on. */
export async function setPin(pin: string, now: number): Promise<void> {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const salt = random(16);
  const nonce = random(12);
  const rounds = await measuredRounds();
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", fresh, await keyOf(pin, salt, rounds), { name: "AES-GCM", iv: nonce }));
  await store.lock.put({ slot: "lock", salt, rounds, nonce, wrapped, wrong: 0, contact: now, latest: now });
  dataKey = await unwrap(pin, { salt, rounds, nonce, wrapped });
}

async function unwrap(pin: string, from: Pick<Lock, "salt" | "rounds" | "nonce" | "wrapped">): Promise<CryptoKey> {
  const key = await keyOf(pin, from.salt, from.rounds);
  return crypto.subtle.unwrapKey("raw", from.wrapped, key, { name: "AES-GCM", iv: from.nonce }, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Open with the PIN. A try is counted before it is made, so that killing the app in between gains nothing. */
export async function open(pin: string, now: number): Promise<void> {
  const lock = await store.transaction("rw", store.lock, async () => {
    const found = await store.lock.get("lock");
    if (found) await store.lock.put({ ...found, wrong: found.wrong + 1, latest: Math.max(found.latest, now) });
    return found;
  });
  if (!lock) throw new Wiped();
  try {
    dataKey = await unwrap(pin, lock);
  } catch {
    const left = WRONG_TRIES - lock.wrong - 1;
    if (left > 0) throw new WrongPin(left);
    await wipeReadable();
    throw new Wiped();
  }
  await store.lock.update("lock", { wrong: 0 });
}

/** Forget the key. */
export function close(): void {
  dataKey = null;
}

/** Remove all that can be read. Sealed records and the device's key stay until everything is delivered. */
export async function wipeReadable(): Promise<void> {
  close();
  await store.transaction("rw", store.lock, store.readable, store.held, async () => {
    await store.lock.clear();
    await store.readable.clear();
    await store.held.clear();
  });
}

/** Whether the bundle stays shut because the server was not heard of for too long; a clock set back does not help. */
export async function tooLongAlone(days: number, now: number): Promise<boolean> {
  const lock = await store.lock.get("lock");
  return lock !== undefined && Math.max(now, lock.latest) - lock.contact > days * _DAY;
}

export async function heard(now: number): Promise<void> {
  await store.lock.update("lock", { contact: now, latest: now });
}

export async function encrypt(what: unknown): Promise<Bytes> {
  if (!dataKey) throw new Locked();
  const nonce = random(12);
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, dataKey, utf8(JSON.stringify(what)));
  return joined(nonce, new Uint8Array(box));
}

export async function decrypt<T>(box: Bytes): Promise<T> {
  if (!dataKey) throw new Locked();
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.subarray(0, 12) }, dataKey, box.subarray(12));
  return JSON.parse(text(plain)) as T;
}
