import { useState } from "preact/hooks";
import { changeAsset } from "../api/assets";
import { asProblem } from "../api/problem";
import type { Asset, Visibility } from "../api/types";
import { refresh } from "../state/assets";
import { Notice } from "./notice";
import { showToast } from "./toast";

export function AssetSettings({ asset }: { asset: Asset }) {
  const [title, setTitle] = useState(asset.title);
  const [visibility, setVisibility] = useState<Visibility>(asset.visibility);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const changed = title.trim() !== asset.title || visibility !== asset.visibility;
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      await changeAsset(asset.id, { title: title.trim(), visibility });
      await refresh(asset.id);
      showToast("Saved");
    } catch (problem) {
      setError(asProblem(problem).message);
    }
    setBusy(false);
  };
  return (
    <form class="card stack" onSubmit={save} aria-labelledby="settings" data-testid="asset-settings">
      <h2 id="settings">Settings</h2>
      <label class="field">
        <span>Title</span>
        <input value={title} maxLength={200} required onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>Who may watch</span>
        <select value={visibility} onChange={(event) => setVisibility(event.currentTarget.value as Visibility)}>
          <option value="public">Anyone with the link</option>
          <option value="private">Only me</option>
        </select>
      </label>
      {error && <Notice tone="bad">{error}</Notice>}
      <button type="submit" class="primary start" disabled={busy || !changed || title.trim() === ""}>
        Save
      </button>
    </form>
  );
}
