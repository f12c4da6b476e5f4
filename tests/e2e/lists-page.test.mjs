// The versions of a list in the web application, as a person with a browser meets them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { launch } from "./support/browser.mjs";
import { makeMusic, workFolder } from "./support/media.mjs";
import { barriers, overflow, watchErrors } from "./support/page.mjs";
import { Penstock } from "./support/penstock.mjs";

const folder = workFolder();
let server, browser, page, errors, list, rows, works;

before(async () => {
  works = ["one", "two"].map((name) => join(folder, `${name}.wav`));
  works.forEach((file, i) => makeMusic(file, 30 + i, 15));
  [server, browser] = await Promise.all([new Penstock().start(), launch()]);
  rows = server.run("fingerprint", ...works).trim().split("\n").slice(1);
  const load = (lines) => server.json("/v1/reference-lists?list=catalogue&holder=Harbour", { method: "POST", body: lines.join("\n") });
  await load(rows);
  ({ list } = await load(rows.slice(1)));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  errors = watchErrors(context);
  page = await context.newPage();
  await page.goto(server.signInLink);
  await page.goto(`${server.url}/lists/${list.id}`);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const version = (number) => page.locator(`[data-testid=list-version][data-version="${number}"]`);

test("a list goes back to an earlier version after a question", async () => {
  await version(2).getByText("Active").waitFor();
  await page.getByRole("button", { name: "Go back to version 1" }).click();
  const question = page.getByTestId("confirm");
  await question.getByText("2 fingerprints").waitFor();
  await question.getByRole("button", { name: "Go back" }).click();
  await version(1).getByText("Active").waitFor();
  await page.getByTestId("receipt").getByText("version 1").waitFor();
  assert.equal((await server.json(`/v1/reference-lists/${list.id}`)).version, 1);
});

test("a version is exported by its link", async () => {
  const [download] = await Promise.all([page.waitForEvent("download"), version(2).getByRole("link", { name: "Export" }).click()]);
  assert.equal(download.suggestedFilename(), `${list.id}.ndjson`);
});

const file = (name, text) => ({ name, mimeType: "application/octet-stream", buffer: gzipSync(text) });

test("a file fills the form from its header, and its list keeps its policy", async () => {
  await server.json(`/v1/reference-lists/${list.id}`, {
    method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ policy: "track" }),
  });
  await page.goto(`${server.url}/lists`);
  await page.getByTestId("list-row").waitFor();
  const form = page.getByTestId("import-form");
  const header = JSON.stringify({ penstock_list: 1, holder: "Harbour", list: "catalogue", policy: "block" });
  await form.locator("input[type=file]").first().setInputFiles(file("again.ndjson.gz", [header, ...rows].join("\n")));
  await form.getByText("The file asks for Block.").waitFor();
  assert.equal(await form.getByRole("textbox", { name: "Rights holder" }).inputValue(), "Harbour");
  assert.equal(await form.getByRole("textbox", { name: "Name of the list" }).inputValue(), "catalogue");
  assert.equal(await form.getByTestId("policy-select").inputValue(), "track");
  await form.getByRole("button", { name: "Load the list" }).click();
  await page.locator("[data-testid=import-receipt][data-tone=good]").waitFor();
  const { policy, version } = await server.json(`/v1/reference-lists/${list.id}`);
  assert.deepEqual({ policy, version }, { policy: "track", version: 3 });
});

test("a file of which no line is accepted looks like a failure", async () => {
  const form = page.getByTestId("import-form");
  await form.locator("input[type=file]").first().setInputFiles(file("bad.ndjson", '{"penstock_list":1,"list":"bad"}\n{"kind":"audio"}\n'));
  await page.waitForFunction(() => document.querySelector("[data-testid=import-form] input[placeholder^=Catalogue]").value === "bad");
  await form.getByRole("button", { name: "Only check it" }).click();
  const receipt = page.locator("[data-testid=import-receipt][data-tone=bad]");
  await receipt.getByText("Nothing of “bad” would be accepted").waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.goto(`${server.url}/lists/${list.id}`);
});

test("a work that two holders claim is shown with both, and settled", async () => {
  await server.json("/v1/reference-lists?list=copy&holder=Pier", { method: "POST", body: rows[0] });
  await page.goto(`${server.url}/lists`);
  const hold = page.getByTestId("hold");
  await hold.getByText("Pier").waitFor();
  await hold.getByText("Harbour").waitFor();
  assert.deepEqual(await barriers(page), []);
  await hold.getByRole("button", { name: /Let both match/ }).click();
  await hold.waitFor({ state: "detached" });
  const copy = (await server.json("/v1/reference-lists")).items.find(({ name }) => name === "copy");
  assert.equal(copy.references, 1);
  await server.fetch(`/v1/reference-lists/${copy.id}`, { method: "DELETE" });
  await page.goto(`${server.url}/lists/${list.id}`);
});

test("the page of a list fits on a phone, without barriers or errors", async () => {
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await version(1).waitFor();
  assert.deepEqual(await overflow(page), []);
  assert.deepEqual(errors, []);
});

// What reaches past the window, or past a frame that would have to be scrolled sideways.
const tooWide = async () => [
  ...(await overflow(page)),
  ...(await page.evaluate(() =>
    [...document.querySelectorAll("main *, dialog, .toast")]
      .filter((each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1)
      .map((each) => `${each.tagName.toLowerCase()}.${each.className}: ${each.scrollWidth} in ${each.clientWidth}`),
  )),
];

test("names of 200 characters without a space fit on every page", async () => {
  const long = (word) => word.repeat(200).slice(0, 200);
  const [holder, name, title] = ["Holder", "Catalogue", "Song"].map(long);
  const body = rows.map((row) => JSON.stringify({ ...JSON.parse(row), title })).join("\n");
  await server.fetch(`/v1/reference-lists/${list.id}`, { method: "DELETE" }); // the same works twice would wait for a word
  const receipt = await server.json(`/v1/reference-lists?holder=${holder}&list=${name}&policy=review`, { method: "POST", body });
  const asset = await server.upload(readFileSync(works[0]), `${long("file")}.wav`);
  await server.settled(asset);
  const places = {
    "/": page.getByTestId("match-timeline").first(),
    "/library": page.getByTestId("library-item").first(),
    "/library?q=file": page.getByTestId("library-item").first(),
    [`/library?q=${name}`]: page.getByTestId("empty"),
    [`/a/${asset}`]: page.getByTestId("match-timeline").first(),
    "/lists": page.getByTestId("list-row").first(),
    [`/lists/${receipt.list.id}`]: page.getByTestId("list-version").first(),
  };
  for (const [width, height] of [[390, 844], [768, 1024], [1440, 900]]) {
    await page.setViewportSize({ width, height });
    for (const [place, complete] of Object.entries(places)) {
      await page.goto(server.url + place);
      await complete.waitFor();
      assert.deepEqual(await tooWide(), [], `${place.slice(0, 20)} at ${width}`);
    }
    await page.goto(`${server.url}/lists`);
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await page.getByTestId("confirm").waitFor();
    assert.deepEqual(await tooWide(), [], `a question at ${width}`);
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: `Policy of ${name}` }).selectOption(width > 400 ? "track" : "review");
    await page.locator(".toast").waitFor();
    assert.deepEqual(await tooWide(), [], `a message at ${width}`);
  }
  assert.deepEqual(errors, []);
});
