// What a page may be asked beyond its own elements: what it logged, whether it fits, whether everybody can use it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Collects errors of every page of a context. `expected` tells the addresses whose failure is part of the test.
export function watchErrors(context, expected = () => false) {
  const errors = [];
  context.on("page", (page) => {
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (!["error", "warning"].includes(message.type()) || expected(message.location().url)) return;
      errors.push(`${page.url()}: ${message.text()} (${message.location().url})`);
    });
  });
  return errors;
}

// Everything that reaches past the right edge of the window, as selectors.
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`);
  });
}

// The serious and critical findings of axe-core, one line each.
export async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.any[0]?.message ?? node.failureSummary}`));
}

// Resolves when the video of the page has played for some time; says where it stands otherwise.
export async function plays(page, seconds = 0.5) {
  const video = page.locator("media-controller video");
  await video.waitFor();
  await video.evaluate((element) => element.play());
  try {
    await page.waitForFunction((least) => document.querySelector("media-controller video").currentTime > least, seconds, { timeout: 30_000 });
  } catch {
    const state = await video.evaluate(({ currentTime, readyState, error }) => ({ currentTime, readyState, error: error?.message }));
    assert.fail(`nothing plays: ${JSON.stringify(state)}`);
  }
}
