// Hostile files: each ends in a clear error or a harmless result, and the server lives.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";

import { sharedFiles, workFolder } from "./support/media.mjs";
import { Penstock } from "./support/penstock.mjs";

let server;
before(async () => (server = await new Penstock({ "sandbox.stall_timeout": "60s" }).start()));
after(() => server.remove());

async function settle(bytes, name) {
  const response = await server.fetch(`/v1/uploads?filename=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: bytes,
  });
  const answer = await response.json();
  if (response.status !== 201) {
    assert.match(answer.code, /^[a-z][a-z0-9_]+$/, name);
    return null;
  }
  return server.settled(answer.asset_id, 600);
}

test("playlists dressed as media open no file and contact nobody", async (t) => {
  let contacts = 0;
  const trap = createServer((_, response) => {
    ++contacts;
    response.end("secret");
  });
  await new Promise((listening) => trap.listen(0, "127.0.0.1", listening));
  t.after(() => trap.close());
  const url = `http://127.0.0.1:${trap.address().port}/secret.ts`;
  const secret = join(workFolder(), "secret.txt");
  writeFileSync(secret, "secret");
  const traps = {
    "hls.mp4": `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXTINF:10,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
    "concat.mp4": `ffconcat version 1.0\nfile ${secret}\nfile ${url}\n`,
    "dash.mp4": `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    "sdp.mp4": `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video ${trap.address().port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
  };
  for (const [name, text] of Object.entries(traps)) {
    const asset = await settle(text, name);
    assert.equal(asset.status, "errored", name);
    assert.notEqual(asset.error.code, "internal", `${name}: ${asset.error.message}`);
  }
  assert.equal(contacts, 0);
});

test("every file of the hostile collection ends within its limits", { timeout: 1_200_000 }, async (t) => {
  const files = sharedFiles("hostile");
  if (files.length === 0) return t.skip("../shared/media/hostile is not there");
  const started = server.child.pid;
  await Promise.all(
    files.map(async (file) => {
      const asset = await settle(readFileSync(file), basename(file));
      if (!asset || asset.status === "ready") return;
      assert.match(asset.error.code, /^[a-z][a-z0-9_]+$/, basename(file));
      assert.notEqual(asset.error.code, "internal", `${basename(file)}: ${asset.error.message}`);
      assert.ok(asset.error.message.length > 10, basename(file));
    }),
  );
  assert.equal(server.child.pid, started);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
});
