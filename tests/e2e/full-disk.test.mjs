// A disk that is full to its last byte: only root can make one.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync, statfsSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { makeMusic, workFolder } from "./support/media.mjs";
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

test("what was taken waits while the disk is low, and goes on when there is room", async (t) => {
  const folder = smallDisk("128m");
  if (folder === null) return t.skip("a small file system cannot be mounted here");
  const work = workFolder();
  const server = new Penstock({ "storage.min_free": "0", "pipeline.low_water": "32MiB", "pipeline.high_water": "64MiB" });
  t.after(async () => {
    await server.remove();
    execFileSync("umount", [folder]);
    rmdirSync(folder);
    rmSync(work, { recursive: true });
  });
  server.data = join(folder, "data");
  await server.start();
  await until("the reserve", () => statSync(join(server.data, "reserve"), { throwIfNoEntry: false })?.size > 0, 10);
  const gauge = async (name) => {
    const text = await (await server.fetch("/metrics")).text();
    return Number(text.match(new RegExp(`^${name} (\\S+)$`, "m"))[1]);
  };
  const filler = join(folder, "filler");
  const room = statfsSync(folder);
  writeFileSync(filler, Buffer.alloc(room.bavail * room.bsize - (24 << 20)));
  assert.equal(await gauge("penstock_worker_paused"), 1);
  const song = join(work, "song.wav");
  makeMusic(song, 1, 8);
  const id = await server.upload(readFileSync(song), "song.wav");
  await until("the inspection", async () => (await server.asset(id)).progress?.stage === "fingerprint", 60);
  await until("the worker's word", async () => (await server.json("/v1/workers")).items[0].state === "paused", 10);
  assert.equal((await server.json("/v1/jobs")).items[0].attempts, 0);

  rmSync(filler);
  assert.equal((await server.settled(id)).status, "ready");
  assert.equal(await gauge("penstock_worker_paused"), 0);
});
