import type { Asset } from "../../src/api/types";

export const asset = (change: Partial<Asset> = {}): Asset => ({
  id: "a1",
  title: "Clip",
  status: "ready",
  playable: true,
  rights: "clear",
  progress: { stage: "ready", percent: 100 },
  kind: "video",
  has_picture: true,
  duration: 61.2,
  visibility: "public",
  playback_ids: [{ id: "p1", policy: "public" }],
  renditions: [],
  error: null,
  file_name: "clip.mp4",
  size: 1000,
  sha256: null,
  created: "2026-11-24T06:00:00Z",
  updated: "2026-11-24T06:00:00Z",
  media: null,
  ...change,
});
