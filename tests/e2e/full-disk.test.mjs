// A disk that is full to its last byte: only root can make one.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, statfsSync, statSync, writeSync, openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Penstock, until } from "./support/penstock.mjs";

// A mounted file system of its own; null where that is not allowed.
function smallDisk(size) {
  const folder = mkdtempSync(join(tmpdir(), "penstock-disk-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]).status === 0) return folder;
  rmdirSync(folder);
  return null;
}

function fill(folder) {
  const file = openSync(join(folder, "filler"), "a");
  for (let block = 1 << 20; block >= 1; ) {
    try {
      writeSync(file, Buffer.alloc(block));
    } catch {
      block >>= 1;
    }
  }
  closeSync(file);
  assert.equal(statfsSync(folder).bavail, 0);
}

test("deleting and starting work on a full disk, and the reserve comes back", async (t) => {
  const folder = smallDisk("96m");
  if (folder === null) return t.skip("a small file system cannot be mounted here");
  const server = new Penstock({ "storage.min_free": "0" });
  t.after(async () => {
    await server.remove();
    execFileSync("umount", [folder]);
    rmdirSync(folder);
  });
  server.data = join(folder, "data");
  await server.start();
  const size = () => statSync(join(server.data, "reserve")).size;
  await until("the reserve", () => size() > 0, 10);
  const whole = size();
  const first = await server.upload("no media", "first.mp4");
  const large = await server.upload(Buffer.alloc(40 << 20, "x"), "large.mp4");
  for (const id of [first, large]) await server.settled(id);

  fill(folder);
  assert.equal((await server.fetch(`/v1/assets/${first}`, { method: "DELETE" })).status, 204);
  await server.kill("SIGTERM");
  fill(folder);
  await server.start();
  fill(folder);
  assert.ok(size() < whole);
  assert.equal((await server.fetch(`/v1/assets/${large}`, { method: "DELETE" })).status, 204);
  await server.kill("SIGTERM");
  await server.start();
  await until("the whole reserve", () => size() === whole, 10);
  assert.equal((await server.fetch(`/v1/assets/${large}`)).status, 404);
});
