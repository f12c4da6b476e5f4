// Many uploads at once.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ffmpeg, workFolder } from "./support/media.mjs";
import { Penstock } from "./support/penstock.mjs";

test("twenty uploads at once finish, each with the right result", { timeout: 600_000 }, async (t) => {
  const folder = workFolder();
  const files = Array.from({ length: 20 }, (_, index) => {
    const path = join(folder, `clip${index}.${["mp4", "mkv", "webm", "mp3", "txt"][index % 5]}`);
    const seconds = String(2 + (index % 4));
    const picture = ["-f", "lavfi", "-i", `testsrc2=size=${160 + 16 * index}x120:rate=20:duration=${seconds}`];
    const sound = ["-f", "lavfi", "-i", `anoisesrc=duration=${seconds}:seed=${index + 1}`];
    if (index % 5 === 3) ffmpeg(...sound, path);
    else if (index % 5 === 4) writeFileSync(path, `this is no media, number ${index}`);
    else if (index % 5 === 2) ffmpeg(...picture, "-c:v", "libvpx", "-b:v", "200k", path);
    else ffmpeg(...picture, ...sound, "-c:v", "libx264", "-preset", "ultrafast", path);
    return { path, name: `clip${index}`, bytes: readFileSync(path), seconds: Number(seconds), kind: index % 5 };
  });
  const server = await new Penstock().start();
  t.after(() => server.remove());

  const results = await Promise.all(
    files.map(async (file) => ({ file, asset: await server.settled(await server.upload(file.bytes, file.name), 500) })),
  );
  for (const { file, asset } of results) {
    assert.equal(asset.sha256, createHash("sha256").update(file.bytes).digest("hex"), file.name);
    if (file.kind === 4) {
      assert.equal(asset.status, "errored", file.name);
      assert.match(asset.error.code, /^[a-z_]+$/);
      continue;
    }
    assert.equal(asset.status, "ready", `${file.name}: ${JSON.stringify(asset.error)}`);
    assert.ok(Math.abs(asset.duration - file.seconds) < 0.3, `${file.name}: ${asset.duration} s`);
    assert.equal(asset.renditions.some((rendition) => rendition.kind === "video"), file.kind !== 3, file.name);
  }
});
