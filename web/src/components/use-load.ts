import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../api/problem";
import { keepTrying } from "../state/connection";

export interface Load<T> {
  value: T | null;
  problem: Problem | null;
  reload: () => void;
}

// What `read` answers, read anew when a key changes; while the server is away it is asked again by itself. Pass null
// when there is nothing to read.
export function useLoad<T>(read: (() => Promise<T>) | null, keys: readonly unknown[]): Load<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!read) return;
    let current = true;
    const stop = keepTrying(async () => {
      const answer = await read();
      if (!current) return;
      setValue(answer);
      setProblem(null);
    }, setProblem);
    return () => {
      current = false;
      stop();
    };
  }, [...keys, round]);
  return { value, problem, reload: () => setRound((n) => n + 1) };
}
