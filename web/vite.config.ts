import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

// The server that `npm run dev` forwards the API to.
const server = loadEnv("development", ".", "PENSTOCK_")["PENSTOCK_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2021",
    assetsDir: "static",
    assetsInlineLimit: 0, // the server's content security policy knows files only
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900, // hls.js, which only the watch page loads
  },
  server: {
    host: "127.0.0.1", // as a number: a minimal system may not know the name localhost
    proxy: {
      "/v1": { target: server, ws: true },
      "/p": server,
      "/sign-in": server,
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
