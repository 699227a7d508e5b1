import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parcelsOf } from "../src/outbox/deliver.ts";
import { erased, settled, type Verdict } from "../src/outbox/settling.ts";
import type { Sealed } from "../src/vault/store.ts";

// A phone and a server as they meet on the way: the phone keeps what is not answered; the server takes each id once; the way between them
// loses, repeats and turns around what it carries. Whatever happens in whatever order, every record saved arrives, once.
type Step =
  | { does: "save"; count: number }
  | { does: "send"; most: number; asked: "lost" | "arrives"; answered: "lost" | "arrives" | "late"; twice: boolean; turned: boolean }
  | { does: "late"; which: number }
  | { does: "kill" };

const steps = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant("save" as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      does: fc.constant("send" as const),
      most: fc.integer({ min: 1, max: 5 }),
      asked: fc.constantFrom("lost" as const, "arrives" as const),
      answered: fc.constantFrom("lost" as const, "arrives" as const, "late" as const),
      twice: fc.boolean(),
      turned: fc.boolean(),
    }),
    fc.record({ does: fc.constant("late" as const), which: fc.nat(5) }),
    fc.record({ does: fc.constant("kill" as const) }),
  ),
  { maxLength: 40 },
);

const sealed = (seq: number): Sealed => ({
  id: `0195a000-0000-7000-8000-${String(seq).padStart(12, "0")}`,
  device: seq % 7 === 0 ? "colleague" : "mine",
  seq,
  enc: new Uint8Array([seq % 3]),
  keyId: "f1",
  box: new Uint8Array([seq & 255, seq >> 8]),
  carried: seq % 7 === 0 ? 1 : 0,
  since: 0,
  tried: 0,
});

interface Carried {
  device: string;
  records: { id: string; seq: number }[];
}

test("whatever is lost, repeated, late, turned around or killed: every saved record arrives once, and none is forgotten before", () => {
  fc.assert(
    fc.property(steps, (way: Step[]) => {
      const disk = new Map<string, Sealed>();
      const server = new Map<string, string>();
      const late: { asked: Sealed[]; verdicts: Verdict[] }[] = [];
      let made = 0;
      const take = (parcels: Carried[]): Verdict[] =>
        parcels.flatMap((parcel) =>
          parcel.records.map(({ id }) => {
            const before = server.has(id);
            server.set(id, parcel.device);
            return { id, verdict: before ? ("repeated" as const) : ("kept" as const), code: null, reason: null };
          }),
        );
      const answer = (asked: Sealed[], verdicts: Verdict[]): void => {
        for (const one of settled(asked, verdicts)) disk.delete(one.id);
      };
      const send = (step: Extract<Step, { does: "send" }>): void => {
        const asked = [...disk.values()].slice(0, step.most);
        if (step.asked === "lost" || !asked.length) return;
        const parcels = parcelsOf(asked) as Carried[];
        const verdicts = take(step.turned ? parcels.toReversed() : parcels);
        const again = step.twice ? take(parcels) : verdicts;
        if (step.answered === "arrives") answer(asked, again);
        else if (step.answered === "late") late.push({ asked, verdicts });
      };
      for (const step of way) {
        if (step.does === "save") for (let one = 0; one < step.count; one++) disk.set(sealed(++made).id, sealed(made));
        else if (step.does === "send") send(step);
        else if (step.does === "late") late.splice(step.which, 1).forEach((one) => answer(one.asked, one.verdicts));
        else late.length = 0; // what was under way when the tab was killed is never heard
        for (let seq = 1; seq <= made; seq++) assert.ok(disk.has(sealed(seq).id) || server.has(sealed(seq).id));
      }
      while (disk.size) send({ does: "send", most: 50, asked: "arrives", answered: "arrives", twice: false, turned: false });
      assert.equal(server.size, made);
      for (let seq = 1; seq <= made; seq++) assert.equal(server.get(sealed(seq).id), sealed(seq).device);
    }),
    { numRuns: 300 },
  );
});

test("an answer settles only what was asked, and says how each stands", () => {
  const asked = [sealed(1), sealed(2), sealed(3), sealed(4)];
  const verdict = (seq: number, word: Verdict["verdict"], code: string | null = null): Verdict => ({ id: sealed(seq).id, verdict: word, code, reason: null });
  const found = settled(asked, [verdict(1, "kept"), verdict(2, "repeated"), verdict(3, "refused", "unknown_place"), verdict(9, "kept"), verdict(4, "quarantined", "outside_grant")]);
  assert.deepEqual(
    found.map((one) => [one.id.at(-1), one.standing, one.code]),
    [["1", "kept", ""], ["2", "kept", ""], ["3", "refused", "unknown_place"], ["4", "quarantined", "outside_grant"]],
  );
  assert.deepEqual(erased(settled(asked, [verdict(1, "kept"), verdict(2, "refused", "ended")])), [sealed(2).id]);
});
