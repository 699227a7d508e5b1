// What was begun at a door and is not saved yet: kept by door, encrypted, over a lock and a killed tab, until it is saved or emptied.
import { held, hold } from "../session.ts";

export const drafts = new Map<string, object>();
const SOON = 400; // milliseconds
let later: ReturnType<typeof setTimeout> | undefined;

export function keepDraft(door: string, form: object | null): void {
  if (form) drafts.set(door, JSON.parse(JSON.stringify(form)) as object);
  else if (!drafts.delete(door)) return;
  clearTimeout(later);
  later = setTimeout(() => void hold("drafts", [...drafts]).catch(() => undefined), SOON);
}

export async function readDrafts(): Promise<void> {
  drafts.clear();
  for (const [door, form] of (await held<[string, object][]>("drafts")) ?? []) drafts.set(door, form);
}
