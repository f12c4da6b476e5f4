// Debian's Chromium, headless, with a profile of its own.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);

export const launch = () =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
  });

// A page of another origin with both players, as somebody else's site would have it.
export async function playerSite() {
  const files = {
    "/": ["text/html", "<!doctype html><video id=video muted></video><script src=/hls.js></script><script src=/dash.js></script>"],
    "/hls.js": ["text/javascript", readFileSync(require.resolve("hls.js/dist/hls.min.js"))],
    "/dash.js": ["text/javascript", readFileSync(require.resolve("dashjs/dist/dash.all.min.js"))],
  };
  const site = createServer((request, response) => {
    const file = files[request.url];
    response.writeHead(file ? 200 : 404, { "Content-Type": file?.[0] ?? "text/plain" }).end(file?.[1] ?? "");
  });
  await new Promise((listening) => site.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${site.address().port}/`, close: () => site.close() };
}

// Plays an address to its end or for a second. Resolves to {time, duration, error}.
export function play(page, player, address) {
  return page.evaluate(
    ([name, url]) =>
      new Promise((done) => {
        const video = document.getElementById("video");
        let close = () => {};
        let error = null;
        const finish = () => {
          clearInterval(timer);
          clearTimeout(limit);
          const result = { time: video.currentTime, duration: video.duration, error };
          close();
          video.oncanplay = null;
          video.removeAttribute("src");
          video.load();
          done(result);
        };
        const fail = (text) => {
          error ??= text;
          finish();
        };
        const timer = setInterval(() => {
          if (video.error) fail(`media element: ${video.error.message}`);
          else if (video.currentTime >= 1 || (video.ended && video.currentTime > 0)) finish();
          else if (video.paused && video.readyState >= 3) start();
        }, 50);
        // A player may pause while it seeks to its first picture, which ends a wish to play: that is no failure, it is wished again.
        const start = () => video.play().catch((reason) => reason.name !== "AbortError" && fail(String(reason)));
        const limit = setTimeout(() => fail("nothing played"), 30_000);
        if (name === "hls.js") {
          const hls = new Hls({ enableWorker: false });
          hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(`hls.js: ${data.details}`));
          hls.loadSource(url);
          hls.attachMedia(video);
          close = () => hls.destroy();
        } else {
          const dash = dashjs.MediaPlayer().create();
          dash.on("error", (event) => fail(`dash.js: ${JSON.stringify(event.error?.message ?? event.error)}`));
          dash.initialize(video, url, true);
          close = () => dash.reset();
        }
        video.muted = true;
        video.oncanplay = start;
      }),
    [player, address],
  );
}
