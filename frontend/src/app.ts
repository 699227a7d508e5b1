// What the whole app knows while it runs: where it stands, what is open, how many records wait.
import { computed, reactive } from "vue";
import { fact, remember, store } from "./vault/store.ts";
import { dayOf, speech, type Language } from "./words.ts";

export interface Running {
  stage: Stage;
  elder: boolean;
  unsent: number;
  synced: number;
  online: boolean;
  now: number;
}
export type Stage = "starting" | "test" | "welcome" | "join" | "pin" | "locked" | "wiped" | "alone" | "open";

export const app = reactive<Running>({
  stage: "starting",
  elder: false,
  unsent: 0,
  synced: 0,
  online: navigator.onLine,
  now: Date.now(),
});

/** The day it is: what only asks whether something was today is not drawn anew with every tick of the clock. */
export const today = computed(() => dayOf(app.now));

export function dress(): void {
  const root = document.documentElement;
  root.lang = speech.language === "zh" ? "zh-CN" : "en";
  if (app.elder) root.dataset.mode = "elder";
  else delete root.dataset.mode;
}

export async function choose(language: Language, elder: boolean): Promise<void> {
  speech.language = language;
  app.elder = elder;
  await remember("language", language);
  await remember("elder", elder);
  dress();
}

/** Where a start begins: chosen before? joined? locked? */
export async function start(): Promise<void> {
  const language = await fact<string>("language", "");
  speech.language = language === "en" || (language === "" && !navigator.language.startsWith("zh")) ? "en" : "zh";
  app.elder = await fact("elder", false);
  dress();
  await count();
  const device = await store.device.get("self");
  const lock = await store.lock.get("lock");
  if (location.pathname.endsWith("/test")) app.stage = "test";
  else if (location.pathname.endsWith("/join")) app.stage = language === "" ? "welcome" : "join";
  else if (lock) app.stage = "locked";
  else if (device) app.stage = "wiped";
  else app.stage = language === "" ? "welcome" : "join";
}

export async function count(): Promise<void> {
  app.unsent = await store.sealed.count();
  app.synced = await fact("synced", 0);
  app.now = Date.now();
}
