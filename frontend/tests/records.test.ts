import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Bundle } from "../src/field/bundle.ts";
import { doorsOf, openAgain, openDoors, search, statesOf, type Visit } from "../src/field/doors.ts";
import { newId, withOffset } from "../src/outbox/records.ts";
import { isWeak } from "../src/vault/vault.ts";
import { say, speech } from "../src/words.ts";

const word = (text: string) => ({ zh: text, en: text });
const bundle = {
  buildings: [{ id: "b", name: "3栋", community: 0, units: [{ id: "u", name: "2单元" }] }],
  doors: { id: ["d0", "d1", "d2"], building: [0, 0, 0], unit: [0, 0, 0], floor: [2, 1, 1], label: ["201", "101", "102"], order: [0, 1, 2], kind: ["dwelling", "dwelling", "dwelling"] },
  households: { id: ["h0", "h1"], door: [1, 1], name: ["", ""] },
  persons: { id: ["p"], household: [0], name: ["王示例"], keys: ["wangshili wsl"], listed: ["both"] },
  states: { door: [0], outcome: ["dark"], at: ["2026-03-12T08:00:00Z"], by_me: [false], tries: [1], next: [null], record: ["0195-before"] },
  rounds: [],
  outcomes: [
    { code: "seen", title: word("见面"), settles: true, met: true, reached: true },
    { code: "dark", title: word("无人"), settles: false, met: false, reached: false },
  ],
} as unknown as Bundle;
const doors = doorsOf(bundle);

test("the state of a door is that of the latest visit, in whatever order visits are read", () => {
  const visit = fc.record({
    id: fc.uuid(),
    door: fc.constantFrom("d0", "d1", "d2"),
    outcome: fc.constantFrom("seen", "dark"),
    at: fc.integer({ min: Date.parse("2026-03-12T07:59:00Z"), max: Date.parse("2026-03-12T08:01:00Z") }),
    round: fc.constant(null),
    household: fc.constant(null),
  });
  fc.assert(
    fc.property(fc.uniqueArray(visit, { selector: (one) => one.id, maxLength: 12 }), (visits: Visit[]) => {
      const states = statesOf(bundle, doors, visits);
      const turned = statesOf(bundle, doors, [...visits].reverse());
      for (const { id } of doors) {
        assert.equal(states.get(id)?.record, turned.get(id)?.record);
        assert.equal(states.get(id)?.tries, turned.get(id)?.tries);
        const all = [...visits.filter((one) => one.door === id), ...(id === "d0" ? [{ id: "0195-before", at: Date.parse("2026-03-12T08:00:00Z"), outcome: "dark" }] : [])];
        const last = all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1);
        assert.equal(states.get(id)?.outcome, last?.outcome);
      }
      const open = openDoors(bundle, doors, states, visits, null);
      assert.deepEqual([...open].sort(), doors.map((door) => door.id).filter((id) => states.get(id)?.outcome !== "seen").sort());
    }),
  );
});

test("a door of two households closes when each has an outcome that settles", () => {
  const round = { id: "r", name: "", form: "", purpose: "", basis: "", until: "", doors: null, states: { door: [], standing: [], settled: [], at: [], tries: [], next: [] } };
  const visit = (household: string, outcome: string, at: number): Visit => ({ id: newId(), door: "d1", outcome, at, round: "r", household });
  const open = (...visits: Visit[]): boolean => openDoors(bundle, doors, statesOf(bundle, doors, visits), visits, round).has("d1");
  assert.equal(open(visit("h0", "seen", 1)), true);
  assert.equal(open(visit("h0", "seen", 1), visit("h1", "seen", 2)), false);
  assert.equal(open(visit("h0", "seen", 1), visit("h1", "dark", 2)), true);
});

test("a door that was seen in an earlier round stands as not visited in this one, until somebody comes", () => {
  const before = { ...bundle, states: { ...bundle.states, outcome: ["seen"] } };
  const round = { id: "r", name: "", form: "", purpose: "", basis: "", until: "", doors: null, states: { door: [], standing: [], settled: [], at: [], tries: [], next: [] } };
  const visit = (of: Partial<Visit>): Visit => ({ id: newId(), door: "d0", outcome: "dark", at: Date.parse("2026-03-13T08:00:00Z"), round: "r", household: null, ...of });
  const stands = (...visits: Visit[]): [string, string][] => {
    const states = statesOf(before, doors, visits);
    return [...openAgain(before, doors, states, visits, round, openDoors(before, doors, states, visits, round))];
  };
  assert.deepEqual(stands(), [["d0", "none"]]);
  assert.deepEqual(stands(visit({ withdrawn: true })), [["d0", "none"]]);
  assert.deepEqual(stands(visit({ round: "another" })), [["d0", "none"]]);
  assert.deepEqual(stands(visit({})), []);
  assert.deepEqual(stands(visit({ outcome: "seen" })), []);
  assert.deepEqual(stands(visit({ outcome: "seen" }), visit({ door: "d1", household: "h0", outcome: "seen" })), [["d1", "check"]]);
  const tried = { ...round, states: { door: [0], standing: ["dark"], settled: [false], at: ["2026-03-12T08:00:00Z"], tries: [1], next: [null] } };
  assert.deepEqual([...openAgain(bundle, doors, statesOf(bundle, doors, []), [], tried, new Set(["d0"]))], []);
});

test("doors are found by name, by pinyin, by room, and as people write addresses", () => {
  for (const typed of ["王示", "wsl", "wangshi", "101", "3栋2单元101", "3-2-101", "3#2#101"]) {
    assert.equal(search(bundle, doors, typed)[0]?.door.id, "d1", typed);
  }
  assert.deepEqual(search(bundle, doors, "赵"), []);
});

test("ids are UUIDs of version 7 and sort as they were made", () => {
  const made = Array.from({ length: 5000 }, () => newId());
  assert.ok(made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)));
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(made).size, made.length);
});

test("times carry their offset", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date("2020-01-01"), max: new Date("2040-01-01") }), (at) => {
      assert.match(withOffset(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
      assert.equal(Date.parse(withOffset(at)), at.getTime());
    }),
  );
});

test("PINs that anybody would try first are not taken", () => {
  for (const weak of ["12345", "000000", "123456", "654321", "abcdef"]) assert.equal(isWeak(weak), true, weak);
  for (const fine of ["284615", "135790", "112358"]) assert.equal(isWeak(fine), false, fine);
});

test("one try is a try and two are tries, in the language that counts so", () => {
  const told = (count: number) => say("doors_tries", { count, when: "14:02", what: "" }).trim();
  assert.equal(told(1), "去过1次，上次14:02");
  speech.language = "en";
  try {
    assert.deepEqual([told(1), told(2)], ["1 try, last 14:02", "2 tries, last 14:02"]);
    assert.equal(say("wiped_unsent", { count: 1 }), "1 sealed record remains; it is sent when there is network. None is lost.");
  } finally {
    speech.language = "zh";
  }
});
