// The app is served by the web process: pages at /field/, files at /static/field/. Built in two steps: the app (`vite build`), then the
// service worker (`vite build --mode worker`), which is one classic script with a name of its own and knows the names of all other files.
import vue from "@vitejs/plugin-vue";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig, type UserConfig } from "vite";

const OUT = "dist";
const shared = { target: ["chrome87", "safari14"], assetsInlineLimit: 0, outDir: OUT } satisfies UserConfig["build"];

const page: UserConfig = {
  base: "/static/field/",
  plugins: [vue()],
  build: { ...shared, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 400 },
};

function worker(): UserConfig {
  const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(index\.html|worker\.js|built\.json)$|\.gz$/.test(entry.name))
    .map((entry) => `${entry.parentPath.slice(OUT.length + 1)}/${entry.name}`.replace(/^\//, ""))
    .sort();
  const digest = createHash("sha256").update(readFileSync(`${OUT}/index.html`)).update(files.join("\n"));
  return {
    define: { __FILES__: JSON.stringify(files), __STAND__: JSON.stringify(digest.digest("hex").slice(0, 12)) },
    publicDir: false,
    build: {
      ...shared,
      emptyOutDir: false,
      lib: { entry: "src/worker/worker.ts", formats: ["iife"], name: "worker", fileName: () => "worker.js" },
    },
  };
}

export default defineConfig(({ mode }) => (mode === "worker" ? worker() : page));
