// Speaking to the web process: JSON with the device's credential, no cookie, nothing kept on the way.
import { measureSkew, within } from "./outbox/deliver.ts";
import { speech } from "./words.ts";

export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly facts: Record<string, string | number>;
  constructor(status: number, code: string, message: string, facts: Record<string, string | number>) {
    super(message);
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}
/** The server has too much to do at this moment, and says when it is our turn. */
export class Busy extends Refusal {
  /** Milliseconds until it is our turn. */
  get wait(): number {
    return Number(this.facts.ms) || 5000;
  }
}
/** The server was not reached. */
export class Unreached extends Error {}

let credential = "";
export function useCredential(given: string): void {
  credential = given;
}
export const hasCredential = (): boolean => credential !== "";

interface Asked {
  body?: unknown;
  method?: "GET" | "POST";
  unless?: string;
}

/** The answer, or null where nothing has changed. Raises Refusal, Busy, Unreached. */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T | null> {
  const headers: Record<string, string> = { "Accept-Language": speech.language };
  if (credential) headers.Authorization = `Bearer ${credential}`;
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  if (asked.unless) headers["If-None-Match"] = `"${asked.unless}"`;
  const how: RequestInit = {
    method: asked.method ?? (asked.body === undefined ? "GET" : "POST"),
    headers,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: within(60_000),
  };
  if (asked.body !== undefined) how.body = JSON.stringify(asked.body);
  const before = Date.now();
  let answer: Response;
  try {
    answer = await fetch(`/field/api/${path}`, how);
  } catch {
    throw new Unreached();
  }
  if (answer.status === 304) return null;
  if (answer.status >= 500 && answer.status !== 503) throw new Unreached();
  const said = (await answer.json().catch(() => ({}))) as { now?: string; error?: { code: string; message: string; facts?: Record<string, string | number> } };
  if (answer.status === 503 && said.error?.code !== "busy") throw new Unreached();
  if (!answer.ok) throw new (answer.status === 503 ? Busy : Refusal)(answer.status, said.error?.code ?? "", said.error?.message ?? "", said.error?.facts ?? {});
  if (typeof said.now === "string") await measureSkew(said.now, before, Date.now());
  return said as T;
}
