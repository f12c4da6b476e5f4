import { describe, expect, test } from "vitest";
import type { Asset, Rights, Stage } from "../src/api/types";
import { badges, steps } from "../src/model/stages";
import { asset } from "./support/asset";

const states = (stage: Stage, rights: Rights = "pending", media: Asset["media"] = null, last: Stage | null = null) =>
  steps({ progress: { stage, percent: 40 }, rights, media }, last)
    .map((step) => step.state)
    .join(" ");

describe("stages", () => {
  test("a running asset has finished steps before and waiting steps after", () => {
    expect(states("match")).toBe("done done active waiting waiting waiting");
  });

  test("a ready asset has all steps behind it", () => {
    expect(states("ready", "clear")).toBe("done done done done done done");
  });

  test("a review waits for a person at the decision", () => {
    expect(states("review", "review")).toBe("done done done person waiting waiting");
  });

  test("a blocked asset stops at the decision", () => {
    expect(states("blocked", "blocked")).toBe("done done done stopped skipped skipped");
  });

  test("a failure stands where it was last seen at work", () => {
    expect(states("errored", "pending", null, "match")).toBe("done done failed skipped skipped skipped");
  });

  test("an unseen failure stands at the first step without a trace", () => {
    const media = { container: "mp4", streams: [] };
    expect(states("errored")).toBe("failed skipped skipped skipped skipped skipped");
    expect(states("errored", "pending", media)).toBe("done failed skipped skipped skipped skipped");
    expect(states("errored", "clear", media)).toBe("done done done done failed skipped");
  });

  test("badges say the worst first and nothing besides it", () => {
    const texts = (change: Partial<Asset>) => badges(asset(change)).map((badge) => badge.text);
    expect(texts({})).toEqual(["Ready"]);
    expect(texts({ rights: "claimed", visibility: "private" })).toEqual(["Ready", "Claimed", "Private"]);
    expect(texts({ status: "errored", progress: { stage: "errored", percent: 0 } })).toEqual(["Failed"]);
    expect(texts({ status: "errored", rights: "blocked", progress: { stage: "blocked", percent: 100 } })).toEqual(["Blocked"]);
    expect(texts({ status: "preparing", progress: { stage: "transcode", percent: 43 } })).toEqual(["Transcode 43 %"]);
  });
});
