/// <reference lib="webworker" />
// The service worker: keeps the app so that it opens without network, and sends what is sealed when the phone says that there is network
// again. It never touches what the app fetches: answers about people are kept by the app, encrypted, or not at all.
import { deliverAll } from "../outbox/deliver.ts";

declare const self: ServiceWorkerGlobalScope;
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const FILES: string[] = __FILES__;
const STAND: string = __STAND__;
const SHELF = `field-${STAND}`;
const PAGE = "/field/";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const shelf = await caches.open(SHELF);
      await shelf.addAll([PAGE, "/field/manifest.webmanifest", ...FILES.map((name) => `/static/field/${name}`)]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== SHELF) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (asked.pathname === PAGE || asked.pathname === "/field/join" || asked.pathname === "/field/test") event.respondWith(page(event.request));
  } else if (asked.pathname.startsWith("/static/field/")) {
    event.respondWith(file(event.request));
  }
});

async function page(request: Request): Promise<Response> {
  const kept = await (await caches.open(SHELF)).match(PAGE);
  return kept ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

self.addEventListener("sync", (event) => {
  const asked = event as SyncEvent;
  if (asked.tag === "deliver") asked.waitUntil(deliverAll());
});
