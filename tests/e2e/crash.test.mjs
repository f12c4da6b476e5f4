// kill -9 of the server at random moments of upload, transcoding and publishing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ffmpeg, workFolder } from "./support/media.mjs";
import { Penstock, sleep } from "./support/penstock.mjs";
import * as tus from "./support/tus.mjs";

const rounds = 20;
const pieces = 8;

// A small generator with a fixed seed: the moments differ, the test does not.
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeClip(folder, index) {
  const path = join(folder, `clip${index}.mp4`);
  ffmpeg("-f", "lavfi", "-i", `testsrc2=size=320x180:rate=25:duration=${4 + index}`, "-f", "lavfi",
         "-i", `anoisesrc=duration=${4 + index}:seed=${index + 1}`, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", path);
  return readFileSync(path);
}

// Uploads the bytes in pieces, over as many deaths of the server as there are; checks every acknowledged offset.
async function uploadOverCrashes(server, bytes, name, state) {
  let upload = null;
  let acknowledged = 0;
  while (acknowledged < bytes.length) {
    try {
      upload ??= await tus.create(server, bytes.length, name);
      const durable = await tus.offset(server, upload.location);
      if (durable === null) {
        if ((await server.fetch(upload.location, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } })).status >= 400) {
          state.lost.push(`${name}: the upload is gone at ${acknowledged}`);
          return;
        }
        continue;
      }
      if (durable < acknowledged) state.lost.push(`${name}: ${acknowledged} was acknowledged, ${durable} is there`);
      const end = Math.min(bytes.length, durable + Math.ceil(bytes.length / pieces));
      acknowledged = durable >= bytes.length ? durable : await tus.patch(server, upload.location, durable, bytes.subarray(durable, end));
      await sleep(20);
    } catch (error) {
      if (error instanceof TypeError) await sleep(50); // the server is down: fetch failed
      else throw error;
    }
  }
  state.assets.push({ id: upload.asset, name, sha256: createHash("sha256").update(bytes).digest("hex") });
}

// Everything that the presentation names is served, whole.
async function assertPlayable(server, playback) {
  const index = await (await fetch(`${server.url}/p/${playback}/index.m3u8`)).text();
  const playlists = [...new Set([...index.matchAll(/^[^#\s].*m3u8$/gm)].map((m) => m[0]).concat([...index.matchAll(/URI="([^"]+)"/g)].map((m) => m[1])))];
  assert.ok(playlists.length > 0, index);
  for (const playlist of playlists) {
    const url = new URL(playlist, `${server.url}/p/${playback}/`);
    const text = await (await fetch(url)).text();
    assert.match(text, /#EXT-X-ENDLIST/);
    const parts = [...text.matchAll(/^[^#\s].*$/gm)].map((m) => m[0]).concat([...text.matchAll(/URI="([^"]+)"/g)].map((m) => m[1]));
    for (const part of parts) {
      const response = await fetch(new URL(part, url));
      assert.equal(response.status, 200, `${playlist} ${part}`);
      assert.equal((await response.arrayBuffer()).byteLength, Number(response.headers.get("content-length")));
    }
  }
}

test("a server that is killed 20 times loses nothing and never publishes a part", { timeout: 600_000 }, async (t) => {
  const folder = workFolder();
  const clips = [0, 1, 2, 3, 4].map((index) => makeClip(folder, index));
  const server = await new Penstock({ "pipeline.lease": "1s" }).start();
  t.after(() => server.remove());
  const draw = random(20261124);
  const state = { lost: [], assets: [] };
  let uploading = [];
  let started = 0;
  const published = new Set();

  for (let round = 0; round < rounds; ++round) {
    if (round % 2 === 0) {
      const index = started++ % clips.length;
      uploading.push(uploadOverCrashes(server, clips[index], `clip${index}-${round}.mp4`, state));
    }
    await sleep(50 + draw() * 1500);
    // Whatever is public at the moment of death is whole.
    const { items } = await server.json("/v1/assets?limit=100");
    for (const asset of items.filter((item) => item.playable && !published.has(item.id))) {
      const { playback_ids } = await server.asset(asset.id);
      await assertPlayable(server, playback_ids[0].id);
      published.add(asset.id);
    }
    await server.kill("SIGKILL");
    await server.start();
  }
  await Promise.all(uploading);
  assert.deepEqual(state.lost, []);
  assert.equal(state.assets.length, rounds / 2);
  for (const { id, name, sha256 } of state.assets) {
    const asset = await server.settled(id, 240);
    assert.equal(asset.status, "ready", `${name}: ${JSON.stringify(asset.error)}`);
    assert.equal(asset.sha256, sha256, name);
    assert.equal(asset.playback_ids.length, 1, name);
    await assertPlayable(server, asset.playback_ids[0].id);
  }
});
