// The versions of a list in the web application, as a person with a browser meets them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { launch } from "./support/browser.mjs";
import { makeMusic, workFolder } from "./support/media.mjs";
import { barriers, overflow, watchErrors } from "./support/page.mjs";
import { Penstock } from "./support/penstock.mjs";

const folder = workFolder();
let server, browser, page, errors, list, rows;

before(async () => {
  const works = ["one", "two"].map((name) => join(folder, `${name}.wav`));
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

test("the page of a list fits on a phone, without barriers or errors", async () => {
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await version(1).waitFor();
  assert.deepEqual(await overflow(page), []);
  assert.deepEqual(errors, []);
});
