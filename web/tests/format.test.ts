import { describe, expect, test } from "vitest";
import { bitRate, bytes, clock, percent, plural, timeLeft, titleFromFileName } from "../src/model/format";

describe("format", () => {
  test("times read as minutes and seconds, with hours only when there are any", () => {
    expect(clock(0)).toBe("0:00");
    expect(clock(12.4)).toBe("0:12");
    expect(clock(59.6)).toBe("1:00");
    expect(clock(3725)).toBe("1:02:05");
    expect(clock(null)).toBe("–:––");
    expect(clock(Number.NaN)).toBe("–:––");
  });

  test("sizes step at a thousand and never show 1000 of a unit", () => {
    expect(bytes(0)).toBe("0 B");
    expect(bytes(999)).toBe("999 B");
    expect(bytes(999_600)).toBe("1.0 MB");
    expect(bytes(48_211_022)).toBe("48.2 MB");
    expect(bytes(5_000_000_000)).toBe("5.0 GB");
  });

  test("the time left is rough on purpose", () => {
    expect(timeLeft(4)).toBe("a few seconds left");
    expect(timeLeft(43)).toBe("about 45 seconds left");
    expect(timeLeft(70)).toBe("about a minute left");
    expect(timeLeft(1800)).toBe("about 30 minutes left");
    expect(timeLeft(3600)).toBe("about an hour left");
    expect(timeLeft(Infinity)).toBe("");
  });

  test("percent stays within bounds and does not say 100 too early", () => {
    expect(percent(999, 1000)).toBe(99);
    expect(percent(5, 0)).toBe(0);
    expect(percent(11, 10)).toBe(100);
  });

  test("bit rates change unit at a megabit", () => {
    expect(bitRate(128_000)).toBe("128 kbit/s");
    expect(bitRate(2_800_000)).toBe("2.8 Mbit/s");
  });

  test("a title is the file's name without its ending", () => {
    expect(titleFromFileName("holiday_2024-final.mp4")).toBe("holiday 2024-final");
    expect(titleFromFileName(".mp4")).toBe(".mp4");
    expect(titleFromFileName("no ending")).toBe("no ending");
  });

  test("one is not many", () => {
    expect(plural(1, "work")).toBe("1 work");
    expect(plural(2, "work")).toBe("2 works");
  });
});
