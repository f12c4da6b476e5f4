import { useEffect, useRef, useState } from "preact/hooks";
import { listAssets } from "../api/assets";
import type { Problem } from "../api/problem";
import { onEvent, remember } from "../state/assets";
import { keepTrying } from "../state/connection";
import { entry, noteEntry } from "../state/location";

const pageSize = 24;
const mostAtOnce = 200; // what the server gives in one answer

export interface AssetList {
  ids: string[];
  more: boolean;
  loading: boolean;
  problem: Problem | null;
  loadMore: () => void;
  reload: () => void;
}

interface Loaded {
  ids: string[];
  next: string | null;
}

// `count` more ids behind `cursor`, or as many as there are.
async function readIds(q: string, cursor: string | null, count: number, signal: AbortSignal): Promise<Loaded> {
  const ids: string[] = [];
  let next = cursor;
  do {
    const limit = Math.min(count - ids.length, mostAtOnce);
    const page = await listAssets({ limit, cursor: next, q }, signal);
    page.items.forEach(remember);
    ids.push(...page.items.map((asset) => asset.id));
    next = page.next;
  } while (next !== null && ids.length < count);
  return { ids, next };
}

// The ids of the account's assets that fit `q`, a page at a time; new ones appear by themselves. How many were loaded
// is kept with the place, so that the way back leads to as many.
export function useAssetList(q: string): AssetList {
  const [list, setList] = useState<Loaded>({ ids: [], next: null });
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);
  const stop = useRef(() => {});

  const load = (cursor: string | null, count: number) => {
    stop.current();
    setLoading(true);
    const before = cursor === null ? [] : list.ids;
    const abort = new AbortController();
    const end = keepTrying(
      async () => {
        const found = await readIds(q, cursor, count, abort.signal);
        if (abort.signal.aborted) return;
        const ids = [...new Set([...before, ...found.ids])];
        noteEntry({ shown: ids.length });
        setList({ ids, next: found.next });
        setProblem(null);
        setLoading(false);
      },
      (failure) => {
        setProblem(failure);
        setLoading(false);
      },
    );
    stop.current = () => {
      end();
      abort.abort();
    };
  };
  const reload = () => load(null, Math.max(pageSize, entry().shown ?? 0));

  useEffect(() => {
    reload();
    return () => stop.current();
  }, [q]);

  useEffect(
    () =>
      onEvent((event) => {
        if (event.name === "asset.created") reload();
        if (event.name === "asset.deleted") {
          setList(({ ids, next }) => ({ ids: ids.filter((id) => id !== event.subject), next }));
        }
      }),
    [q],
  );

  return { ids: list.ids, more: list.next !== null, loading, problem, loadMore: () => load(list.next, pageSize), reload };
}
