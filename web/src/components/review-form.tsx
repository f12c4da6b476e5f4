import { useState } from "preact/hooks";
import { decide } from "../api/assets";
import { asProblem } from "../api/problem";
import type { Asset } from "../api/types";
import { refresh } from "../state/assets";
import { Confirm } from "./confirm";
import { Notice } from "./notice";
import { showToast } from "./toast";

// Settles an asset that waits for a person.
export function ReviewForm({ asset }: { asset: Asset }) {
  const [reason, setReason] = useState("");
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const settle = async (action: "allow" | "block") => {
    setBusy(true);
    setError("");
    try {
      await decide(asset.id, action, reason.replace(/\s+/g, " ").trim());
      showToast(action === "allow" ? "Allowed. It is being prepared now." : "Blocked. Nobody can watch it.");
      await refresh(asset.id);
    } catch (problem) {
      setError(asProblem(problem).message);
    }
    setBusy(false);
    setAsking(false);
  };
  return (
    <section class="card stack review" aria-labelledby="review" data-testid="review-form">
      <h2 id="review">Your decision</h2>
      <p class="soft">Look at the matches below, then allow it or block it. The reason is shown to the uploader.</p>
      <label class="field">
        <span>Reason</span>
        <textarea rows={2} maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {error && <Notice tone="bad">{error}</Notice>}
      <div class="row">
        <button type="button" class="primary" disabled={busy} onClick={() => void settle("allow")}>
          Allow
        </button>
        <button type="button" class="danger" disabled={busy} onClick={() => setAsking(true)}>
          Block
        </button>
      </div>
      {asking && (
        <Confirm title="Block this upload?" action="Block" cancel="Cancel" busy={busy} onConfirm={() => void settle("block")} onClose={() => setAsking(false)}>
          Nobody will be able to watch “{asset.title}”. {reason.trim() ? "The uploader reads your reason." : "The uploader reads only that a reviewer blocked it."} This cannot be taken back.
        </Confirm>
      )}
    </section>
  );
}
