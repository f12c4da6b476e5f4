import { useEffect, useRef, useState } from "preact/hooks";
import type { Visibility } from "../api/types";
import { droppedFiles } from "./dropped-files";
import { Icon } from "./icon";

export function DropZone({ compact, onFiles }: { compact: boolean; onFiles: (files: File[], v: Visibility) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [visibility, setVisibility] = useState<Visibility>("public");

  // A file dropped beside the zone would otherwise replace the page.
  useEffect(() => {
    const keep = (event: DragEvent) => event.preventDefault();
    window.addEventListener("dragover", keep);
    window.addEventListener("drop", keep);
    return () => {
      window.removeEventListener("dragover", keep);
      window.removeEventListener("drop", keep);
    };
  }, []);

  const take = (files: File[]) => files.length > 0 && onFiles(files, visibility);
  return (
    <section class={`drop${over ? " over" : ""}${compact ? " compact" : ""}`} aria-label="Upload" data-testid="drop-zone"
      onDragOver={() => setOver(true)}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take);
      }}
    >
      <span class="drop-icon">
        <Icon name="upload" size={compact ? 24 : 34} />
      </span>
      <div class="drop-text">
        <p class="drop-title">{over ? "Let go to upload" : "Drop videos or sound files here"}</p>
        <p class="soft">Several at once, or a whole folder.{!compact && " Nothing is shown before its rights are checked."}</p>
      </div>
      <div class="drop-actions">
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          Choose files
        </button>
        <input ref={input} type="file" multiple class="sr-only" tabIndex={-1} aria-label="Files to upload" data-testid="file-input"
          onChange={(event) => {
            take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <label class="inline-field">
          <span>Who may watch</span>
          <select value={visibility} onChange={(event) => setVisibility(event.currentTarget.value as Visibility)}>
            <option value="public">Anyone with the link</option>
            <option value="private">Only me</option>
          </select>
        </label>
      </div>
    </section>
  );
}
