import { useState } from "preact/hooks";
import { exportAddress, readVersions, rollBack } from "../api/lists";
import { asProblem } from "../api/problem";
import type { ListVersion, ReferenceList } from "../api/types";
import { dateTime, plural } from "../model/format";
import { Confirm } from "./confirm";
import { Notice } from "./notice";
import { showToast } from "./toast";
import { useLoad } from "./use-load";

function Row({ list, version, onAsk }: { list: ReferenceList; version: ListVersion; onAsk: () => void }) {
  return (
    <tr data-testid="list-version" data-version={version.version}>
      <th scope="row" class="num" data-label="Version">
        {version.version}
      </th>
      <td data-label="Loaded">{dateTime(version.created)}</td>
      <td class="num" data-label="Accepted">
        {version.accepted.toLocaleString()}
      </td>
      <td class="num" data-label="Refused">
        {version.rejected.toLocaleString()}
      </td>
      <td class="num" data-label="Fingerprints">
        {version.references.toLocaleString()}
      </td>
      <td data-label="State">
        {version.active && <span class="badge good">Active</span>}
        {!version.active && version.available && (
          <button type="button" aria-label={`Go back to version ${version.version}`} onClick={onAsk}>
            Go back
          </button>
        )}
        {!version.available && <span class="soft">Receipt only</span>}
        {version.signed_by && (
          <span class="badge note" title={`Signed with the key ${version.signed_by}`}>
            Signed
          </span>
        )}
      </td>
      <td class="actions">
        {version.available && (
          <a class="button quiet" href={exportAddress(list.id, version.version)} download={`${list.name}-${version.version}.ndjson`}>
            Export
          </a>
        )}
      </td>
    </tr>
  );
}

export function ListVersions({ list, onChanged }: { list: ReferenceList; onChanged: () => void }) {
  const { value: versions, problem, reload } = useLoad(() => readVersions(list.id), [list.id, list.version]);
  const [asked, setAsked] = useState<ListVersion | null>(null);
  const [busy, setBusy] = useState(false);
  const goBack = async (version: ListVersion) => {
    setBusy(true);
    try {
      await rollBack(list.id, version.version);
      setAsked(null);
      showToast(`“${list.name}” is at version ${version.version}`);
      onChanged();
    } catch (error) {
      showToast(asProblem(error).message);
    }
    setBusy(false);
  };
  if (problem) {
    return (
      <Notice tone="bad" title="The versions cannot be shown" onRetry={reload}>
        {problem.message}
      </Notice>
    );
  }
  return (
    <>
      <table class="lists" aria-label="Versions">
        <thead>
          <tr>
            <th scope="col" class="num">
              Version
            </th>
            <th scope="col">Loaded</th>
            <th scope="col" class="num">
              Accepted
            </th>
            <th scope="col" class="num">
              Refused
            </th>
            <th scope="col" class="num">
              Fingerprints
            </th>
            <th scope="col">State</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {versions?.map((version) => (
            <Row key={version.version} list={list} version={version} onAsk={() => setAsked(version)} />
          ))}
        </tbody>
      </table>
      {asked && (
        <Confirm title={`Go back to version ${asked.version}?`} action="Go back" busy={busy} onConfirm={() => void goBack(asked)} onClose={() => setAsked(null)}>
          New uploads are compared with its {plural(asked.references, "fingerprint")}, and no longer with the {plural(list.references, "fingerprint")} of version {list.version}.
        </Confirm>
      )}
    </>
  );
}
