// Tracks: the sound and the text of a file and uploaded text, on the asset's page, in the manifests and in the player.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, playerSite } from "./support/browser.mjs";
import { ffmpeg, workFolder } from "./support/media.mjs";
import { barriers, overflow, plays, watchErrors } from "./support/page.mjs";
import { Penstock, until } from "./support/penstock.mjs";

const folder = workFolder();
let server, browser, context, page, errors, asset, playback;

const srt = (text) => `1\n00:00:00,200 --> 00:00:19,000\n${text}\n\n`;
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

// A film of 20 s with English and German sound and text.
function makeFilm() {
  const path = join(folder, "film.mkv");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=12:d=20", "-f", "lavfi", "-i", "sine=f=440:d=20", "-f", "lavfi", "-i", "sine=f=660:d=20",
    "-i", file("en.srt", srt("<i>Good</i> morning")), "-i", file("de.srt", srt("Guten Morgen")),
    "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4", "-c:v", "libx264", "-preset", "ultrafast",
    "-pix_fmt", "yuv420p", "-c:a", "aac", "-c:s", "subrip", "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger",
    "-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger", path);
  return path;
}

const tracks = () => page.getByTestId("text-track");

// The names of the text tracks that the player offers, and the cues that it shows.
const offered = () =>
  page.evaluate(() =>
    [...document.querySelector("media-controller video").textTracks].filter(({ kind }) => kind !== "metadata").map(({ label }) => label),
  );
async function shows(label, text) {
  await page.waitForFunction(
    (wanted) => [...document.querySelector("media-controller video").textTracks].some((track) => track.label === wanted),
    label,
    { timeout: 30_000 },
  );
  await page.evaluate((wanted) => {
    for (const track of document.querySelector("media-controller video").textTracks) {
      if (track.kind !== "metadata") track.mode = track.label === wanted ? "showing" : "disabled";
    }
  }, label);
  await page.waitForFunction(
    ([wanted, cue]) => {
      const video = document.querySelector("media-controller video");
      const track = [...video.textTracks].find((each) => each.label === wanted);
      return [...(track?.activeCues ?? [])].some((each) => each.text === cue);
    },
    [label, text],
    { timeout: 30_000 },
  );
}
async function watch() {
  await page.goto(`${server.url}/watch/${playback}`);
  await plays(page);
}
async function add(path, language) {
  const form = page.getByTestId("text-track-form");
  await form.locator("input[type=file]").setInputFiles(path);
  await form.getByLabel("Language").selectOption(language);
  await form.getByRole("button", { name: "Add" }).click();
}

