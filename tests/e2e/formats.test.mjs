// Files of many containers become streams that play: the real ones beside the project, else some made by FFmpeg.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { after, before, test } from "node:test";

import { launch, play, playerSite } from "./support/browser.mjs";
import { ffmpeg, sharedFiles, workFolder } from "./support/media.mjs";
import { Penstock } from "./support/penstock.mjs";
import { faults, fetchRenditions, playlistSeconds } from "./support/streams.mjs";

const folder = workFolder();
let server, browser, site;

before(async () => {
  server = await new Penstock().start();
  browser = await launch();
  site = await playerSite();
});
after(async () => {
  await browser?.close();
  site?.close();
  await server?.remove();
});

function madeFiles() {
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=3"];
  const sound = ["-f", "lavfi", "-i", "anoisesrc=duration=3:seed=5"];
  const recipes = {
    "a.mp4": [...picture, ...sound, "-c:v", "libx264", "-c:a", "aac"],
    "a.mkv": [...picture, ...sound, "-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "flac"],
    "a.webm": [...picture, ...sound, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus"],
    "a.avi": [...picture, ...sound, "-c:v", "mpeg4", "-c:a", "mp3"],
    "a.flv": [...picture, ...sound, "-c:v", "flv", "-ar", "44100", "-c:a", "mp3"],
    "a.ts": [...picture, ...sound, "-c:v", "mpeg2video", "-c:a", "mp2"],
    "a.mov": [...picture, ...sound, "-c:v", "mjpeg", "-c:a", "pcm_s16le"],
    "a.ogv": [...picture, ...sound, "-c:v", "libtheora", "-c:a", "libvorbis"],
    "a.gif": [...picture],
    "a.mp3": [...sound],
    "a.flac": [...sound],
    "a.wav": [...sound],
    "a.wma": [...sound, "-c:a", "wmav2"],
  };
  return Object.entries(recipes).map(([name, recipe]) => {
    ffmpeg(...recipe, join(folder, name));
    return join(folder, name);
  });
}

// The smallest of each kind first, so that many kinds take little time.
function chosenFiles() {
  const all = [...sharedFiles("video"), ...sharedFiles("audio")];
  if (all.length === 0) {
    console.log("# ../shared/media is not there: the files are made by the test");
    return madeFiles();
  }
  const kinds = new Map();
  for (const file of all) kinds.set(extname(file), [...(kinds.get(extname(file)) ?? []), file]);
  return [...kinds.values()].flatMap((files) => files.sort((a, b) => statSync(a).size - statSync(b).size).slice(0, 6));
}

const address = (asset) => `${server.url}/p/${asset.playback_ids[0].id}`;

test("files of every container become streams that two players play and FFmpeg decodes without a gap", { timeout: 1_200_000 }, async () => {
  const files = chosenFiles();
  const made = files[0].startsWith(folder);
  const results = await Promise.all(
    files.map(async (file) => {
      const id = await server.upload(readFileSync(file), basename(file));
      return { file: basename(file), asset: await server.settled(id, 900) };
    }),
  );
  const ready = results.filter(({ asset }) => asset.status === "ready");
  for (const { file, asset } of results) {
    if (asset.status === "ready") continue;
    console.log(`# ${file}: ${asset.error.code}: ${asset.error.message}`);
    assert.match(asset.error.code, /^[a-z][a-z0-9_]+$/, file);
    assert.notEqual(asset.error.code, "internal", `${file}: ${asset.error.message}`);
  }
  assert.ok(ready.length >= (made ? files.length : 40), `${ready.length} of ${files.length} are ready`);
  assert.ok(new Set(ready.map(({ file }) => extname(file))).size >= 10);

  const problems = [];
  for (const { file, asset } of ready) {
    for (const rendition of await fetchRenditions(`${address(asset)}/index.m3u8`)) {
      for (const fault of faults(rendition, join(folder, "rendition.mp4"))) problems.push(`${file} ${rendition.name}: ${fault}`);
      const seconds = playlistSeconds(rendition.playlist);
      if (Math.abs(seconds - asset.duration) > 0.5) problems.push(`${file} ${rendition.name}: ${seconds} s of ${asset.duration} s`);
    }
  }
  // hls.js waits for more at the end of a few frames of sound and picture, so the shortest clips are not for the players.
  const played = ready.filter(({ asset }) => asset.duration >= 0.3);
  assert.ok(played.length >= (made ? files.length : 40), `${played.length} are long enough to be played`);
  const players = [["hls.js", "index.m3u8"], ["dash.js", "manifest.mpd"]];
  await Promise.all(
    players.map(async ([player, manifest]) => {
      const page = await browser.newPage();
      await page.goto(site.url);
      for (const { file, asset } of played) {
        const { time, duration, error } = await play(page, player, `${address(asset)}/${manifest}`);
        const wanted = Math.min(1, 0.5 * asset.duration);
        if (error || time < wanted) problems.push(`${file} in ${player}: ${error ?? `stands at ${time} of ${duration} s`}`);
      }
    }),
  );
  assert.deepEqual(problems, []);
});
