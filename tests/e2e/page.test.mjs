// The web application on the real server, as a person with a browser meets it.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch } from "./support/browser.mjs";
import { ffmpeg, makeFilm, makeMusic, sharedFiles, workFolder } from "./support/media.mjs";
import { barriers, overflow, plays, watchErrors } from "./support/page.mjs";
import { Penstock } from "./support/penstock.mjs";

const folder = workFolder();
const patience = 90_000;
const unknown = "doesnotexist0000";
let server, browser, context, page, errors;
let published; // the address of the page that plays the first upload
let sound; // the playback id of the sound that was allowed
const assets = {}; // ids by what became of them
const absent = [unknown, "/nowhere"]; // what the server rightly refuses, which every browser logs

// A context of its own that is watched for errors.
async function visitor() {
  const made = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const seen = watchErrors(made, (url) => absent.some((part) => url.includes(part)));
  return { made, seen };
}

const path = () => new URL(page.url()).pathname;

async function choose(...files) {
  await page.goto(`${server.url}/`);
  await page.getByTestId("file-input").setInputFiles(files);
}

// The card of an upload on the start page, once it says what the rights are.
async function judged(title) {
  const card = page.getByRole("article", { name: title });
  await card.getByTestId("verdict").waitFor({ timeout: patience });
  return { card, id: await card.getAttribute("data-asset"), rights: await card.getByTestId("verdict").getAttribute("data-rights") };
}

async function importList(file, name, policy) {
  await page.goto(`${server.url}/lists`);
  const form = page.getByTestId("import-form");
  await form.locator("input[type=file]").first().setInputFiles(file);
  await form.getByRole("textbox", { name: "Rights holder" }).fill("Harbour Films");
  await form.getByRole("textbox", { name: "Name of the list" }).fill(name);
  await form.getByTestId("policy-select").selectOption(policy);
  await form.getByRole("button", { name: "Load the list" }).click();
  await page.getByTestId("receipt").waitFor({ timeout: patience });
}

before(async () => {
  [server, browser] = await Promise.all([new Penstock().start(), launch()]);
  const { made, seen } = await visitor();
  [context, errors] = [made, seen];
  page = await context.newPage();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("the sign-in link opens the start page once; a second time it says that it was used", async () => {
  await page.goto(server.signInLink);
  await page.getByTestId("drop-zone").waitFor();
  assert.equal(path(), "/");
  assert.ok(!page.url().includes("token"), page.url());
  const { made, seen } = await visitor();
  const other = await made.newPage();
  await other.goto(server.signInLink);
  await other.getByTestId("sign-in").waitFor();
  await other.getByText("That link was used already").waitFor();
  assert.deepEqual(await barriers(other), []);
  await other.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await overflow(other), []);
  assert.deepEqual(seen.filter((error) => !error.includes("/v1/session")), []);
  await made.close();
});

test("an uploader sees no way to the lists, which are the operator's", async () => {
  const { made, seen } = await visitor();
  const other = await made.newPage();
  await other.goto(server.run("token", "sign-in", "--account", "uploader").trim());
  await other.getByTestId("drop-zone").waitFor();
  const names = await other.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents();
  assert.deepEqual(names.map((name) => name.trim()), ["Upload", "Library"]);
  assert.deepEqual(seen, []);
  await made.close();
});

test("a chosen file shows its way up, its stages as they happen, the verdict, and plays", async () => {
  const clip = join(folder, "first.mp4");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i", "anoisesrc=amplitude=0.2", "-t", "4",
         "-vf", "noise=alls=20:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", clip);
  const stages = new Set();
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      for (const [, stage] of String(payload).matchAll(/"stage":\s*"(\w+)"/g)) stages.add(stage);
    }),
  );
  await page.goto(`${server.url}/`);
  const line = await context.newCDPSession(page);
  const slowly = (uploadThroughput) =>
    line.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await line.send("Network.enable");
  await slowly(1_000_000);
  await page.getByTestId("file-input").setInputFiles(clip);
  const bar = page.getByRole("progressbar", { name: "Upload of first.mp4" });
  await page.waitForFunction(() => {
    const now = Number(document.querySelector("[data-testid=upload-card] [role=progressbar]")?.getAttribute("aria-valuenow"));
    return now > 0 && now < 100;
  });
  await bar.waitFor({ state: "detached", timeout: patience });
  await slowly(-1);
  const { card, id, rights } = await judged("first");
  assert.equal(rights, "clear");
  assets.clear = id;
  const watch = card.getByTestId("watch-link");
  await watch.waitFor({ timeout: patience });
  await card.locator("[data-testid=stepper][data-stage=ready]").waitFor({ timeout: patience });
  for (const stage of ["fingerprint", "transcode", "ready"]) assert.ok(stages.has(stage), `no ${stage} in ${[...stages]}`);
  await watch.click();
  await page.getByTestId("watch-page").waitFor();
  assert.match(path(), /^\/watch\//);
  published = path();
  await plays(page);
});

