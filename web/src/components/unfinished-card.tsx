import { useRef, useState } from "preact/hooks";
import { bytes, percent } from "../model/format";
import { discard, type Unfinished } from "../state/unfinished";
import { addFiles } from "../state/uploads";
import { Icon } from "./icon";
import { Notice } from "./notice";
import { ProgressBar } from "./progress-bar";

// An upload of an earlier visit. The browser does not keep the file, so the person shows it once more.
export function UnfinishedCard({ upload }: { upload: Unfinished }) {
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState("");
  const value = percent(upload.sent, upload.size);
  const take = (file: File | undefined) => {
    if (!file) return;
    if (file.name !== upload.fileName || file.size !== upload.size) {
      setError(`That is another file (${file.name}, ${bytes(file.size)}). Choose ${upload.fileName}.`);
      return;
    }
    addFiles([file], upload.visibility);
  };
  return (
    <article class="card upload-card" data-testid="unfinished-card" data-expired={upload.expired}
      aria-label={`${upload.fileName}, ${upload.expired ? "expired" : "not finished"}`}>
      <header class="card-head">
        <span class="file-icon">
          <Icon name="pause" size={22} />
        </span>
        <div class="card-title">
          <h3>{upload.fileName}</h3>
          <p class="soft num">
            {upload.expired
              ? "Expired · It was not finished in time, and the server has forgotten it. Choose the file to begin again."
              : `Not finished · ${bytes(upload.sent)} of ${bytes(upload.size)} are safe. Choose the same file to go on.`}
          </p>
        </div>
        <span class="percent num">{value} %</span>
      </header>
      <ProgressBar value={value} label={`Upload of ${upload.fileName}`} idle />
      {error && <Notice tone="warn">{error}</Notice>}
      <div class="row">
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          Choose the file again
        </button>
        <input ref={input} type="file" class="sr-only" tabIndex={-1} aria-label={`File ${upload.fileName}`}
          onChange={(event) => take(event.currentTarget.files?.[0])} />
        <button type="button" class="quiet" onClick={() => void discard(upload)} aria-label={`Discard ${upload.fileName}`}>
          <Icon name="trash" size={18} />
          Discard
        </button>
      </div>
    </article>
  );
}
