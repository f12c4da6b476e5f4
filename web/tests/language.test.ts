import { describe, expect, test } from "vitest";
import { languageName, languages, trackName } from "../src/model/language";

describe("languages", () => {
  test("have the browser's names", () => {
    expect(languageName("en").length).toBeGreaterThan(2);
    expect(languageName("not a tag")).toBe("not a tag");
  });

  test("to choose from are sorted by name, each once", () => {
    const list = languages();
    expect(new Set(list.map(({ tag }) => tag)).size).toBe(list.length);
    expect(list.map(({ name }) => name)).toEqual(list.map(({ name }) => name).sort((a, b) => a.localeCompare(b)));
  });
});

describe("the name of a track", () => {
  test("that is its language becomes the language's name", () => {
    expect(trackName("de", "de")).toBe(languageName("de"));
    expect(trackName("de (forced)", "de")).toBe(`${languageName("de")} (forced)`);
  });

  test("that somebody gave stays", () => {
    expect(trackName("denim", "de")).toBe("denim");
    expect(trackName("Subtitles", undefined)).toBe("Subtitles");
  });
});
