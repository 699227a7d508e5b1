// What an answer of the server settles, of what was sent: pure, so that any interleaving can be tried (tests/outbox.test.ts).
import type { Sealed, Standing } from "../vault/store.ts";

export interface Verdict {
  id: string;
  verdict: "kept" | "repeated" | "refused" | "quarantined";
  code: string | null;
  reason: string | null;
}
export interface Settled {
  id: string;
  standing: Standing;
  code: string;
  reason: string;
}

/** Those whose book is erased: nothing of them stays on the phone. */
export const erased = (done: readonly Settled[]): string[] => done.filter((one) => one.code === "ended").map((one) => one.id);

/** The records that are done with, each with how it stands; what was not answered, or not asked, is not among them. */
export function settled(asked: readonly Pick<Sealed, "id">[], verdicts: readonly Verdict[]): Settled[] {
  const sent = new Set(asked.map((row) => row.id));
  return verdicts
    .filter((one) => sent.has(one.id))
    .map((one) => ({ id: one.id, standing: one.verdict === "repeated" ? "kept" : one.verdict, code: one.code ?? "", reason: one.reason ?? "" }));
}
