import { useEffect, useState } from "preact/hooks";
import { readHolds, settleHold } from "../api/lists";
import { asProblem } from "../api/problem";
import type { Hold, HoldSide } from "../api/types";
import { dateTime } from "../model/format";
import { onEvent } from "../state/assets";
import { showToast } from "./toast";

function Side({ side }: { side: HoldSide | null }) {
  if (!side) return <span class="soft">Gone meanwhile</span>;
  return (
    <>
      {side.title || side.key}
      <br />
      <span class="soft">
        {side.holder}, <a href={`/lists/${encodeURIComponent(side.list_id)}`}>{side.list}</a>
      </span>
    </>
  );
}

function Row({ hold, onSettled }: { hold: Hold; onSettled: () => void }) {
  const [busy, setBusy] = useState(false);
  const name = hold.reference.title || hold.reference.key;
  const settle = async (action: "release" | "reject") => {
    setBusy(true);
    try {
      await settleHold(hold.reference.id, action);
      showToast(action === "release" ? `“${name}” matches for both holders now` : `“${name}” is rejected`);
    } catch (problem) {
      showToast(asProblem(problem).message);
    }
    onSettled();
    setBusy(false);
  };
  return (
    <tr data-testid="hold" data-reference={hold.reference.id}>
      <th scope="row" data-label="New">
        <Side side={hold.reference} />
      </th>
      <td data-label="Known before">
        <Side side={hold.other} />
      </td>
      <td data-label="Why">{hold.code === "duplicate_on_hold" ? "The very same" : "Most of it is the same"}</td>
      <td data-label="Since">{dateTime(hold.since)}</td>
      <td class="actions">
        <button type="button" disabled={busy} aria-label={`Let both match: ${name} of ${hold.reference.holder}`} onClick={() => void settle("release")}>
          Let both match
        </button>
        <button type="button" disabled={busy} aria-label={`Reject the new one: ${name} of ${hold.reference.holder}`} onClick={() => void settle("reject")}>
          Reject the new one
        </button>
      </td>
    </tr>
  );
}

// The works that two holders claim; nothing when there are none.
export function Holds() {
  const [holds, setHolds] = useState<Hold[]>([]);
  const load = () => {
    readHolds().then(setHolds, () => setHolds([]));
  };
  useEffect(() => {
    load();
    return onEvent((event) => {
      if (event.name.startsWith("list.") || event.name.startsWith("reference.")) load();
    });
  }, []);
  if (holds.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="holds-title">
      <div>
        <h2 id="holds-title">Claimed by two holders</h2>
        <p class="soft">The new work does not match until somebody says whose it is.</p>
      </div>
      <table class="lists" aria-labelledby="holds-title">
        <thead>
          <tr>
            <th scope="col">New</th>
            <th scope="col">Known before</th>
            <th scope="col">Why</th>
            <th scope="col">Since</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {holds.map((hold) => (
            <Row key={hold.reference.id} hold={hold} onSettled={load} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
