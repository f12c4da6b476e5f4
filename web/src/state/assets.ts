// The assets that the page has seen, kept true by the event stream.
import { readAsset } from "../api/assets";
import { EventStream } from "../api/events";
import type { Asset, StreamEvent } from "../api/types";
import { applyEvent, eventAssetId, needsRead, putAsset, type AssetMap, type KnownAsset } from "../model/asset-events";
import { isFinal } from "../model/stages";
import { keepTrying, streamState } from "./connection";
import { Store, useStore } from "./store";

export const assets = new Store<AssetMap>(new Map());

const listeners = new Set<(event: StreamEvent) => void>();
const reading = new Map<string, Promise<void>>();
const following = new Map<string, () => void>();

export function remember(asset: Asset): void {
  assets.update((map) => putAsset(map, asset));
}

export function forget(id: string): void {
  assets.update((map) => {
    const next = new Map(map);
    next.delete(id);
    return next;
  });
}

// Reads an asset anew. Calls for the same id while one is under way share one more read after it, so
// that the answer is never older than the call.
export function refresh(id: string): Promise<void> {
  const before = reading.get(id);
  const read = (before ?? Promise.resolve())
    .catch(() => undefined)
    .then(async () => {
      remember(await readAsset(id));
    })
    .finally(() => {
      if (reading.get(id) === read) reading.delete(id);
    });
  reading.set(id, read);
  return read;
}

// Reads an asset until the server has answered, however long it is away.
export function follow(id: string): void {
  following.get(id)?.();
  const stop = keepTrying(
    async () => {
      await refresh(id);
      if (following.get(id) === stop) following.delete(id);
    },
    (problem) => {
      if (problem.status === 404) forget(id);
    },
  );
  following.set(id, stop);
}

const stream = new EventStream({
  onState: (state) => {
    // What happened while nobody listened is read once the line stands.
    if (state === "live") refreshUnfinished();
    streamState.set(state);
  },
  onEvent: (event) => {
    assets.update((map) => applyEvent(map, event));
    // The server knows nothing of where we were: what we show may be another catalog's.
    if (event.name === "events.reset") for (const known of assets.get().keys()) follow(known);
    const id = eventAssetId(event);
    if (id !== null && needsRead(event) && assets.get().has(id)) follow(id);
    for (const listener of [...listeners]) listener(event);
  },
});

function refreshUnfinished(): void {
  for (const { asset } of assets.get().values()) {
    if (!isFinal(asset)) follow(asset.id);
  }
}

let fallback: ReturnType<typeof setInterval> | null = null;

export function startLive(): void {
  stream.start();
  // Where a proxy lets no WebSocket through, progress still moves.
  fallback ??= setInterval(() => {
    if (streamState.get() !== "live" && !document.hidden) refreshUnfinished();
  }, 5000);
}

export function stopLive(): void {
  stream.stop();
  for (const stop of following.values()) stop();
  following.clear();
  if (fallback !== null) clearInterval(fallback);
  fallback = null;
  assets.set(new Map());
}

export function onEvent(listener: (event: StreamEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useAsset = (id: string | null): KnownAsset | null =>
  useStore(assets, (map) => (id === null ? null : (map.get(id) ?? null)));
