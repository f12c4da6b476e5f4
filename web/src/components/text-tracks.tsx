import { useMemo, useRef, useState } from "preact/hooks";
import { addTextTrack, removeTextTrack } from "../api/assets";
import { asProblem } from "../api/problem";
import type { Asset, TextTrack } from "../api/types";
import { languageName, languages } from "../model/language";
import { refresh } from "../state/assets";
import { Confirm } from "./confirm";
import { Icon } from "./icon";
import { Notice } from "./notice";
import { showToast } from "./toast";

function nameOf(track: TextTrack): string {
  return track.label ?? (track.language ? languageName(track.language) : "Subtitles");
}

function describe(track: TextTrack): string {
  const parts = [];
  if (track.label && track.language) parts.push(languageName(track.language));
  if (track.kind === "captions") parts.push("captions");
  if (track.forced) parts.push("forced");
  parts.push(track.source === "file" ? "from the file" : "added");
  return parts.join(" · ");
}

function Track({ asset, track }: { asset: Asset; track: TextTrack }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await removeTextTrack(asset.id, track.id);
      await refresh(asset.id);
      showToast(`“${nameOf(track)}” was removed`);
    } catch (problem) {
      showToast(asProblem(problem).message);
      setBusy(false);
      setAsking(false);
    }
  };
  return (
    <li class="text-track" data-testid="text-track">
      <span>
        {nameOf(track)}
        <span class="soft"> {describe(track)}</span>
      </span>
      <button type="button" class="small" aria-label={`Remove ${nameOf(track)}`} onClick={() => setAsking(true)}>
        <Icon name="trash" size={16} />
        Remove
      </button>
      {asking && (
        <Confirm title="Remove these subtitles?" action="Remove" busy={busy} onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          “{nameOf(track)}” can be added again from its file only.
        </Confirm>
      )}
    </li>
  );
}

function AddTrack({ asset }: { asset: Asset }) {
  const file = useRef<HTMLInputElement>(null);
  const choices = useMemo(languages, []);
  const [language, setLanguage] = useState(() => navigator.language.split("-")[0] ?? "en");
  const [kind, setKind] = useState<TextTrack["kind"]>("subtitles");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const add = async (event: Event) => {
    event.preventDefault();
    const picked = file.current?.files?.[0];
    if (!picked) return;
    setBusy(true);
    setError("");
    try {
      await addTextTrack(asset.id, picked, { language, kind });
      if (file.current) file.current.value = "";
      await refresh(asset.id);
      showToast("The subtitles were added");
    } catch (problem) {
      setError(asProblem(problem).message);
    }
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={add} aria-label="Add subtitles" data-testid="text-track-form">
      <label class="field">
        <span>File (SRT, WebVTT or ASS)</span>
        <input ref={file} type="file" required accept=".srt,.vtt,.ass,.ssa,text/vtt,application/x-subrip" />
      </label>
      <label class="field">
        <span>Language</span>
        <select value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
          <option value="">Not known</option>
          {choices.map(({ tag, name }) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>What it tells</span>
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value as TextTrack["kind"])}>
          <option value="subtitles">What is said</option>
          <option value="captions">What is said, and other sounds</option>
        </select>
      </label>
      {error && (
        <Notice tone="bad" title="The subtitles were not added">
          {error}
        </Notice>
      )}
      <button type="submit" class="start" disabled={busy}>
        {busy ? "Adding …" : "Add"}
      </button>
    </form>
  );
}

// The subtitles of a work, to be added to and removed by its owner.
export function TextTracks({ asset }: { asset: Asset }) {
  const tracks = asset.text_tracks ?? [];
  return (
    <section class="card stack" aria-labelledby="text-tracks" data-testid="text-tracks">
      <h2 id="text-tracks">Subtitles</h2>
      {tracks.length > 0 && (
        <ul class="text-tracks">
          {tracks.map((track) => (
            <Track key={track.id} asset={asset} track={track} />
          ))}
        </ul>
      )}
      <AddTrack asset={asset} />
    </section>
  );
}
