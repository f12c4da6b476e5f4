// A work in AV1 plays in AV1 where the browser knows it, and in H.264 where it does not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, play, playerSite } from "./support/browser.mjs";
import { ffmpeg, workFolder } from "./support/media.mjs";
import { Penstock } from "./support/penstock.mjs";
import { faults, fetchRenditions, playlistSeconds } from "./support/streams.mjs";

const folder = workFolder();
let server, browser, site, address, asset;

before(async () => {
  server = await new Penstock({
    "transcode.profile": "av1",
    "transcode.segment_duration": "2s",
    "profiles.av1.preset": "12",
    "profiles.av1.rungs": "144p:300k,96p:150k",
    "profiles.av1.fallback_rungs": "96p:200k",
  }).start();
  browser = await launch();
  site = await playerSite();
  const film = join(folder, "film.mp4");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=size=256x144:rate=25:duration=9", "-f", "lavfi", "-i", "sine=duration=9", "-c:v", "libx264",
         "-preset", "ultrafast", "-g", "50", "-c:a", "aac", film);
  asset = await server.settled(await server.upload(readFileSync(film), "film.mp4"), 120);
  assert.equal(asset.status, "ready", asset.error?.message);
  address = `${server.url}/p/${asset.playback_ids[0].id}`;
});
after(async () => {
  await browser?.close();
  site?.close();
  await server?.remove();
});

test("a work in AV1 has its rungs in AV1 and Opus, and some for players without them", async () => {
  const made = asset.renditions.map(({ name, codec }) => `${name} ${codec.split(".")[0]}`);
  assert.deepEqual(made, ["144p-av1 av01", "96p avc1", "96p-av1 av01", "audio-96k-opus opus", "audio-128k mp4a"]);
  const problems = [];
  for (const rendition of await fetchRenditions(`${address}/index.m3u8`)) {
    for (const fault of faults(rendition, join(folder, "rendition.mp4"))) problems.push(`${rendition.name}: ${fault}`);
    const seconds = playlistSeconds(rendition.playlist);
    if (Math.abs(seconds - 9) > 0.1) problems.push(`${rendition.name}: ${seconds} s`);
  }
  assert.deepEqual(problems, []);
});

// Plays in a page that notes the types of its source buffers; forgets: codecs that the browser shall not know.
async function typesPlayed(player, manifest, forgets) {
  const page = await browser.newPage();
  await page.addInitScript((forgotten) => {
    window.types = [];
    const add = MediaSource.prototype.addSourceBuffer;
    MediaSource.prototype.addSourceBuffer = function (type) {
      window.types.push(type);
      return add.call(this, type);
    };
    const knows = MediaSource.isTypeSupported;
    MediaSource.isTypeSupported = (type) => !forgotten.some((codec) => type.includes(codec)) && knows.call(MediaSource, type);
  }, forgets);
  await page.goto(site.url);
  const { time, error } = await play(page, player, `${address}/${manifest}`);
  assert.equal(error, null, player);
  assert.ok(time >= 1, `${player} stands at ${time} s`);
  const types = await page.evaluate(() => window.types);
  const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".m4s")));
  await page.close();
  return { types: types.sort(), folders: [...new Set(fetched.map((name) => name.split("/").at(-2)))] };
}

for (const [player, manifest] of [["hls.js", "index.m3u8"], ["dash.js", "manifest.mpd"]]) {
  test(`${player} plays AV1 and Opus, and fetches nothing of the other codecs`, { timeout: 60_000 }, async () => {
    const { types, folders } = await typesPlayed(player, manifest, []);
    assert.equal(types.length, 2);
    assert.match(types[0], /^audio\/mp4; ?codecs="?opus/i);
    assert.match(types[1], /^video\/mp4; ?codecs="?av01\.0\.\d\dM\.08/);
    for (const name of folders) assert.match(name, /-av1$|-opus$/);
  });

  test(`${player} plays H.264 and AAC where AV1 is not known`, { timeout: 60_000 }, async () => {
    const { types, folders } = await typesPlayed(player, manifest, ["av01"]);
    assert.match(types.at(-1), /^video\/mp4; ?codecs="?avc1\./);
    for (const name of folders.filter((each) => !each.startsWith("audio-"))) assert.equal(name, "96p");
  });
}
