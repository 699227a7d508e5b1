// Every screen of the app. A later duty adds one line here.
import { defineAsyncComponent, type Component } from "vue";
import Door from "./screens/Door.vue";
import Doors from "./screens/Doors.vue";
import Outbox from "./screens/Outbox.vue";
import { open, unsettled } from "./session.ts";
import type { Word } from "./words.ts";

export interface Screen {
  path: string;
  component: Component;
  tab?: Word;
  icon?: string;
  waiting?: () => number;
}

// All screens but those at the door come in one file of their own; the service worker keeps it with the rest.
const later = (load: () => Promise<{ default: Component }>): Component => defineAsyncComponent(load);

export const SCREENS: readonly Screen[] = [
  { path: "", component: Doors, tab: "tab_doors", icon: "M5 21V4a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v17M3 21h18M14.5 12v1.5" },
  { path: "door", component: Door },
  { path: "new-door", component: later(() => import("./screens/NewDoor.vue")) },
  {
    path: "matters",
    component: later(() => import("./screens/Matters.vue")),
    tab: "tab_matters",
    icon: "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM9 8h6M9 12h6M9 16h4",
    waiting: () => openMatters(),
  },
  { path: "duty", component: later(() => import("./screens/Duty.vue")), tab: "tab_duty", icon: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v5l3.5 2" },
  {
    path: "messages",
    component: later(() => import("./screens/Messages.vue")),
    tab: "tab_messages",
    icon: "M4 5h16v11H9l-5 4V5Z",
    waiting: () => open.bundle?.messages.filter((one) => !one.read_at).length ?? 0,
  },
  {
    path: "settings",
    component: later(() => import("./screens/Settings.vue")),
    tab: "tab_more",
    icon: "M4 7h16M4 12h16M4 17h16",
  },
  { path: "outbox", component: Outbox, waiting: () => unsettled.value },
];

function openMatters(): number {
  const settled = new Set(open.own.filter((own) => own.record.kind === "matter_settled" && own.standing !== "refused").map((own) => own.record.subject));
  return open.bundle?.matters.filter((one) => !settled.has(one.id)).length ?? 0;
}
