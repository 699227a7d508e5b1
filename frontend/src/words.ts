// What the app says, in both languages. A word is a pair; a missing half does not compile.
import { reactive } from "vue";
import { common } from "./words/common.ts";
import { doors } from "./words/doors.ts";
import { outbox } from "./words/outbox.ts";
import { work } from "./words/work.ts";

export type Language = "zh" | "en";
export type Pair = readonly [zh: string, en: string];
export interface Said {
  readonly zh: string;
  readonly en: string;
}

const all = { ...common, ...doors, ...outbox, ...work } satisfies Record<string, Pair>;
export type Word = keyof typeof all;

export const speech = reactive<{ language: Language }>({ language: "zh" });

/** A sentence with its facts filled in: {count}, and {count|door|doors} for the word that goes with one or with many. */
export function say(word: Word, facts: Readonly<Record<string, string | number>> = {}): string {
  const pair: Pair = all[word];
  const sentence = pair[speech.language === "zh" ? 0 : 1];
  return sentence.replaceAll(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (_whole, name: string, one?: string, many?: string) =>
    one === undefined ? String(facts[name] ?? "") : String(Number(facts[name]) === 1 ? one : many),
  );
}

/** Words that came from the server in both languages. */
export function said(words: Said | undefined): string {
  return words ? words[speech.language] : "";
}

export function locale(): string {
  return speech.language === "zh" ? "zh-CN" : "en-GB";
}

const clocks: Record<Language, Intl.DateTimeFormat> = { zh: new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit" }), en: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }) };
const days: Record<Language, Intl.DateTimeFormat> = { zh: new Intl.DateTimeFormat("zh-CN", { month: "short", day: "numeric" }), en: new Intl.DateTimeFormat("en-GB", { month: "short", day: "numeric" }) };

/** 14:02 today, 3月11日 14:02 else. */
export function moment(at: number, now = Date.now()): string {
  const then = new Date(at);
  const clock = clocks[speech.language].format(then);
  return dayOf(at) === dayOf(now) ? clock : `${days[speech.language].format(then)} ${clock}`;
}

/** The local day as a number: the moment it began. */
export function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