test("a dropped file is taken like a chosen one", async () => {
  await page.goto(`${server.url}/`);
  await page.getByTestId("drop-zone").evaluate((zone) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(512)], "dropped.bin"));
    for (const type of ["dragover", "drop"]) zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
  });
  const card = page.getByRole("article", { name: "dropped" });
  await card.getByText("This could not be prepared").waitFor({ timeout: patience });
  assert.equal(await card.getByTestId("watch-link").count(), 0);
});

test("an upload of a work on a block list is blocked, and the page draws what is the same", async () => {
  const film = join(folder, "film.mp4");
  const list = join(folder, "films.ndjson");
  makeFilm(film);
  writeFileSync(list, server.run("fingerprint", film));
  await importList(list, "Films", "block");
  assert.match(await page.getByTestId("receipt-accepted").innerText(), /^[1-9]/);
  assert.match(await page.getByTestId("receipt-rejected").innerText(), /^0/);
  const row = page.getByTestId("list-row").filter({ hasText: "Films" });
  assert.equal(await row.getByTestId("policy-select").inputValue(), "block");

  const copy = join(folder, "copy.webm");
  ffmpeg("-ss", "10", "-t", "15", "-i", film, "-vf", "scale=320:180", "-c:v", "libvpx", "-b:v", "300k", copy);
  await choose(copy);
  const { card, id, rights } = await judged("copy");
  assert.equal(rights, "blocked");
  assets.blocked = id;
  const timeline = card.getByTestId("match-timeline").first();
  await timeline.waitFor();
  assert.equal(await timeline.locator("rect.rail").count(), 2);
  assert.ok((await timeline.locator("path.band").count()) > 0);
  assert.match(await timeline.getByRole("img").getAttribute("aria-label"), /of the upload is .* of “film”/);
  assert.equal(await card.getByTestId("watch-link").count(), 0);
});

test("an upload in review waits for the person who allows it, and plays then", async () => {
  const music = join(folder, "music.wav");
  const list = join(folder, "music.ndjson");
  const excerpt = join(folder, "excerpt.webm");
  makeMusic(music, 7, 60);
  ffmpeg("-ss", "10", "-t", "20", "-i", music, "-c:a", "libopus", excerpt);
  writeFileSync(list, server.run("fingerprint", music));
  await importList(list, "Music", "review");
  await choose(excerpt);
  const { card, id, rights } = await judged("excerpt");
  assert.equal(rights, "review");
  await card.getByRole("link", { name: "Details of excerpt" }).click();
  const form = page.getByTestId("review-form");
  await form.waitFor();
  assert.deepEqual(await barriers(page), []);
  await form.getByRole("button", { name: "Block" }).click();
  const question = page.getByTestId("confirm");
  await question.getByText("This cannot be taken back.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cancel");
  assert.deepEqual(await barriers(page), []);
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  assert.equal((await server.asset(id)).rights, "review");
  await form.getByRole("textbox", { name: "Reason" }).fill("Licensed for this film");
  await form.getByRole("button", { name: "Allow" }).click();
  const watch = page.getByTestId("watch-link");
  await watch.waitFor({ timeout: patience });
  const { playback_ids } = await server.asset(id);
  sound = playback_ids[0].id;
  await watch.click();
  await plays(page);
});

// The rows of a column of the waveform that are drawn, and the colour of one in the middle.
const column = (at) =>
  page.getByTestId("waveform").evaluate((canvas, part) => {
    const pen = Object.assign(document.createElement("canvas"), { width: 4 * devicePixelRatio, height: canvas.height }).getContext("2d");
    pen.drawImage(canvas, -Math.floor(part * canvas.width), 0);
    const { data, width } = pen.getImageData(0, 0, pen.canvas.width, canvas.height);
    const rows = [...Array(canvas.height).keys()].filter((row) => data.slice(row * width * 4, (row + 1) * width * 4).some((value) => value > 0));
    const middle = Math.floor(canvas.height / 2) * width * 4;
    const colour = [...Array(width).keys()].map((x) => [...data.slice(middle + x * 4, middle + x * 4 + 4)]).find((pixel) => pixel[3] > 100);
    return { high: rows.length / canvas.height, colour: colour?.slice(0, 3).join() };
  }, at);

