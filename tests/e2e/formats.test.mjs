// Files of many containers become streams that play: the real ones beside the project, else some made by FFmpeg.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
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

function make(name, ...recipe) {
  ffmpeg(...recipe, join(folder, name));
  return join(folder, name);
}

const animation = () => make("animation.webp", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=3", "-c:v", "libwebp_anim", "-loop", "0");

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
  return [animation(), ...Object.entries(recipes).map(([name, recipe]) => make(name, ...recipe))];
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
  const chosen = [...kinds.values()].flatMap((files) => files.sort((a, b) => statSync(a).size - statSync(b).size).slice(0, 6));
  return [...chosen, animation()];
}

const address = (asset) => `${server.url}/p/${asset.playback_ids[0].id}`;

test("files of every container become streams that two players play and FFmpeg decodes without a gap", { timeout: 1_200_000 }, async () => {
  const files = chosenFiles();
  const made = files.every((file) => file.startsWith(folder));
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
    // All of them are whole.
    if (asset.warnings.some(({ code }) => code === "source_cut")) problems.push(`${file}: ${JSON.stringify(asset.warnings)}`);
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

// The pitch of what a rendition holds, by how often it crosses zero.
function pitch(rendition) {
  const path = join(folder, "pitch.mp4");
  writeFileSync(path, rendition.bytes);
  const raw = execFileSync("ffmpeg", ["-loglevel", "error", "-i", path, "-f", "s16le", "-ac", "1", "-ar", "48000", "-"], { maxBuffer: 1 << 28 });
  const samples = new Int16Array(raw.buffer, raw.byteOffset, raw.length >> 1);
  let crossings = 0;
  for (let i = 1; i < samples.length; ++i) if (samples[i] < 0 !== samples[i - 1] < 0) ++crossings;
  return (crossings / samples.length) * 24_000;
}

// What a player says of the tracks, and where it stands a second after the other track was chosen.
const switched = (page, player, address) =>
  page.evaluate(
    ([name, url]) =>
      new Promise((done, failed) => {
        const video = document.getElementById("video");
        video.muted = true;
        setTimeout(() => failed(new Error(`${name}: nothing was switched`)), 30_000);
        const settle = (tracks, current, close) => {
          const from = video.currentTime;
          const timer = setInterval(() => {
            if (video.error) failed(new Error(video.error.message));
            if (current() !== 1 || video.currentTime < from + 1) return;
            clearInterval(timer);
            done(tracks);
            close();
          }, 50);
        };
        if (name === "hls.js") {
          const hls = new Hls({ enableWorker: false });
          hls.on(Hls.Events.ERROR, (_, data) => data.fatal && failed(new Error(data.details)));
          video.addEventListener("playing", () => {
            hls.audioTrack = 1;
            const other = () => performance.getEntriesByType("resource").some((entry) => /audio-128k-2\/\d/.test(entry.name));
            settle(hls.audioTracks.map((track) => [track.lang, track.name, Boolean(track.default)]), () => Number(other() && hls.audioTrack === 1), () => hls.destroy());
          }, { once: true });
          hls.loadSource(url);
          hls.attachMedia(video);
        } else {
          const dash = dashjs.MediaPlayer().create();
          dash.on("error", (event) => failed(new Error(event.error?.message)));
          video.addEventListener("playing", () => {
            const tracks = dash.getTracksFor("audio");
            let rendered = 0;
            dash.on("trackChangeRendered", () => (rendered = 1));
            dash.setCurrentTrack(tracks[1]);
            settle(tracks.map((track) => [track.lang, track.labels[0]?.text ?? "", track.roles[0].value ?? track.roles[0]]), () => rendered, () => dash.reset());
          }, { once: true });
          dash.initialize(video, url, true);
        }
        video.play().catch(() => {});
      }),
    [player, address],
  );

test("every track of sound is there by its language, and two players go from one to the other", { timeout: 300_000 }, async () => {
  const film = join(folder, "languages.mkv");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=12", "-f", "lavfi", "-i", "sine=frequency=300:duration=12",
         "-f", "lavfi", "-i", "sine=frequency=1200:duration=12", "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-c:a", "aac",
         "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger", "-metadata:s:a:1", "title=Fassung", film);
  const asset = await server.settled(await server.upload(readFileSync(film), "languages.mkv"));
  assert.equal(asset.status, "ready", asset.error?.message);
  const sounds = asset.renditions.filter(({ kind }) => kind === "audio");
  assert.deepEqual(sounds.map(({ name, language, title, track }) => [name, language, title, track]), [
    ["audio-128k", "en", null, 0],
    ["audio-128k-2", "de", "Fassung", 1],
  ]);
  for (const { name, loudness } of sounds) assert.ok(loudness.integrated < -10 && loudness.integrated > -40, `${name}: ${loudness.integrated}`);
  const renditions = await fetchRenditions(`${address(asset)}/index.m3u8`);
  const heard = Object.fromEntries(renditions.filter(({ name }) => name.startsWith("audio")).map((rendition) => [rendition.name, pitch(rendition)]));
  assert.ok(Math.abs(heard["audio-128k"] - 300) < 10 && Math.abs(heard["audio-128k-2"] - 1200) < 20, JSON.stringify(heard));
  const page = await browser.newPage();
  await page.goto(site.url);
  assert.deepEqual(await switched(page, "hls.js", `${address(asset)}/index.m3u8`), [["en", "en", true], ["de", "Fassung", false]]);
  const mpd = await switched(page, "dash.js", `${address(asset)}/manifest.mpd`);
  assert.deepEqual(mpd, [["en", "", "main"], ["de", "Fassung", "alternate"]]);
});
