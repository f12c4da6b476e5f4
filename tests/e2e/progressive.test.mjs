// A film plays from its beginning while the rest of it is still being made.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, playerSite } from "./support/browser.mjs";
import { realFilm, workFolder } from "./support/media.mjs";
import { Penstock, until } from "./support/penstock.mjs";

let server, browser, site;

before(async () => {
  // Slow enough that there is something to see.
  server = await new Penstock({ "pipeline.workers": 1, "transcode.preset": "slow", "transcode.rungs": "480p:1400k,360p:800k" }).start();
  browser = await launch();
  site = await playerSite();
});
after(async () => {
  await browser?.close();
  site?.close();
  await server?.remove();
});

async function playable(id) {
  return until(
    "the beginning",
    async () => {
      const asset = await server.asset(id);
      assert.equal(asset.status, "preparing", JSON.stringify(asset.progress));
      return asset.playable && asset;
    },
    120,
  );
}

const text = async (path) => {
  const response = await server.fetch(path);
  assert.equal(response.status, 200, path);
  return response.text();
};

// Plays at four times the speed to the end, over every wait. Resolves to where it began and ended.
const playThrough = (page, player, address) =>
  page.evaluate(
    ([name, url]) =>
      new Promise((done, failed) => {
        const video = document.getElementById("video");
        const fail = (reason) => failed(new Error(`${name}: ${reason} at ${video.currentTime} s`));
        setTimeout(() => fail("no end within 300 s"), 300_000);
        setInterval(() => {
          if (video.error) fail(video.error.message);
          if (video.ended) done({ first: video.played.start(0), time: video.currentTime, duration: video.duration });
          else if (video.paused && video.readyState >= 3) video.play().catch(() => {});
          video.playbackRate = 4;
        }, 100);
        video.muted = true;
        if (name === "hls.js") {
          const hls = new Hls({ enableWorker: false });
          hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
          hls.loadSource(url);
          hls.attachMedia(video);
        } else {
          const dash = dashjs.MediaPlayer().create();
          dash.updateSettings({ streaming: { liveCatchup: { enabled: false } } });
          dash.on("error", (event) => fail(JSON.stringify(event.error?.message ?? event.error)));
          dash.initialize(video, url, true);
        }
      }),
    [player, address],
  );

test("two players begin with the first chunk and play on to the end of the film", { timeout: 700_000 }, async () => {
  const id = await server.upload(readFileSync(realFilm), "film.mp4");
  const asset = await playable(id);
  const address = `${server.url}/p/${asset.playback_ids[0].id}`;
  const path = `/p/${asset.playback_ids[0].id}`;

  const multivariant = await text(`${path}/index.m3u8`);
  assert.match(multivariant, /360p\/index\.m3u8/);
  const playlist = await text(`${path}/360p/index.m3u8`);
  assert.match(playlist, /#EXT-X-PLAYLIST-TYPE:EVENT/);
  assert.doesNotMatch(playlist, /#EXT-X-ENDLIST/);
  assert.match(await text(`${path}/manifest.mpd`), /type="dynamic"/);

  const played = await Promise.all(
    [["hls.js", "/index.m3u8"], ["dash.js", "/manifest.mpd"]].map(async ([player, file]) => {
      const page = await browser.newPage();
      await page.goto(site.url);
      return { player, ...(await playThrough(page, player, address + file)) };
    }),
  );
  for (const { player, first, time } of played) {
    assert.ok(first < 3, `${player} began at ${first} s`);
    assert.ok(time > 29, `${player} ended at ${time} s`);
  }
  assert.equal((await server.settled(id)).status, "ready");
  const whole = await text(`${path}/360p/index.m3u8`);
  assert.match(whole, /#EXT-X-PLAYLIST-TYPE:VOD/);
  assert.match(whole, /#EXT-X-ENDLIST/);
  // What a player has loaded stays at its place.
  const segments = (list) => list.split("\n").filter((line) => line.startsWith("#EXTINF") || line.endsWith(".m4s"));
  assert.deepEqual(segments(whole).slice(0, segments(playlist).length), segments(playlist));
  await until("the end in the MPD", async () => /type="static"/.test(await text(`${path}/manifest.mpd`)), 30);
});

test("a list that claims a film stops it while it is being made", { timeout: 300_000 }, async () => {
  const list = join(workFolder(), "list.ndjson");
  writeFileSync(list, server.run("fingerprint", realFilm, "--holder", "Studio"));
  const id = await server.upload(readFileSync(realFilm), "copy.mp4");
  const asset = await playable(id);
  const path = `/p/${asset.playback_ids[0].id}/index.m3u8`;
  assert.equal((await server.fetch(path)).status, 200);
  server.run("lists", "import", list, "--list", "Films", "--policy", "block");
  await until("the end of delivery", async () => (await server.fetch(path)).status === 404, 30);
  const blocked = await server.settled(id);
  assert.equal(blocked.rights, "blocked");
  assert.equal(blocked.playable, false);
});
