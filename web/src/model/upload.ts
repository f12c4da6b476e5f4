// One upload as the page sees it: a reducer, and the speed of the last seconds.

export type UploadStatus = "queued" | "uploading" | "waiting" | "paused" | "failed" | "sent";

export interface Upload {
  key: string;
  fileName: string;
  size: number;
  sent: number;
  status: UploadStatus;
  assetId: string | null;
  error: string | null;
  kept: number; // bytes that the server had when the running stretch began
  attempts: number; // stretches in a row that brought the server nothing
  samples: Sample[]; // of the running stretch, oldest first
}

export interface Sample {
  time: number; // milliseconds
  sent: number;
}

export type UploadAction =
  | { type: "start" }
  | { type: "created"; assetId: string }
  | { type: "progress"; sent: number; time: number }
  | { type: "pause" }
  | { type: "wait"; message: string }
  | { type: "fail"; message: string }
  | { type: "finish" }
  | { type: "queue" };

const windowMs = 6000;

export function newUpload(key: string, fileName: string, size: number): Upload {
  return { key, fileName, size, sent: 0, status: "queued", assetId: null, error: null, kept: 0, attempts: 0, samples: [] };
}

export function reduceUpload(upload: Upload, action: UploadAction): Upload {
  if (upload.status === "sent") return action.type === "created" ? { ...upload, assetId: action.assetId } : upload;
  switch (action.type) {
    // What kept an upload waiting stands until bytes move again.
    case "queue":
      return { ...upload, status: "queued", error: upload.status === "waiting" ? upload.error : null, samples: [] };
    case "start":
      return { ...upload, status: "uploading", samples: [] };
    case "created":
      return { ...upload, assetId: action.assetId };
    case "progress": {
      if (upload.status !== "uploading") return upload;
      // The first news of a stretch is what the server has.
      const kept = upload.samples.length === 0 ? action.sent : upload.kept;
      const samples = [...upload.samples, { time: action.time, sent: action.sent }];
      return {
        ...upload,
        error: null,
        kept,
        attempts: kept > upload.kept ? 0 : upload.attempts,
        sent: Math.min(action.sent, upload.size),
        samples: samples.filter((sample) => action.time - sample.time <= windowMs),
      };
    }
    case "pause":
      return { ...upload, status: "paused", error: null, samples: [] };
    case "wait":
      if (upload.status !== "uploading") return upload;
      return { ...upload, status: "waiting", error: action.message, attempts: upload.attempts + 1, samples: [] };
    case "fail":
      return { ...upload, status: "failed", error: action.message, samples: [] };
    case "finish":
      return { ...upload, status: "sent", sent: upload.size, error: null, samples: [] };
  }
}

// Bytes a second over the last seconds; null while too little is known.
export function uploadSpeed(upload: Upload): number | null {
  const first = upload.samples[0];
  const last = upload.samples[upload.samples.length - 1];
  if (!first || !last || last.time - first.time < 500) return null;
  const rate = ((last.sent - first.sent) * 1000) / (last.time - first.time);
  return rate > 0 ? rate : null;
}

export function secondsLeft(upload: Upload): number | null {
  const rate = uploadSpeed(upload);
  return rate === null ? null : (upload.size - upload.sent) / rate;
}
