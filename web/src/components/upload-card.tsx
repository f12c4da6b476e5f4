import { useEffect } from "preact/hooks";
import { bytes, percent, speed, timeLeft } from "../model/format";
import { secondsLeft, uploadSpeed, type Upload } from "../model/upload";
import { assets, follow, useAsset } from "../state/assets";
import { cancel, dismiss, pause, resume } from "../state/uploads";
import { AssetCard } from "./asset-card";
import { Icon } from "./icon";
import { Notice } from "./notice";
import { ProgressBar } from "./progress-bar";

function statusLine(upload: Upload): string {
  const sent = `${bytes(upload.sent)} of ${bytes(upload.size)}`;
  if (upload.status === "queued") return "Waits for its turn";
  if (upload.status === "waiting") return `Waits for the server · ${sent}`;
  if (upload.status === "paused") return `Paused · ${sent}`;
  if (upload.status === "failed") return `Stopped · ${sent}`;
  if (upload.status === "sent") return "Uploaded";
  const rate = uploadSpeed(upload);
  const left = secondsLeft(upload);
  return [sent, rate === null ? "" : speed(rate), left === null ? "" : timeLeft(left)].filter(Boolean).join(" · ");
}

function Transfer({ upload }: { upload: Upload }) {
  const { key, fileName, status } = upload;
  const value = percent(upload.sent, upload.size);
  return (
    <article class="card upload-card" data-testid="upload-card" data-status={status} aria-label={fileName}>
      <header class="card-head">
        <span class="file-icon">
          <Icon name="upload" size={22} />
        </span>
        <div class="card-title">
          <h3>{fileName}</h3>
          <p class="soft num">{statusLine(upload)}</p>
        </div>
        <span class="percent num">{value} %</span>
      </header>
      <ProgressBar value={value} label={`Upload of ${fileName}`} idle={status !== "uploading"} />
      {upload.error && <Notice tone={status === "failed" ? "bad" : "warn"}>{upload.error}</Notice>}
      {status !== "sent" ? (
        <div class="row">
          {(status === "uploading" || status === "queued" || status === "waiting") && (
            <button type="button" onClick={() => void pause(key)} aria-label={`Pause ${fileName}`}>
              <Icon name="pause" size={18} />
              Pause
            </button>
          )}
          {(status === "paused" || status === "failed") && (
            <button type="button" class="primary" onClick={() => resume(key)} aria-label={`Continue ${fileName}`}>
              <Icon name={status === "failed" ? "retry" : "play"} size={18} />
              {status === "failed" ? "Try again" : "Continue"}
            </button>
          )}
          <button type="button" class="quiet" onClick={() => void cancel(key)} aria-label={`Cancel ${fileName}`}>
            <Icon name="close" size={18} />
            Cancel
          </button>
        </div>
      ) : (
        !upload.assetId && (
          <div class="row">
            <a class="button" href="/library">
              Find it in the library
            </a>
            <button type="button" class="quiet" onClick={() => dismiss(key)}>
              Hide
            </button>
          </div>
        )
      )}
    </article>
  );
}

// A file on its way: the transfer first, then the asset that it became.
export function UploadCard({ upload }: { upload: Upload }) {
  const known = useAsset(upload.assetId);
  const sent = upload.status === "sent";
  useEffect(() => {
    if (sent && upload.assetId && !assets.get().has(upload.assetId)) follow(upload.assetId);
  }, [sent, upload.assetId]);
  return sent && known ? <AssetCard id={known.asset.id} /> : <Transfer upload={upload} />;
}
