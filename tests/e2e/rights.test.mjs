// From a list of works to a decision about an upload that contains a stretch of one.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ffmpeg, makeFilm, makeMusic, realFilm, sharedMedia, workFolder } from "./support/media.mjs";
import { Penstock, until } from "./support/penstock.mjs";

const folder = workFolder();
const shared = sharedMedia("audio");
const zoom = join(folder, "zoom.mp4");
let server;

const near = (actual, expected, what) => assert.ok(Math.abs(actual - expected) <= 0.5, `${what}: ${actual} instead of ${expected}`);

// The best stretch of the best match of a kind.
async function stretch(asset, kind) {
  const { matches } = await server.json(`/v1/assets/${asset.id}/matches`);
  const match = matches.find((candidate) => candidate.kind === kind);
  assert.ok(match, `no ${kind} match in ${JSON.stringify(matches)}`);
  const longest = match.segments.reduce((a, b) => (b.upload_end - b.upload_start > a.upload_end - a.upload_start ? b : a));
  return { match, ...longest };
}

async function uploadFile(path) {
  return server.settled(await server.upload(readFileSync(path), path.split("/").pop()));
}

before(async () => {
  if (!shared) console.log("# ../shared/media is not there: the music is made by the test");
  makeMusic(join(folder, "music.wav"), 7, 60);
  makeMusic(join(folder, "other.wav"), 8, 60);
  makeFilm(zoom);
  server = await new Penstock().start();
  const works = join(folder, "works.ndjson");
  const music = shared ? join(shared, "outfoxing.mp3") : join(folder, "music.wav");
  writeFileSync(works, server.run("fingerprint", music, realFilm, "--holder", "Holder"));
  server.run("lists", "import", works, "--policy", "block", "--list", "blocked");
});
after(() => server.remove());

const music = () => (shared ? join(shared, "outfoxing.mp3") : join(folder, "music.wav"));
const unrelated = () => (shared ? join(shared, "viper.mp3") : join(folder, "other.wav"));

test("a re-encoded excerpt of a track inside another upload is found with both offsets, and blocked", async () => {
  const mix = join(folder, "mix.mp3");
  // 10 s of another sound, then 15 s of the track from 20 s on.
  ffmpeg("-i", unrelated(), "-ss", "20", "-t", "15", "-i", music(), "-filter_complex",
         "[0:a]atrim=0:10,asetpts=PTS-STARTPTS,aformat=sample_rates=44100:channel_layouts=mono[a];[1:a]aformat=sample_rates=44100:channel_layouts=mono[b];[a][b]concat=n=2:v=0:a=1",
         "-b:a", "64k", mix);
  const asset = await uploadFile(mix);
  assert.equal(asset.rights, "blocked");
  assert.equal(asset.status, "errored");
  assert.equal(asset.error.code, "rights_blocked");
  assert.equal(asset.playable, false);
  assert.deepEqual(asset.playback_ids, []);
  const found = await stretch(asset, "audio");
  near(found.reference_start - found.upload_start, 10, "offset between the two");
  near(found.upload_start, 10, "start in the upload");
  near(found.reference_start, 20, "start in the reference");
  near(found.upload_end, 25, "end in the upload");
  near(found.reference_end, 35, "end in the reference");
  assert.ok(found.match.reference.duration >= 35, "how long the reference is");
  const decision = await server.json(`/v1/assets/${asset.id}/decision`);
  assert.equal(decision.rights, "blocked");
  assert.match(decision.reason, /Holder/);
});

