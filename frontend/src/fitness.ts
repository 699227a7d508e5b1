// Whether a phone is fit for the field: each trial does the thing itself, on this phone, and leaves nothing behind.
import { within } from "./outbox/deliver.ts";
import { newPair } from "./vault/seal.ts";
import type { Word } from "./words.ts";

export interface Trial {
  name: Word;
  otherwise: Word;
  needed: boolean;
  run(): Promise<string | undefined>;
}

class Unfit extends Error {}
const CLOCK = 120_000; // milliseconds a clock may be off before it is worth a word; records are corrected by it anyway

function must(holds: boolean, found = ""): void {
  if (!holds) throw new Unfit(found);
}

async function hello(): Promise<{ now: string; intake: string }> {
  const answer = await fetch("/field/api/hello", { cache: "no-store", credentials: "omit", signal: within(15_000) });
  must(answer.ok, String(answer.status));
  return (await answer.json()) as { now: string; intake: string };
}

/** A key pair that cannot be taken out goes into the database and comes back usable. */
async function keepsKeys(): Promise<undefined> {
  const { pair } = await newPair();
  const name = "lianfang-test";
  const back = await new Promise<CryptoKeyPair>((done, failed) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onerror = () => failed(asked.error ?? new Unfit());
    asked.onsuccess = () => {
      const all = asked.result.transaction("kept", "readwrite");
      all.onabort = () => failed(all.error ?? new Unfit());
      try {
        all.objectStore("kept").put(pair, "pair"); // throws here where the browser cannot keep such keys
      } catch (why) {
        asked.result.close();
        failed(why instanceof Error ? why : new Unfit());
        return;
      }
      const read = all.objectStore("kept").get("pair");
      all.oncomplete = () => {
        asked.result.close();
        done(read.result as CryptoKeyPair);
      };
    };
  }).finally(() => indexedDB.deleteDatabase(name));
  must(!back.privateKey.extractable);
  await crypto.subtle.deriveBits({ name: "ECDH", public: back.publicKey }, back.privateKey, 256);
  return undefined;
}

export const trials: readonly Trial[] = [
  {
    name: "fit_secure", otherwise: "fit_secure_not", needed: true,
    run() {
      return isSecureContext ? Promise.resolve(location.host) : Promise.reject(new Unfit(location.protocol));
    },
  },
  {
    name: "fit_worker", otherwise: "fit_worker_not", needed: true,
    async run() {
      must("serviceWorker" in navigator);
      await navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" });
      return undefined;
    },
  },
  { name: "fit_keys", otherwise: "fit_keys_not", needed: true, run: keepsKeys },
  {
    name: "fit_room", otherwise: "fit_room_not", needed: true,
    async run() {
      const { quota = 0, usage = 0 } = await navigator.storage.estimate();
      const free = Math.round((quota - usage) / 1_000_000);
      must(free >= 50, `${free} MB`);
      return `${free} MB`;
    },
  },
  {
    name: "fit_kept", otherwise: "fit_kept_not", needed: false,
    async run() {
      must(await navigator.storage.persist());
      return undefined;
    },
  },
  {
    name: "fit_clock", otherwise: "fit_clock_not", needed: false,
    async run() {
      const before = Date.now();
      const { now } = await hello();
      const off = (before + Date.now()) / 2 - Date.parse(now);
      must(Math.abs(off) < CLOCK, `${Math.round(off / 60_000)} min`);
      return `${Math.abs(off / 1000).toFixed(1)} s`;
    },
  },
  {
    name: "fit_intake", otherwise: "fit_intake_not", needed: true,
    async run() {
      const { intake } = await hello();
      const answer = await fetch(`${intake}health`, { cache: "no-store", credentials: "omit", signal: within(15_000) });
      must(answer.ok, String(answer.status));
      return new URL(intake).host;
    },
  },
];
