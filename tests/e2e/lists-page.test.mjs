// The versions of a list in the web application, as a person with a browser meets them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch } from "./support/browser.mjs";
import { makeMusic, workFolder } from "./support/media.mjs";
import { barriers, overflow, watchErrors } from "./support/page.mjs";
import { Penstock } from "./support/penstock.mjs";

const folder = workFolder();
let server, browser, page, errors, list, work;

before(async () => {
  const works = ["one", "two"].map((name) => join(folder, `${name}.wav`));
  works.forEach((file, i) => makeMusic(file, 30 + i, 15));
  [server, browser] = await Promise.all([new Penstock().start(), launch()]);
  const rows = server.run("fingerprint", ...works).trim().split("\n").slice(1);
  const load = (lines) => server.json("/v1/reference-lists?list=catalogue&holder=Harbour", { method: "POST", body: lines.join("\n") });
  await load(rows);
  work = rows[0];
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

test("a work that two holders claim is shown with both, and settled", async () => {
  await server.json("/v1/reference-lists?list=copy&holder=Pier", { method: "POST", body: work });
  await page.goto(`${server.url}/lists`);
  const hold = page.getByTestId("hold");
  await hold.getByText("Pier").waitFor();
  await hold.getByText("Harbour").waitFor();
  assert.deepEqual(await barriers(page), []);
  await hold.getByRole("button", { name: /Let both match/ }).click();
  await hold.waitFor({ state: "detached" });
  const copy = (await server.json("/v1/reference-lists")).items.find(({ name }) => name === "copy");
  assert.equal(copy.references, 1);
  await page.goto(`${server.url}/lists/${list.id}`);
});

test("the page of a list fits on a phone, without barriers or errors", async () => {
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await version(1).waitFor();
  assert.deepEqual(await overflow(page), []);
  assert.deepEqual(errors, []);
});
