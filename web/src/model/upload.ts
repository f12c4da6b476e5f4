// One upload as the page sees it: a reducer, and the speed of the last seconds.

export type UploadStatus = "queued" | "uploading" | "paused" | "failed" | "sent";

export interface Upload {
  key: string;
  fileName: string;
  size: number;
  sent: number;
  status: UploadStatus;
  assetId: string | null;
  error: string | null;
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
  | { type: "fail"; message: string }
  | { type: "finish" }
  | { type: "queue" };

const windowMs = 6000;

export function newUpload(key: string, fileName: string, size: number): Upload {
  return { key, fileName, size, sent: 0, status: "queued", assetId: null, error: null, samples: [] };
}

export function reduceUpload(upload: Upload, action: UploadAction): Upload {
  if (upload.status === "sent") return action.type === "created" ? { ...upload, assetId: action.assetId } : upload;
  switch (action.type) {
    case "queue":
      return { ...upload, status: "queued", error: null, samples: [] };
    case "start":
      return { ...upload, status: "uploading", error: null, samples: [] };
    case "created":
      return { ...upload, assetId: action.assetId };
    case "progress": {
      if (upload.status !== "uploading") return upload;
      const samples = [...upload.samples, { time: action.time, sent: action.sent }];
      return {
        ...upload,
        sent: Math.min(action.sent, upload.size),
        samples: samples.filter((sample) => action.time - sample.time <= windowMs),
      };
    }
    case "pause":
      return { ...upload, status: "paused", samples: [] };
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
