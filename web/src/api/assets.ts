import { request } from "./client";
import type { Asset, Decision, Match, Page, TextTrack, Visibility } from "./types";

const one = (id: string) => `/v1/assets/${encodeURIComponent(id)}`;

export interface AssetQuery {
  limit?: number;
  cursor?: string | null;
  q?: string;
}

export const listAssets = (query: AssetQuery, signal?: AbortSignal) =>
  request<Page<Asset>>("/v1/assets", { query: { ...query }, ...(signal ? { signal } : {}) });
export const readAsset = (id: string) => request<Asset>(one(id));
export const changeAsset = (id: string, change: { title?: string; visibility?: Visibility }) =>
  request<Asset | undefined>(one(id), { method: "PATCH", json: change });
export const deleteAsset = (id: string) => request<void>(one(id), { method: "DELETE" });
export const readMatches = async (id: string) =>
  (await request<{ matches: Match[] }>(`${one(id)}/matches`)).matches;
// Every decision there was, the newest first.
export const readDecisions = async (id: string) => (await request<Page<Decision>>(`${one(id)}/decisions`)).items;
export const decide = (id: string, action: "allow" | "block", reason: string) =>
  request<unknown>(`${one(id)}/decision`, { method: "POST", json: reason ? { action, reason } : { action } });
export const retryAsset = (id: string) => request<unknown>(`${one(id)}/retry`, { method: "POST" });
export const addTextTrack = (id: string, file: File, track: { language: string; kind: TextTrack["kind"] }) =>
  request<TextTrack>(`${one(id)}/text-tracks`, { method: "POST", query: { ...track }, body: file, contentType: "text/plain" });
export const removeTextTrack = (id: string, track: string) =>
  request<void>(`${one(id)}/text-tracks/${encodeURIComponent(track)}`, { method: "DELETE" });
