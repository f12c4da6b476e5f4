// The library in the web application: what was found and where the person was outlast a look at an asset and a reload.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch } from "./support/browser.mjs";
import { Penstock } from "./support/penstock.mjs";

const count = 54;
let server, browser, page;

before(async () => {
  [server, browser] = await Promise.all([new Penstock().start(), launch()]);
  for (let i = 1; i <= count; ++i) await server.upload(Buffer.from(`no media ${i}`), `take ${i}.bin`);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(server.signInLink);
  await page.getByTestId("drop-zone").waitFor();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const items = () => page.getByTestId("library-item");
const search = () => new URL(page.url()).search;
const shows = (number) => page.waitForFunction((n) => document.querySelectorAll("[data-testid=library-item]").length === n, number);

test("the way back from an asset leads to as many items and the same place", async () => {
  await page.goto(`${server.url}/library`);
  await shows(24);
  for (const number of [48, count]) {
    await page.getByRole("button", { name: "Show more" }).click();
    await shows(number);
  }
  const last = items().last();
  await last.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  assert.ok(before > 1000, `${before}`);
  for (const back of [() => page.goBack(), () => page.getByTestId("asset-page").getByRole("link", { name: "Library" }).click()]) {
    await last.click();
    await page.getByTestId("asset-page").waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await back();
    await shows(count);
    await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 2, before);
  }
  await page.reload();
  await shows(count);
  await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 2, before);
});

test("a search stands in the address, and outlasts a reload and the way back", async () => {
  const field = page.getByRole("searchbox", { name: "Search the library" });
  await field.fill("take 33");
  await shows(1);
  assert.equal(search(), "?q=take+33");
  await page.reload();
  await shows(1);
  assert.equal(await field.inputValue(), "take 33");
  await items().click();
  await page.getByTestId("asset-page").waitFor();
  await page.goBack();
  await shows(1);
  assert.equal(await field.inputValue(), "take 33");
  await page.getByRole("navigation").getByRole("link", { name: "Library" }).click();
  await shows(24);
  assert.equal(await field.inputValue(), "");
  await page.goBack();
  await shows(1);
});
