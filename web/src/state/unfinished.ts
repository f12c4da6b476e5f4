// Uploads that an earlier visit began: the browser gave up the file, the server kept the bytes.
import { defaultOptions, Upload as TusUpload, type PreviousUpload } from "tus-js-client";
import { request } from "../api/client";
import { asProblem } from "../api/problem";
import type { Visibility } from "../api/types";
import { Store } from "./store";

export interface Unfinished {
  url: string;
  storageKey: string;
  fileName: string;
  size: number;
  sent: number;
  expired: boolean; // the server has kept nothing of it
  visibility: Visibility;
}

export const unfinished = new Store<readonly Unfinished[]>([]);

const notesKey = "penstock.upload-assets";

function notes(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(notesKey) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

function keepNotes(all: Record<string, string>): void {
  try {
    localStorage.setItem(notesKey, JSON.stringify(all));
  } catch {
    // Storage is off or full: uploads work, they only cannot be found again after a reload.
  }
}

// Which asset an upload became; only the answer to its creation says so.
export const notedAsset = (url: string): string | null => notes()[url] ?? null;
export const noteAsset = (url: string, id: string): void => keepNotes({ ...notes(), [url]: id });

export function hideUnfinished(url: string): void {
  unfinished.update((list) => list.filter((upload) => upload.url !== url));
}

export function forgetUnfinished(url: string): void {
  hideUnfinished(url);
  const { [url]: _gone, ...rest } = notes();
  void _gone;
  keepNotes(rest);
}

interface ServerUpload {
  status: string;
  offset: number;
}

// What the server has; null when it is over in another way than by time.
async function stateOf(url: string): Promise<Pick<Unfinished, "sent" | "expired"> | null> {
  try {
    const { status, offset } = await request<ServerUpload>(url);
    if (status === "timed_out") return { sent: 0, expired: true };
    return status === "waiting" ? { sent: offset, expired: false } : null;
  } catch (error) {
    return asProblem(error).status === 404 ? null : { sent: 0, expired: false };
  }
}

async function look(previous: PreviousUpload): Promise<Unfinished | null> {
  const { uploadUrl: url, size, urlStorageKey, metadata } = previous;
  if (!url || size === null) return null;
  const state = await stateOf(url);
  if (state === null || state.sent >= size) {
    await defaultOptions.urlStorage.removeUpload(urlStorageKey);
    return null;
  }
  const visibility = metadata["visibility"] === "private" ? "private" : "public";
  return { url, storageKey: urlStorageKey, fileName: metadata["filename"] ?? "A file", size, ...state, visibility };
}

// `active` are the addresses of uploads that this page is working on.
export async function loadUnfinished(active: readonly string[] = []): Promise<void> {
  try {
    const stored = await defaultOptions.urlStorage.findAllUploads();
    const found = await Promise.all(stored.filter((p) => !active.includes(p.uploadUrl ?? "")).map(look));
    unfinished.set(found.filter((u): u is Unfinished => u !== null));
  } catch {
    unfinished.set([]);
  }
}

export async function discard(upload: Unfinished): Promise<void> {
  forgetUnfinished(upload.url);
  await defaultOptions.urlStorage.removeUpload(upload.storageKey);
  await TusUpload.terminate(upload.url).catch(() => undefined);
}
