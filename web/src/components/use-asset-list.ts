import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { listAssets } from "../api/assets";
import { asProblem } from "../api/problem";
import { onEvent, remember } from "../state/assets";

const pageSize = 24;

export interface AssetList {
  ids: string[];
  more: boolean;
  loading: boolean;
  error: string;
  loadMore: () => void;
  reload: () => void;
}

// The ids of the account's assets that fit `q`, a page at a time; new ones appear by themselves.
export function useAssetList(q: string): AssetList {
  const [ids, setIds] = useState<string[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState("");
  const running = useRef<AbortController | null>(null);

  const load = useCallback(
    async (cursor: string | null) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      setLoading(true);
      try {
        const page = await listAssets({ limit: pageSize, cursor, q }, abort.signal);
        if (abort.signal.aborted) return;
        page.items.forEach(remember);
        const found = page.items.map((asset) => asset.id);
        setIds((before) => (cursor === null ? found : [...new Set([...before, ...found])]));
        setNext(page.next);
        setError("");
      } catch (problem) {
        if (abort.signal.aborted) return;
        setError(asProblem(problem).message);
      }
      setLoading(false);
    },
    [q],
  );

  useEffect(() => {
    void load(null);
    return () => running.current?.abort();
  }, [load]);

  useEffect(
    () =>
      onEvent((event) => {
        if (event.name === "asset.created") void load(null);
        if (event.name === "asset.deleted") setIds((before) => before.filter((id) => id !== event.subject));
      }),
    [load],
  );

  return {
    ids,
    more: next !== null,
    loading,
    error,
    loadMore: () => void load(next),
    reload: () => void load(null),
  };
}
