import { describe, expect, test } from "vitest";
import { bars } from "../src/model/waveform";

// One pixel a second.
const waveform = (...data: number[]) => ({ sample_rate: 256, samples_per_pixel: 256, bits: 8, length: data.length / 2, data });

describe("waveform", () => {
  test("a bar is as high as the loudest of its pixels, above or below", () => {
    expect(bars(waveform(-10, 20, -40, 5, 0, 10, -1, 1), 4, 2)).toEqual([1, 0.25]);
  });

  test("with more bars than pixels each pixel is drawn more than once", () => {
    expect(bars(waveform(-8, 8, -4, 4), 2, 4)).toEqual([1, 1, 0.5, 0.5]);
  });

  test("what lies past the waveform is silence, and what lies past the work is not drawn", () => {
    expect(bars(waveform(-8, 8, -4, 4), 4, 4)).toEqual([1, 0.5, 0, 0]);
    expect(bars(waveform(-4, 4, -8, 8, -100, 100), 2, 2)).toEqual([0.5, 1]);
  });

  test("silence is flat", () => {
    expect(bars(waveform(0, 0, 0, 0), 2, 2)).toEqual([0, 0]);
  });
});