test("a re-encoded, smaller excerpt of a film inside another upload is found with both offsets, and blocked", async () => {
  const clip = join(folder, "clip.webm");
  // 6 s of another picture, 14 s of the film from 10 s on without its sound, 5 s of the other.
  const same = "scale=480:270,setsar=1,fps=24,format=yuv420p";
  ffmpeg("-i", zoom, "-i", realFilm, "-filter_complex",
         `[0:v]split[x][y];[x]trim=0:6,${same}[a];[1:v]trim=10:24,setpts=PTS-STARTPTS,${same}[b];[y]trim=20:25,setpts=PTS-STARTPTS,${same}[c];[a][b][c]concat=n=3`,
         "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "400k", clip);
  const asset = await uploadFile(clip);
  assert.equal(asset.rights, "blocked");
  assert.equal(asset.playable, false);
  const found = await stretch(asset, "video");
  near(found.upload_start, 6, "start in the upload");
  near(found.reference_start, 10, "start in the reference");
  near(found.upload_end, 20, "end in the upload");
  near(found.reference_end, 24, "end in the reference");
});

test("the command line draws what two files share, and what a file shares with the lists", () => {
  const part = join(folder, "part.ogg");
  ffmpeg("-ss", "20", "-t", "15", "-i", music(), "-c:a", "libvorbis", part);
  const drawn = server.run("match", part, music());
  assert.match(drawn, /^upload +A+\.? /m);
  assert.match(drawn, /^reference +\.+A+\.+ /m);
  assert.match(drawn, /^A  0:0\d\.\d to 0:1\d\.\d is 0:[12]\d\.\d to 0:3\d\.\d of/m);
  const { matches } = JSON.parse(server.run("match", part, "--json"));
  assert.equal(matches[0].reference.list, "blocked");
  near(matches[0].segments[0].reference_start - matches[0].segments[0].upload_start, 20, "offset between the two");
  assert.match(server.run("match", part, unrelated()), /nothing the same/);
});

test("uploads that hold nothing of a list pass", async () => {
  for (const file of [unrelated(), zoom]) {
    const asset = await uploadFile(file);
    assert.equal(asset.rights, "clear", JSON.stringify(await server.json(`/v1/assets/${asset.id}/matches`)));
    assert.equal(asset.status, "ready");
  }
});

test("track publishes with a claim, allow without one, review waits for a person", async () => {
  const excerpt = join(folder, "excerpt.ogg");
  ffmpeg("-ss", "5", "-t", "20", "-i", music(), "-c:a", "libvorbis", excerpt);
  const { items } = await server.json("/v1/reference-lists");
  const list = items.find((item) => item.name === "blocked");
  const policy = async (name) => server.json(`/v1/reference-lists/${list.id}`, { method: "PATCH", body: JSON.stringify({ policy: name }), headers: { "Content-Type": "application/json" } });
  try {
    await policy("track");
    const tracked = await uploadFile(excerpt);
    assert.deepEqual([tracked.rights, tracked.status], ["claimed", "ready"]);
    await policy("allow");
    const allowed = await uploadFile(excerpt);
    assert.deepEqual([allowed.rights, allowed.status], ["clear", "ready"]);
    await policy("review");
    const held = await uploadFile(excerpt);
    assert.deepEqual([held.rights, held.status, held.progress.stage], ["review", "preparing", "review"]);
    assert.deepEqual(held.playback_ids, []);
    await server.json(`/v1/assets/${held.id}/decision`, { method: "POST", body: JSON.stringify({ action: "allow", reason: "licensed" }), headers: { "Content-Type": "application/json" } });
    let settled;
    do settled = await server.settled(held.id);
    while (settled.progress.stage === "review");
    assert.deepEqual([settled.rights, settled.status], ["clear", "ready"]);
  } finally {
    await policy("block");
  }
});

test("the output of fpcalc is a list, with a receipt for every row", async () => {
  const raw = JSON.stringify({ duration: 3, fingerprint: [1, 2, 3] });
  const response = await server.fetch("/v1/reference-lists?list=fpcalc&policy=track", { method: "POST", body: `${raw}\nnot json\n` });
  assert.equal(response.status, 201);
  const receipt = await response.json();
  assert.equal(receipt.accepted, 0);
  assert.deepEqual(receipt.rows.map((row) => [row.line, row.code]), [[1, "fingerprint_too_short"], [2, "malformed_row"]]);
});

test("a list that arrives while an upload is transcoded still counts", async () => {
  const late = join(folder, "late.mp4");
  ffmpeg("-f", "lavfi", "-i", "mandelbrot=size=640x360:rate=24:start_x=-0.7436:end_scale=0.0002:end_pts=500", "-t", "30", "-c:v", "libx264", "-preset", "ultrafast", late);
  const id = await server.upload(readFileSync(late), "late.mp4");
  await until("transcoding", async () => ["transcode", "publish", "ready"].includes((await server.asset(id)).progress.stage));
  const list = server.run("fingerprint", late, "--holder", "Late");
  const { progress } = await server.asset(id);
  await server.json("/v1/reference-lists?list=late&policy=block", { method: "POST", body: list });
  // Only an upload that was public before the list came may stay so.
  if (progress.stage !== "ready") assert.equal((await server.settled(id)).rights, "blocked");
});
