import { createApp } from "vue";
import App from "./App.vue";
import "./tokens.css";
import "./style.css";

createApp(App).mount("#app");
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" }).catch(() => undefined);
