import { describe, expect, test } from "vitest";
import type { StreamEvent } from "../src/api/types";
import { applyEvent, eventAssetId, needsRead, putAsset, type AssetMap } from "../src/model/asset-events";
import { asset } from "./support/asset";

const event = (name: string, data: StreamEvent["data"] = null, subject = "a1"): StreamEvent => ({
  cursor: "1",
  time: "2026-11-24T06:00:00Z",
  name,
  subject,
  data,
});
const none: AssetMap = new Map();
const known = putAsset(none, asset({ status: "preparing", progress: { stage: "inspect", percent: 0 } }));

describe("asset events", () => {
  test("progress moves the asset and remembers the task", () => {
    const next = applyEvent(known, event("asset.progressed", { stage: "match", percent: 50, seconds: 3.5 }));
    expect(next.get("a1")?.asset.progress).toEqual({ stage: "match", percent: 50, seconds: 3.5 });
    expect(next.get("a1")?.lastStage).toBe("match");
  });

  test("a failure keeps the task that was last at work", () => {
    const next = putAsset(known, asset({ status: "errored", progress: { stage: "errored", percent: 0 } }));
    expect(next.get("a1")?.lastStage).toBe("inspect");
  });

  test("an asset from a list keeps the details of an earlier read", () => {
    const media = { container: "mp4", streams: [] };
    const { media: _none, ...listed } = asset({ title: "New" });
    const next = putAsset(putAsset(none, asset({ media })), listed);
    expect(next.get("a1")?.asset).toMatchObject({ title: "New", media });
  });

  test("a deleted asset is gone", () => {
    expect(applyEvent(known, event("asset.deleted")).has("a1")).toBe(false);
  });

  test("events of unknown assets, and odd ones, change nothing", () => {
    expect(applyEvent(known, event("asset.progressed", { stage: "match", percent: 1 }, "other"))).toBe(known);
    expect(applyEvent(known, event("asset.progressed", { stage: "match" }))).toBe(known);
    expect(applyEvent(known, event("list.imported"))).toBe(known);
  });

  test("the subject names the asset, unless the data does", () => {
    expect(eventAssetId(event("asset.ready"))).toBe("a1");
    expect(eventAssetId(event("upload.completed", { asset_id: "a2" }, "u1"))).toBe("a2");
    expect(eventAssetId(event("list.imported", null, "l1"))).toBeNull();
  });

  test("turning points are read from the server, progress is not", () => {
    expect(needsRead(event("asset.decided"))).toBe(true);
    expect(needsRead(event("asset.progressed"))).toBe(false);
  });
});
