// The records made at a door: a visit, a remark, a new person, a new door, a withdrawal.
import { newId, type Draft, type Facts } from "../outbox/records.ts";
import type { Photo } from "./photos.ts";
import { versionOf, type Bundle, type Question, type Round } from "./bundle.ts";
import { whereOf, type Door, type NewDoor } from "./doors.ts";
import { TRY_AGAIN, WENT } from "./signs.ts";

export type Answers = Record<string, boolean | number | string>;
export interface Found {
  outcome: string;
  people?: number;
  unseen?: number;
  unlisted?: number;
  help?: boolean;
  household?: string | null;
  awayTo?: string;
  nextTry?: string | null;
  answers?: Answers;
  photos?: Readonly<Record<string, Photo>>;
}
export interface Ready {
  draft: Draft;
  where: string;
}

/** Of what was answered, what the form as it is now asks, and in the way it asks. A draft of an older form keeps what still fits. */
export function answersTo(questions: readonly Question[], given: Answers): Answers {
  const fits = (one: Question, value: Answers[string]): boolean => {
    if (one.sort === "yes_no") return typeof value === "boolean";
    if (one.sort === "photo") return typeof value === "string" && /^[0-9a-f]{40}$/.test(value);
    if (one.sort === "choice") return one.choices.some((choice) => choice.code === value);
    return typeof value === "number" && value >= one.least && value <= one.most;
  };
  return Object.fromEntries(questions.flatMap((one) => (one.key in given && fits(one, given[one.key] as Answers[string]) ? [[one.key, given[one.key] as Answers[string]]] : [])));
}

/** A visit at a door, as the current kind takes it; of what was filled in, only what goes with the outcome. */
export function visitOf(bundle: Bundle, door: Door, found: Found, round: Round | null, newDoor?: NewDoor): Ready {
  const outcome = bundle.outcomes.find((one) => one.code === found.outcome);
  const payload: Facts = { outcome: found.outcome };
  if (found.people && outcome?.met) payload.people_seen = found.people;
  if (found.help && outcome?.reached) payload.wants_help = true;
  if (round && isIn(round, bundle, door)) {
    payload.round = round.id;
    if (found.answers && Object.keys(found.answers).length && outcome?.reached) {
      payload.form = round.form;
      payload.answers = found.answers;
    }
  }
  if (found.household) {
    payload.household = found.household;
    payload.households = door.households.length;
  }
  if (found.unseen) payload.unseen = found.unseen;
  if (found.unlisted) payload.unlisted = found.unlisted;
  if (found.awayTo && WENT.has(found.outcome)) payload.away_to = `${found.awayTo}0000000000`;
  if (found.nextTry && TRY_AGAIN.has(found.outcome)) payload.next_try_at = found.nextTry;
  const draft: Draft = { kind: "visit", version: versionOf(bundle, "visit", 2), place: door.id, payload, channel: found.outcome === "phone" ? "phone" : "seen" };
  const photos = Object.entries(found.photos ?? {}).filter(([question, photo]) => (payload.answers as Answers | undefined)?.[question] === photo.fingerprint);
  if (newDoor) draft.envelope = { door: doorEnvelope(newDoor) };
  if (photos.length) draft.envelope = { ...draft.envelope, photos: Object.fromEntries(photos.map(([question, photo]) => [question, photo.picture])) };
  return { draft, where: `${whereOf(bundle, door)}${door.label}` };
}

function isIn(round: Round, bundle: Bundle, door: Door): boolean {
  return round.doors === null || round.doors.includes(door.index) || door.index >= bundle.doors.id.length;
}

function doorEnvelope(door: NewDoor): Facts {
  return { building: door.building, label: door.label, ...(door.unit ? { unit: door.unit } : {}), ...(door.floor === null ? {} : { floor: door.floor }) };
}

/** A remark: its words travel in the envelope only. */
export function remarkOf(bundle: Bundle, place: string, where: string, topic: string, words: string): Ready {
  return { draft: { kind: "remark", version: versionOf(bundle, "remark", 1), place, payload: { topic }, channel: "seen", envelope: { remark: words } }, where };
}

/** Somebody who is not on the list: a remark at the door that brings them along. */
export function personOf(bundle: Bundle, door: Door, person: { name: string; sex: string; phone: string; relation: string }, note: string): Ready {
  const envelope = { person: { ...person, household: door.households[0]?.id ?? newId() }, remark: note };
  const draft: Draft = { kind: "remark", version: versionOf(bundle, "remark", 1), place: door.id, payload: { topic: "general" }, subject: newId(), channel: "seen", envelope };
  return { draft, where: `${whereOf(bundle, door)}${door.label}` };
}

/** A door that was found: a remark that brings it along, so that it is on the list before anything is said about it. */
export function newDoorOf(bundle: Bundle, door: NewDoor, where: string, note: string): Ready {
  const draft: Draft = { kind: "remark", version: versionOf(bundle, "remark", 1), place: door.id, payload: { topic: "general" }, channel: "seen", envelope: { door: doorEnvelope(door), remark: note } };
  return { draft, where };
}

/** Take back one's own record: a correction, which stays on the books. */
export function withdrawalOf(bundle: Bundle, of: { id: string; kind: string; version: number; place: string }, reason: string, where: string): Ready {
  const payload = { kind: of.kind, version: of.version, action: "withdraw" };
  return { draft: { kind: "correction", version: versionOf(bundle, "correction", 1), place: of.place, payload, corrects: of.id, reason }, where };
}
