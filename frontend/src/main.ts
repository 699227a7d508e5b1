import { createApp } from "vue";
import App from "./App.vue";
import "./tokens.css";
import "./style.css";

createApp(App).mount("#app");
if ("serviceWorker" in navigator) void keep().catch(() => undefined);

/** Have the service worker keep the app, this page of it too: one that was loaded while the worker began, or past it, asks to be taken over. */
async function keep(): Promise<void> {
  await navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" });
  const { active } = await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) active?.postMessage("take over");
}
