// What an event of the stream changes in the assets that the page knows.
import type { Asset, Stage, StreamEvent } from "../api/types";

export interface KnownAsset {
  asset: Asset;
  lastStage: Stage | null; // the last task seen at work, to tell where a failure happened
}

export type AssetMap = ReadonlyMap<string, KnownAsset>;

const tasks: Stage[] = ["inspect", "fingerprint", "match", "decide", "transcode", "publish"];
const refetched = ["upload.completed", "asset.created", "asset.decided", "asset.playable", "asset.ready", "asset.blocked", "asset.errored", "asset.updated"];

// The asset that an event is about, or null.
export function eventAssetId(event: StreamEvent): string | null {
  const named = event.data?.["asset_id"] ?? event.data?.["asset"];
  if (typeof named === "string") return named;
  return event.name.startsWith("asset.") ? event.subject : null;
}

// True when the event says that there is more to know than it carries itself.
export const needsRead = (event: StreamEvent) => refetched.includes(event.name);

export function putAsset(map: AssetMap, asset: Asset): AssetMap {
  const next = new Map(map);
  const before = map.get(asset.id);
  const stage = asset.progress.stage;
  const lastStage = tasks.includes(stage) ? stage : (before?.lastStage ?? null);
  // An asset from a list lacks the details that an earlier read brought.
  next.set(asset.id, { asset: { ...before?.asset, ...asset }, lastStage });
  return next;
}

export function applyEvent(map: AssetMap, event: StreamEvent): AssetMap {
  const id = eventAssetId(event);
  const known = id === null ? undefined : map.get(id);
  if (id === null || known === undefined) return map;
  if (event.name === "asset.deleted") {
    const next = new Map(map);
    next.delete(id);
    return next;
  }
  if (event.name !== "asset.progressed") return map;
  const stage = event.data?.["stage"];
  const percent = event.data?.["percent"];
  if (typeof stage !== "string" || typeof percent !== "number") return map;
  const seconds = event.data?.["seconds"];
  const progress = { stage: stage as Stage, percent, ...(typeof seconds === "number" && { seconds }) };
  return putAsset(map, { ...known.asset, progress });
}