test("music shows its waveform, and a click on it, or a key, seeks", async () => {
  const song = join(folder, "song.flac");
  const real = sharedFiles("audio").find((name) => name.endsWith("Hungarian_Dance_5.ogg"));
  if (!real) makeMusic(`${song}.wav`, 11, 24);
  // Ten seconds of silence, and ten of music.
  ffmpeg("-t", "10", "-i", real ?? `${song}.wav`, "-af", "adelay=10s:all=1", "-ar", "44100", song);
  await choose(song);
  const { id } = await judged("song");
  const watch = page.getByRole("article", { name: "song" }).getByTestId("watch-link");
  await watch.waitFor({ timeout: patience });
  const playback = (await server.asset(id)).playback_ids[0].id;
  const waveform = await (await fetch(`${server.url}/p/${playback}/waveform.json`)).json();
  assert.equal(waveform.version, 2);
  assert.equal(waveform.data.length, 2 * waveform.length);
  assert.ok(Math.abs((waveform.length * waveform.samples_per_pixel) / waveform.sample_rate - 20) < 0.1);

  await watch.click();
  await page.getByTestId("waveform").waitFor();
  await page.waitForFunction(() => document.querySelector("media-controller video")?.duration > 19);
  assert.ok((await column(0.25)).high < 0.1, JSON.stringify(await column(0.25)));
  assert.ok((await column(0.75)).high > 0.1, JSON.stringify(await column(0.75)));
  const before = await column(0.25);
  assert.equal(before.colour, (await column(0.9)).colour);

  const time = () => page.locator("media-controller video").evaluate((video) => video.currentTime);
  const { x, y, width, height } = await page.getByTestId("waveform").boundingBox();
  await page.mouse.click(x + width * 0.6, y + height * 0.2);
  await page.waitForFunction(() => document.querySelector("media-controller video").currentTime > 11);
  assert.ok(Math.abs((await time()) - 12) < 0.5, `${await time()}`);
  await page.waitForFunction(() => document.querySelector("media-controller video").seeking === false);
  assert.notEqual((await column(0.25)).colour, before.colour);
  assert.equal((await column(0.9)).colour, before.colour);

  const slider = page.getByRole("slider", { name: "seek" });
  await slider.focus();
  const reached = await time();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction((past) => document.querySelector("media-controller video").currentTime < past, reached);
  await plays(page, (await time()) + 0.5);
  sound = playback;
});

test("who is not signed in can watch, and reads what is wrong with an address that leads nowhere", async () => {
  const { made, seen } = await visitor();
  const guest = await made.newPage();
  await guest.goto(server.url + published);
  await plays(guest);
  await guest.goto(`${server.url}/watch/${unknown}`);
  await guest.getByRole("heading", { name: "This is not available" }).waitFor();
  assert.deepEqual(await barriers(guest), []);
  assert.deepEqual(seen, []);
  await guest.goto(`${server.url}/nowhere/at/all`);
  await guest.getByRole("heading", { name: "There is no such page" }).waitFor();
  await guest.getByRole("link", { name: "To the start page" }).click();
  await guest.getByTestId("sign-in").waitFor();
  await made.close();
});

// Every page with what shows that it is complete.
const pages = () => ({
  home: ["/", page.getByTestId("asset-card").first()],
  library: ["/library", page.getByTestId("library-item").first()],
  "a published asset": [`/a/${assets.clear}`, page.getByTestId("renditions")],
  "a blocked asset": [`/a/${assets.blocked}`, page.getByTestId("match-timeline").first()],
  lists: ["/lists", page.getByTestId("list-row").first()],
  watch: [published, page.locator("media-controller video")],
  "a watch page of a sound": [`/watch/${sound}`, page.locator("media-controller video")],
});

test("every page fits on a phone", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [name, [address, complete]] of Object.entries(pages())) {
    await page.goto(server.url + address);
    await complete.waitFor();
    assert.deepEqual(await overflow(page), [], name);
  }
  await page.goto(`${server.url}/lists`);
  await page.getByTestId("list-row").first().getByRole("link").click();
  await page.getByTestId("receipt").waitFor();
  assert.deepEqual(await overflow(page), [], "a list");
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("no page has a serious barrier, in light or dark", async () => {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [name, [address, complete]] of Object.entries(pages())) {
      await page.goto(server.url + address);
      await complete.waitFor();
      for (const finding of await barriers(page)) found.push(`${name}, ${colorScheme}: ${finding}`);
    }
  }
  assert.deepEqual(found, []);
});

test("no page has logged an error or broken the content security policy", () => {
  assert.deepEqual(errors, []);
});
