// The bundle as the server sends it (docs/guides/field.md): columns, each row by its index.
import type { Said } from "../words.ts";

export type Outcome = string;
export interface Named {
  id: string;
  name: string;
}
export interface Choice {
  code: string;
  title: Said;
}
export interface Question {
  key: string;
  title: Said;
  sort: "yes_no" | "count" | "degrees" | "choice" | "photo";
  least: number;
  most: number;
  choices: Choice[];
}
export interface Form {
  key: string;
  title: Said;
  questions: Question[];
}
export interface Kind {
  name: string;
  version: number;
  title: Said;
  levels: string[];
  fields: { name: string; title: Said; sort: string; choices?: Choice[] | null }[];
}
export interface Matter {
  id: string;
  place: string;
  door: number | null;
  about: string;
  title: Said;
  urgent: boolean;
  raised_at: string;
  due_at: string;
  late: boolean;
  where: string;
}
export interface Message {
  id: string;
  title: string;
  text: string;
  from: string;
  at: string;
  read_at: string | null;
}
export interface Round {
  id: string;
  name: string;
  form: string;
  purpose: string;
  basis: string;
  until: string;
  doors: number[] | null;
  states: { door: number[]; standing: string[]; settled: boolean[]; at: string[]; tries: number[]; next: (string | null)[] };
}
export interface Bundle {
  stamp: string;
  made_at: string;
  server_key: string;
  server_key_id: string;
  intake: string;
  account: Named;
  roles: { role: string; word: Said; where: string }[];
  areas: { id: string; name: string; kind: string; doors: number }[];
  communities: Named[];
  buildings: { id: string; name: string; community: number; units: Named[] }[];
  doors: {
    id: string[];
    building: number[];
    unit: (number | null)[];
    floor: (number | null)[];
    label: string[];
    order: number[];
    kind: string[];
  };
  households: { id: string[]; door: number[]; name: string[] };
  persons: { id: string[]; household: number[]; name: string[]; keys: string[]; listed: string[] };
  states: {
    door: number[];
    outcome: Outcome[];
    at: string[];
    by_me: boolean[];
    tries: number[];
    next: (string | null)[];
    record: string[];
  };
  rounds: Round[];
  kinds: Kind[];
  outcomes: { code: Outcome; title: Said; settles: boolean; met: boolean; reached: boolean }[];
  forms: Form[];
  refusals?: Record<string, Said>;
  /** `posts`: also where somebody may come on duty, mine first; a bundle kept from before posts were told has none. */
  duty: { on: { place: string; post?: string | null; name: string; since: string } | null; places: Named[]; posts?: Post[] };
  matters: Matter[];
  messages: Message[];
  help_number: string;
}

export interface Post extends Named {
  place: string;
  where: string;
  duty: string;
  mine: boolean;
}

/** The current version of a kind, as this phone's bundle knows it; the one the app was written for where it does not. */
export function versionOf(bundle: Bundle, kind: string, otherwise: number): number {
  return bundle.kinds.find((one) => one.name === kind)?.version ?? otherwise;
}
