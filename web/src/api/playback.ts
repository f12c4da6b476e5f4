import { request } from "./client";
import type { Asset, PlaybackMetadata } from "./types";

export const playbackFile = (id: string, file: string) => `/p/${encodeURIComponent(id)}/${file}`;
export const watchPath = (id: string) => `/watch/${encodeURIComponent(id)}`;
export const readPlayback = (id: string) => request<PlaybackMetadata>(playbackFile(id, "metadata.json"));

// The playback id to show and to share: a public one before a signed one.
export function mainPlaybackId(asset: Asset): string | null {
  const open = asset.playback_ids.find((playback) => playback.policy === "public");
  return (open ?? asset.playback_ids[0])?.id ?? null;
}