before(async () => {
  [server, browser] = await Promise.all([new Penstock().start(), launch()]);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  errors = watchErrors(context, (url) => url.includes("/text-tracks"));
  page = await context.newPage();
  await page.goto(server.signInLink);
  await page.getByTestId("drop-zone").waitFor();
  asset = await server.upload(readFileSync(makeFilm()), "film.mkv");
  const ready = await server.settled(asset);
  assert.equal(ready.status, "ready", JSON.stringify(ready.error));
  playback = ready.playback_ids[0].id;
});
after(async () => {
  await browser?.close();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("the text of a file can be read in the player, in each of its languages", async () => {
  await watch();
  await shows("English", "<i>Good</i> morning");
  await shows("German", "Guten Morgen");
  assert.deepEqual(await offered(), ["English", "German"]);
  await page.locator("media-captions-button").waitFor({ state: "visible" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator("media-captions-button").waitFor({ state: "visible" });
  assert.deepEqual(await overflow(page), []);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("the viewer chooses the sound by its language, with the mouse and with the keyboard", async () => {
  await watch();
  const heard = [];
  page.on("request", (request) => heard.push(...(request.url().match(/audio-128k(-2)?\/\d+\.m4s/g) ?? [])));
  const menu = page.locator("media-audio-track-menu");
  const sound = page.locator("media-settings-menu-item.sounds");
  await page.locator("media-settings-menu-button").click();
  await sound.click();
  await menu.waitFor({ state: "visible" });
  assert.deepEqual(await menu.locator("media-chrome-menu-item").allInnerTexts(), ["English", "German"]);
  const isChecked = (name) => menu.locator(`media-chrome-menu-item[aria-checked=true]`, { hasText: name });
  await isChecked("English").waitFor();
  await menu.locator("media-chrome-menu-item", { hasText: "German" }).click();
  await until("the German sound", async () => heard.some((part) => part.startsWith("audio-128k-2/")));
  await page.setViewportSize({ width: 390, height: 844 });
  await watch();
  await page.locator("media-settings-menu-button").press("Enter");
  await sound.waitFor({ state: "visible" });
  await sound.press("Enter");
  await menu.waitFor({ state: "visible" });
  await page.waitForFunction(() => document.activeElement?.closest("media-audio-track-menu") != null);
  assert.deepEqual(await overflow(page), []);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("media-controller video").audioTracks.selectedIndex === 1);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("both manifests name the text", async () => {
  const master = await (await fetch(`${server.url}/p/${playback}/index.m3u8`)).text();
  assert.match(master, /TYPE=SUBTITLES,GROUP-ID="text",NAME="de",LANGUAGE="de"/);
  // While players still learn of the end, the MPD grows, and has no text.
  const mpd = await until("the static MPD", async () => {
    const text = await (await fetch(`${server.url}/p/${playback}/manifest.mpd`)).text();
    return text.includes('type="static"') && text;
  });
  assert.match(mpd, /contentType="text" mimeType="text\/vtt" lang="en"/);
  const address = mpd.match(/<BaseURL>(captions\/[^<]+)<\/BaseURL>/)[1];
  const text = await (await fetch(`${server.url}/p/${playback}/${address}`)).text();
  assert.match(text, /^WEBVTT\n[\s\S]*00:00:00\.2\d\d --> 00:00:19\.0\d\d\n<i>Good<\/i> morning\n$/);
});

test("dash.js reads the text of the MPD", async () => {
  const site = await playerSite();
  const other = await browser.newPage();
  await other.goto(site.url);
  await other.evaluate((url) => {
    const dash = dashjs.MediaPlayer().create();
    dash.on("allTextTracksAdded", () => dash.setTextTrack(1));
    const video = document.getElementById("video");
    video.muted = true;
    dash.initialize(video, url, true);
  }, `${server.url}/p/${playback}/manifest.mpd`);
  await other.waitForFunction(
    () => [...document.getElementById("video").textTracks].some(({ cues }) => [...(cues ?? [])].some(({ text }) => text === "Guten Morgen")),
    null,
    { timeout: 30_000 },
  );
  await other.close();
  site.close();
});

test("the owner adds a file of subtitles, and the viewer reads it", async () => {
  await page.goto(`${server.url}/a/${asset}`);
  await tracks().nth(1).waitFor();
  assert.equal(await tracks().count(), 2);
  await add(file("fr.srt", srt("Bonjour --> <script>x</script>")), "fr");
  await page.getByText("The subtitles were added").waitFor();
  await tracks().nth(2).waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await overflow(page), []);
  await page.setViewportSize({ width: 1280, height: 800 });
  await watch();
  await shows("French", "Bonjour --&gt; x");
});

test("a file that is no subtitles is refused with a reason", async () => {
  await page.goto(`${server.url}/a/${asset}`);
  await add(file("bad.srt", "nothing to read"), "it");
  await page.getByText("holds no subtitle that can be read").waitFor();
  assert.equal(await tracks().count(), 3);
});

test("a removed track is gone from the page and from the player", async () => {
  await page.goto(`${server.url}/a/${asset}`);
  await page.getByRole("button", { name: "Remove French" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("“French” was removed").waitFor();
  assert.equal(await tracks().count(), 2);
  assert.doesNotMatch(await (await fetch(`${server.url}/p/${playback}/index.m3u8`)).text(), /LANGUAGE="fr"/);
  await watch();
  await shows("German", "Guten Morgen");
  assert.deepEqual(await offered(), ["English", "German"]);
});

test("nothing went wrong on the pages meanwhile", () => assert.deepEqual(errors, []));
