import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../src/api/problem";
import { afterPause, keepTrying, streamState } from "../src/state/connection";

const away = new Problem(0, "network", "The server cannot be reached.");

describe("a server that is away", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", new EventTarget());
    streamState.set("waiting");
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("is asked again after pauses that grow, until it answers", async () => {
    let answers = false;
    const work = vi.fn(() => (answers ? Promise.resolve() : Promise.reject(away)));
    const problems = vi.fn();
    keepTrying(work, problems);
    await vi.advanceTimersByTimeAsync(10_000);
    const asked = work.mock.calls.length;
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThanOrEqual(6);
    expect(problems).toHaveBeenCalledTimes(asked);
    answers = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(work).toHaveBeenCalledTimes(asked + 1);
  });

  test("is asked at once when the browser is online again, or the event stream stands", () => {
    const again = vi.fn();
    afterPause(20, again);
    window.dispatchEvent(new Event("online"));
    expect(again).toHaveBeenCalledTimes(1);
    afterPause(20, again);
    streamState.set("live");
    expect(again).toHaveBeenCalledTimes(2);
    window.dispatchEvent(new Event("online"));
    vi.advanceTimersByTime(120_000);
    expect(again).toHaveBeenCalledTimes(2);
  });

  test("is left alone once nobody waits for it", async () => {
    const work = vi.fn(() => Promise.reject(away));
    const stop = keepTrying(work, () => {});
    await vi.advanceTimersByTimeAsync(0);
    stop();
    window.dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("is not asked again when it has refused", async () => {
    const work = vi.fn(() => Promise.reject(new Problem(404, "asset_not_found", "Gone.")));
    const problems = vi.fn();
    keepTrying(work, problems);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(work).toHaveBeenCalledTimes(1);
    expect(problems).toHaveBeenCalledTimes(1);
  });
});
