import { useState } from "preact/hooks";
import { deleteList } from "../api/lists";
import { asProblem } from "../api/problem";
import type { ReferenceList } from "../api/types";
import { plural } from "../model/format";
import { Confirm } from "./confirm";
import { Icon } from "./icon";
import { showToast } from "./toast";

export function DeleteList({ list, onDeleted }: { list: ReferenceList; onDeleted: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await deleteList(list.id);
      setAsking(false);
      showToast(`“${list.name}” was deleted`);
      onDeleted();
    } catch (problem) {
      showToast(asProblem(problem).message);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="quiet" aria-label={`Delete ${list.name}`} title="Delete" onClick={() => setAsking(true)}>
        <Icon name="trash" size={18} />
      </button>
      {asking && (
        <Confirm title="Delete this list?" action="Delete" busy={busy} onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          New uploads are no longer compared with the {plural(list.references, "work")} of “{list.name}”.
        </Confirm>
      )}
    </>
  );
}
