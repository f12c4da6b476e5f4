// The web application while the server is away: it says so, and goes on by itself.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch } from "./support/browser.mjs";
import { makeMusic, workFolder } from "./support/media.mjs";
import { barriers, overflow } from "./support/page.mjs";
import { Penstock, sleep } from "./support/penstock.mjs";

const folder = workFolder();
const patience = 60_000;
let server, browser, context, page;

const music = (name, seed) => {
  const file = join(folder, `${name}.wav`);
  makeMusic(file, seed, 6);
  return file;
};
const card = (name) => page.locator(`[data-testid=asset-card]`, { has: page.getByRole("heading", { name }) });

before(async () => {
  [server, browser] = await Promise.all([new Penstock().start(), launch()]);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  await page.goto(server.signInLink);
  await page.getByTestId("drop-zone").waitFor();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("an upload whose asset cannot be read when it is complete is shown once it can", async () => {
  await page.route("**/v1/assets/*", (route) => route.abort());
  await page.getByTestId("file-input").setInputFiles(music("unread", 51));
  await page.locator("[data-testid=upload-card][data-status=sent]").waitFor({ timeout: patience });
  await sleep(6000);
  assert.equal(await card("unread").count(), 0);
  await page.unroute("**/v1/assets/*");
  await card("unread").getByTestId("watch-link").waitFor({ timeout: patience });
});

test("a browser that was offline for a while shows what became of an upload", async () => {
  await page.getByTestId("file-input").setInputFiles(music("offline", 52));
  await page.getByRole("article", { name: "offline" }).waitFor();
  await context.setOffline(true);
  await sleep(3000);
  await context.setOffline(false);
  await card("offline").getByTestId("watch-link").waitFor({ timeout: patience });
});

test("while the server is away the page says so, and catches up by itself when it is back", async () => {
  await server.kill();
  const upload = page.getByRole("article", { name: "away.wav" });
  await page.getByTestId("file-input").setInputFiles(music("away", 53));
  await upload.getByText("The server cannot be reached. The upload goes on by itself").waitFor();
  assert.equal(await upload.getAttribute("data-status"), "waiting");
  await page.getByRole("navigation").getByRole("link", { name: "Library" }).click();
  await page.getByText("The library cannot be shown").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Upload" }).click();
  const latest = page.getByText("Your latest uploads cannot be shown");
  await latest.waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await overflow(page), []);
  await server.start();
  await latest.waitFor({ state: "detached", timeout: patience });
  await card("away").getByTestId("watch-link").waitFor({ timeout: patience });
});

test("an upload that was not finished in time is shown as expired", async (t) => {
  const home = await new Penstock({ "upload.expire_after": "1s" }).start();
  t.after(() => home.remove());
  const own = await browser.newContext();
  t.after(() => own.close());
  const created = await home.fetch("/v1/uploads", {
    method: "POST",
    headers: { "Tus-Resumable": "1.0.0", "Upload-Length": "100" },
  });
  const visit = await own.newPage();
  await visit.goto(home.signInLink);
  await visit.getByTestId("drop-zone").waitFor();
  await visit.evaluate((uploadUrl) => {
    const kept = { size: 100, metadata: { filename: "late.mp4" }, creationTime: new Date().toString(), uploadUrl };
    localStorage.setItem("tus::late::1", JSON.stringify(kept));
  }, home.url + created.headers.get("Location"));
  await sleep(1100);
  await visit.reload();
  const late = visit.locator("[data-testid=unfinished-card][data-expired=true]");
  await late.getByText("It was not finished in time").waitFor({ timeout: patience });
  assert.deepEqual(await barriers(visit), []);
  await late.getByRole("button", { name: "Discard late.mp4" }).click();
  await late.waitFor({ state: "detached" });
  await visit.reload();
  await visit.getByTestId("drop-zone").waitFor();
  await sleep(500);
  assert.equal(await late.count(), 0);
});
