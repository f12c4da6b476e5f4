// Uploads of this page: they go on while the person looks at other pages of the application.
import { Upload as TusUpload, DetailedError, type HttpResponse } from "tus-js-client";
import { isPassing, problemFrom } from "../api/problem";
import type { Visibility } from "../api/types";
import { titleFromFileName } from "../model/format";
import { newUpload, reduceUpload, type Upload, type UploadAction } from "../model/upload";
import { follow } from "./assets";
import { afterPause } from "./connection";
import { Store } from "./store";
import { forgetUnfinished, hideUnfinished, loadUnfinished, noteAsset, notedAsset } from "./unfinished";

export const uploadEndpoint = "/v1/uploads";
export const uploads = new Store<readonly Upload[]>([]);

const atOnce = 3;
const running = new Map<string, TusUpload>();
const waiting = new Map<string, () => void>(); // how to call off the next attempt
let nextKey = 1;

function apply(key: string, action: UploadAction): void {
  uploads.update((list) => list.map((u) => (u.key === key ? reduceUpload(u, action) : u)));
}

const find = (key: string) => uploads.get().find((upload) => upload.key === key);

// What a browser tells of a file that was moved or changed is what it tells of a lost connection.
const isReadable = (file: File) =>
  file.slice(0, 1).arrayBuffer().then(
    () => true,
    () => false,
  );

const answerOf = (error: Error | DetailedError) => ("originalResponse" in error ? error.originalResponse : null);

// The server is busy with this very upload (409, 423) or not there: that passes.
const passes = (status: number) => isPassing(status) || status === 409 || status === 423;

async function stopped(key: string, file: File, error: Error | DetailedError): Promise<void> {
  const answer = answerOf(error);
  if (!answer && !(await isReadable(file))) {
    apply(key, { type: "fail", message: "The file cannot be read any more. It may have been moved or changed." });
  } else if (!answer) {
    waitForServer(key, "The server cannot be reached. The upload goes on by itself once it answers.");
  } else {
    const { message } = problemFrom(answer.getStatus(), answer.getBody());
    if (passes(answer.getStatus())) waitForServer(key, `${message} The upload goes on by itself.`);
    else apply(key, { type: "fail", message });
  }
  startNext();
}

function waitForServer(key: string, message: string): void {
  const attempts = find(key)?.attempts ?? 0;
  apply(key, { type: "wait", message });
  if (find(key)?.status === "waiting") waiting.set(key, afterPause(attempts, () => resume(key)));
}

function stopWaiting(key: string): void {
  waiting.get(key)?.();
  waiting.delete(key);
}

function learnAsset(key: string, tus: TusUpload, response: HttpResponse): void {
  const id = response.getHeader("Penstock-Asset-Id") ?? (tus.url ? notedAsset(tus.url) : null);
  if (!id) return;
  if (tus.url) noteAsset(tus.url, id);
  if (find(key)?.assetId !== id) apply(key, { type: "created", assetId: id });
}

export function addFiles(files: File[], visibility: Visibility): void {
  for (const file of files) {
    const key = String(nextKey++);
    const tus: TusUpload = new TusUpload(file, {
      endpoint: uploadEndpoint,
      metadata: {
        filename: file.name,
        filetype: file.type || "application/octet-stream",
        title: titleFromFileName(file.name).slice(0, 200),
        visibility,
      },
      retryDelays: null, // afterPause() knows better when the server is back
      removeFingerprintOnSuccess: true,
      onAfterResponse: (_request, response) => learnAsset(key, tus, response),
      onUploadUrlAvailable: () => {
        const id = find(key)?.assetId;
        if (tus.url && id) noteAsset(tus.url, id);
        else if (tus.url && notedAsset(tus.url)) apply(key, { type: "created", assetId: notedAsset(tus.url) ?? "" });
      },
      onProgress: (sent) => apply(key, { type: "progress", sent, time: Date.now() }),
      onError: (error) => void stopped(key, file, error),
      onSuccess: () => {
        apply(key, { type: "finish" });
        running.delete(key);
        const id = find(key)?.assetId;
        if (id) follow(id);
        if (tus.url) forgetUnfinished(tus.url);
        startNext();
      },
    });
    running.set(key, tus);
    uploads.update((list) => [newUpload(key, file.name, file.size), ...list]);
  }
  startNext();
}

async function start(key: string): Promise<void> {
  const tus = running.get(key);
  if (!tus) return;
  apply(key, { type: "start" });
  if (!tus.url) {
    const previous = await tus.findPreviousUploads();
    const last = previous[previous.length - 1];
    if (last) {
      tus.resumeFromPreviousUpload(last);
      if (last.uploadUrl) hideUnfinished(last.uploadUrl);
    }
  }
  if (find(key)?.status === "uploading") tus.start();
}

function startNext(): void {
  const list = uploads.get();
  let free = atOnce - list.filter((upload) => upload.status === "uploading").length;
  for (const upload of [...list].reverse()) {
    if (free > 0 && upload.status === "queued") {
      free--;
      void start(upload.key);
    }
  }
}

export async function pause(key: string): Promise<void> {
  stopWaiting(key);
  apply(key, { type: "pause" });
  await running.get(key)?.abort();
  startNext();
}

export function resume(key: string): void {
  stopWaiting(key);
  apply(key, { type: "queue" });
  startNext();
}

// Stops an upload and has the server forget what it holds of it.
export async function cancel(key: string): Promise<void> {
  const tus = running.get(key);
  const url = tus?.url ?? null;
  stopWaiting(key);
  running.delete(key);
  uploads.update((list) => list.filter((upload) => upload.key !== key));
  startNext();
  try {
    await tus?.abort(true);
  } catch {
    // The server lets it expire.
  }
  if (url) forgetUnfinished(url);
  lookForUnfinished();
}

export function dismiss(key: string): void {
  running.delete(key);
  uploads.update((list) => list.filter((upload) => upload.key !== key));
  lookForUnfinished();
}

export function lookForUnfinished(): void {
  void loadUnfinished([...running.values()].map((tus) => tus.url ?? ""));
}

export function warnBeforeLeaving(): void {
  window.addEventListener("beforeunload", (event) => {
    if (uploads.get().some((upload) => ["uploading", "queued", "waiting"].includes(upload.status))) event.preventDefault();
  });
}
