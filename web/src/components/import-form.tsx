import { useRef, useState } from "preact/hooks";
import { importList } from "../api/lists";
import { asProblem } from "../api/problem";
import type { Policy, Receipt } from "../api/types";
import { plural } from "../model/format";
import { Notice } from "./notice";
import { PolicySelect } from "./policy-select";
import { ReceiptTable } from "./receipt-table";

export function ImportForm({ onImported }: { onImported: () => void }) {
  const file = useRef<HTMLInputElement>(null);
  const signature = useRef<HTMLInputElement>(null);
  const [holder, setHolder] = useState("");
  const [name, setName] = useState("");
  const [policy, setPolicy] = useState<Policy>("block");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [receipt, setReceipt] = useState<Receipt | null>(null);

  const send = async (dryRun: boolean) => {
    const chosen = file.current?.files?.[0];
    if (!chosen || !file.current?.form?.reportValidity()) return;
    setBusy(true);
    setError("");
    setReceipt(null);
    try {
      setReceipt(
        await importList({
          file: chosen,
          signature: signature.current?.files?.[0],
          holder: holder.trim(),
          list: name.trim(),
          policy,
          dryRun,
        }),
      );
      if (!dryRun) {
        file.current.value = "";
        if (signature.current) signature.current.value = "";
        onImported();
      }
    } catch (problem) {
      setError(asProblem(problem).message);
    }
    setBusy(false);
  };

  return (
    <section class="card stack" aria-labelledby="import">
      <div>
        <h2 id="import">Load a list</h2>
        <p class="soft">
          A file of fingerprints, one on each line, as <code>penstock fingerprint</code> prints it. The media itself
          stays with you.
        </p>
      </div>
      <form
        class="form-grid"
        onSubmit={(event) => {
          event.preventDefault();
          void send(false);
        }}
        aria-label="Load a list"
        data-testid="import-form"
      >
        <label class="field">
          <span>File</span>
          <input ref={file} type="file" required />
        </label>
        <label class="field">
          <span>Rights holder</span>
          <input value={holder} required maxLength={200} placeholder="Harbour Records"
            onInput={(event) => setHolder(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>Name of the list</span>
          <input value={name} required maxLength={200} placeholder="Catalogue 2026"
            onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>When an upload matches</span>
          <PolicySelect value={policy} onChange={setPolicy} />
        </label>
        <label class="field">
          <span>Signature, if the holder signs</span>
          <input ref={signature} type="file" />
        </label>
        <div class="actions">
          <button type="submit" class="primary" disabled={busy}>
            {busy ? "Loading …" : "Load the list"}
          </button>
          <button type="button" disabled={busy} onClick={() => void send(true)}>
            Only check it
          </button>
        </div>
      </form>
      {error && (
        <Notice tone="bad" title="The list was not loaded">
          {error}
        </Notice>
      )}
      {receipt && (
        <div class="stack tight" role="status">
          <Notice tone={receipt.rejected > 0 ? "warn" : "good"} title={receipt.dry_run ? `“${receipt.list.name}” was checked` : `“${receipt.list.name}” is loaded`}>
            {receipt.dry_run
              ? `Nothing was changed. It would have ${plural(receipt.list.references, "fingerprint")}.`
              : receipt.rejected > 0
                ? "Without the refused lines, which are listed first."
                : ""}
          </Notice>
          <ReceiptTable receipt={receipt} />
        </div>
      )}
    </section>
  );
}
