import { useRef, useState } from "preact/hooks";
import { importList } from "../api/lists";
import { asProblem } from "../api/problem";
import type { Policy, Receipt, ReferenceList } from "../api/types";
import { importPolicy, readListHeader, type ListHeader } from "../model/list-header";
import { policyName } from "../model/media-text";
import { ImportReceipt } from "./import-receipt";
import { Notice } from "./notice";
import { PolicySelect } from "./policy-select";

function policyHint(policy: Policy, list: ReferenceList | null, header: ListHeader | null): string {
  if (list && list.policy !== policy) return `“${list.name}” has ${policyName(list.policy)} until now.`;
  if (header?.policy && header.policy !== policy) return `The file asks for ${policyName(header.policy)}.`;
  if (list) return `As “${list.name}” has it.`;
  return header?.policy ? "As the file says." : "";
}

interface Props {
  lists: ReferenceList[];
  onImported: () => void;
}

export function ImportForm({ lists, onImported }: Props) {
  const file = useRef<HTMLInputElement>(null);
  const signature = useRef<HTMLInputElement>(null);
  const [header, setHeader] = useState<ListHeader | null>(null);
  const [holder, setHolder] = useState("");
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Policy | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [receipt, setReceipt] = useState<Receipt | null>(null);

  const known = lists.find((list) => list.holder === holder.trim() && list.name === name.trim()) ?? null;
  const { policy, sent } = importPolicy(chosen, known, header);

  const look = async () => {
    const picked = file.current?.files?.[0];
    setChosen(null);
    const found = picked ? await readListHeader(picked) : null;
    if (file.current?.files?.[0] !== picked) return;
    setHeader(found);
    // What was typed while the file was read stays.
    setHolder((now) => (now === holder ? (found?.holder ?? now) : now));
    setName((now) => (now === name ? (found?.list ?? now) : now));
  };

  const send = async (dryRun: boolean) => {
    const picked = file.current?.files?.[0];
    if (!picked || !file.current?.form?.reportValidity()) return;
    setBusy(true);
    setError("");
    setReceipt(null);
    try {
      setReceipt(
        await importList({
          file: picked,
          signature: signature.current?.files?.[0],
          holder: holder.trim(),
          list: name.trim(),
          policy: sent,
          dryRun,
        }),
      );
      if (!dryRun) {
        file.current.value = "";
        if (signature.current) signature.current.value = "";
        setHeader(null);
        setChosen(null);
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
          <input ref={file} type="file" required onChange={() => void look()} />
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
        <div class="field">
          <label class="field">
            <span>When an upload matches</span>
            <PolicySelect value={policy} describedBy="policy-hint" onChange={setChosen} />
          </label>
          <span id="policy-hint" data-testid="policy-hint">
            {policyHint(policy, known, header)}
          </span>
        </div>
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
      {receipt && <ImportReceipt receipt={receipt} />}
    </section>
  );
}
