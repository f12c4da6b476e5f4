import { useEffect, useState } from "preact/hooks";
import { changePolicy, readLists } from "../api/lists";
import { asProblem } from "../api/problem";
import type { Policy, ReferenceList } from "../api/types";
import { DeleteList } from "../components/delete-list";
import { Empty, Loading } from "../components/empty";
import { Holds } from "../components/holds";
import { ImportForm } from "../components/import-form";
import { Notice } from "../components/notice";
import { RecheckNotice } from "../components/recheck-notice";
import { PolicySelect } from "../components/policy-select";
import { showToast } from "../components/toast";
import { useLoad } from "../components/use-load";
import { useTitle } from "../components/use-title";
import { policyName } from "../model/media-text";
import { onEvent } from "../state/assets";

function Row({ list, onChanged }: { list: ReferenceList; onChanged: () => void }) {
  const [busy, setBusy] = useState(false);
  const change = async (policy: Policy) => {
    setBusy(true);
    try {
      await changePolicy(list.id, policy);
      showToast(`Uploads that match “${list.name}” now follow: ${policyName(policy)}`);
    } catch (problem) {
      showToast(asProblem(problem).message);
    }
    onChanged();
    setBusy(false);
  };
  return (
    <tr data-testid="list-row" data-list={list.id}>
      <td class="name" data-label="Holder">{list.holder}</td>
      <th scope="row" class="name" data-label="List">
        <a href={`/lists/${encodeURIComponent(list.id)}`}>{list.name}</a>
      </th>
      <td data-label="On a match">
        <PolicySelect label={`Policy of ${list.name}`} value={list.policy} disabled={busy} onChange={(p) => void change(p)} />
      </td>
      <td class="num" data-label="Fingerprints">
        {list.references.toLocaleString()}
      </td>
      <td class="num" data-label="Version">
        {list.version}
      </td>
      <td class="actions">
        <DeleteList list={list} onDeleted={onChanged} />
      </td>
    </tr>
  );
}

export function ListsPage() {
  useTitle("Lists");
  const { value: lists, problem, reload } = useLoad(readLists, []);
  useEffect(
    () =>
      onEvent((event) => {
        if (event.name.startsWith("list.")) reload();
      }),
    [],
  );
  return (
    <div class="stack">
      <div class="hero left">
        <h1>Lists of rights holders</h1>
        <p class="soft">Every upload is compared with these works before anybody can see it.</p>
      </div>
      {problem && (
        <Notice tone="bad" title="The lists cannot be shown" onRetry={reload}>
          {problem.message}
        </Notice>
      )}
      <RecheckNotice />
      {lists === null && !problem && <Loading what="the lists" />}
      {lists !== null && lists.length === 0 && (
        <Empty icon="lists" title="No list yet">
          <p class="soft">Without a list nothing matches, and every upload is clear. Load the first one below.</p>
        </Empty>
      )}
      {lists !== null && lists.length > 0 && (
        <div class="card flush">
          <table class="lists" aria-label="Lists">
            <thead>
              <tr>
                <th scope="col">Holder</th>
                <th scope="col">List</th>
                <th scope="col">On a match</th>
                <th scope="col" class="num">
                  Fingerprints
                </th>
                <th scope="col" class="num">
                  Version
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              {lists.map((list) => (
                <Row key={list.id} list={list} onChanged={reload} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Holds />
      <ImportForm lists={lists ?? []} onImported={reload} />
    </div>
  );
}
