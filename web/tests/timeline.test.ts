import { describe, expect, test } from "vitest";
import { coveredSeconds, geometry, railSeconds, segmentSentence, span, ticks, tickStep } from "../src/model/timeline";

const segment = { upload_start: 12.4, upload_end: 40.1, reference_start: 71.9, reference_end: 99.6 };

describe("timeline", () => {
  test("a stretch is drawn in proportion", () => {
    expect(span(10, 30, 100, 500)).toEqual({ x: 50, width: 100 });
  });

  test("a stretch is never too thin to see and never leaves the rail", () => {
    const thin = span(99.99, 100, 100, 500);
    expect(thin.width).toBeGreaterThanOrEqual(3);
    expect(thin.x + thin.width).toBeLessThanOrEqual(500);
    expect(span(90, 140, 100, 500)).toEqual({ x: 450, width: 50 });
  });

  test("the band joins both stretches", () => {
    const { bands } = geometry([segment], 61.2, 199.2, 612, 32, 78);
    expect(bands).toHaveLength(1);
    expect(bands[0]!.upload.x).toBeCloseTo(124);
    expect(bands[0]!.upload.width).toBeCloseTo(277);
    expect(bands[0]!.reference.x).toBeCloseTo((71.9 / 199.2) * 612);
    expect(bands[0]!.path).toMatch(/^M124\.0 32C/);
    expect(bands[0]!.path.endsWith("32Z")).toBe(true);
  });

  test("an unknown duration falls back to the end of the last stretch", () => {
    const { bands } = geometry([segment], null, 0, 401, 0, 10);
    expect(bands[0]!.upload.x + bands[0]!.upload.width).toBeCloseTo(401);
  });

  test("a rail is as long as the work, and never empty", () => {
    expect(railSeconds(214.6, [99.6])).toBe(214.6);
    expect(railSeconds(90, [99.6])).toBe(99.6);
    expect(railSeconds(null, [])).toBeGreaterThan(0);
  });

  test("ticks are round and far enough apart", () => {
    expect(tickStep(61.2, 600)).toBe(10);
    expect(tickStep(7200, 320)).toBe(1800);
    const list = ticks(60, 600);
    expect(list.map((tick) => tick.text)).toEqual(["0:00", "0:10", "0:20", "0:30", "0:40", "0:50", "1:00"]);
    expect(list[0]!.anchor).toBe("start");
    expect(list[6]!.anchor).toBe("end");
  });

  test("seconds that two stretches share count once", () => {
    const other = { ...segment, upload_start: 30, upload_end: 50 };
    expect(coveredSeconds([other, segment])).toBeCloseTo(37.6);
    expect(coveredSeconds([])).toBe(0);
  });

  test("a stretch reads as a sentence", () => {
    expect(segmentSentence(segment, "Vibe Ace")).toBe("0:12 to 0:40 of the upload is 1:12 to 1:40 of “Vibe Ace”");
  });
});
