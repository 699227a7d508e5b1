// Joining: a link or a code, the last four digits, then a PIN. And leaving the phone to somebody else.
import { app, count } from "./app.ts";
import { enter, hold } from "./session.ts";
import { ask, useCredential } from "./server.ts";
import { fromText, toText, type Bytes } from "./vault/bytes.ts";
import { newPair } from "./vault/seal.ts";
import { remember, store } from "./vault/store.ts";
import * as vault from "./vault/vault.ts";
import { say } from "./words.ts";

interface Joined {
  device: string;
  credential: string;
  account: { id: string; name: string };
  server_key: string;
  server_key_id: string;
  intake: string;
  lock_after_days: number;
}

/** The token of a joining link, taken out of the address at once, so that it stays in no history. */
export function takeToken(): string {
  const token = location.pathname.endsWith("/join") ? location.hash.slice(1) : "";
  if (token && !token.startsWith("/")) history.replaceState(null, "", "/field/join");
  return token.startsWith("/") ? "" : token;
}

export const inWeChat = (): boolean => navigator.userAgent.includes("MicroMessenger");
export const onApple = (): boolean => /iPhone|iPad|iPod/.test(navigator.userAgent);

let waiting: { joined: Joined; pair: CryptoKeyPair } | null = null;

/** Join; the PIN comes next, and nothing is written before it is set. Raises Refusal, Unreached. */
export async function join(by: { token: string } | { code: string }, digits: string): Promise<void> {
  const { pair, point } = await newPair();
  useCredential("");
  const joined = await ask<Joined>("join", { body: { ...by, digits, device: { name: deviceName(), public_key: toText(point) } } });
  if (!joined) throw new Error("joining was not answered");
  waiting = { joined, pair };
  useCredential(joined.credential);
}

/** The code with which the phone's real browser takes this login over. */
export async function carryOver(): Promise<{ code: string; until: string } | null> {
  return ask("handover", { body: {} });
}

function deviceName(): string {
  const agent = navigator.userAgent;
  const model = /Android[^;]*;\s*([^;)]{1,40})/.exec(agent)?.[1]?.replace(/\s*Build.*/, "") ?? /iPhone|iPad|Windows|Macintosh|Linux/.exec(agent)?.[0];
  return (model ?? say("join_installed")).trim().slice(0, 40);
}

/** Set the PIN and write down what joining gave. Somebody else's readable records go; what they sealed stays and is sent as theirs. */
export async function finish(pin: string): Promise<void> {
  if (!waiting) throw new Error("nobody has joined");
  const { joined, pair } = waiting;
  await vault.wipeReadable();
  await vault.setPin(pin, Date.now());
  await hold("credential", { token: joined.credential });
  const serverKey: Bytes = fromText(joined.server_key);
  await store.device.put({
    slot: "self",
    id: joined.device,
    account: joined.account.id,
    intake: joined.intake,
    serverKey,
    serverKeyId: joined.server_key_id,
    pair,
    lockAfterDays: joined.lock_after_days,
    cut: null,
  });
  for (const name of ["seq", "round", "read", "elsewhere"]) await store.facts.delete(name);
  waiting = null;
  await askToKeep();
  history.replaceState(null, "", "/field/");
  await enter();
}

/** Ask the browser to keep our data; remember whether it promised. */
export async function askToKeep(): Promise<boolean> {
  const kept = "storage" in navigator && (await navigator.storage.persist());
  await remember("kept", kept);
  return kept;
}

/** Another person takes this phone: what can be read goes, what is sealed stays until it is delivered. */
export async function leave(): Promise<void> {
  await vault.wipeReadable();
  useCredential("");
  await count();
  app.stage = "join";
}
