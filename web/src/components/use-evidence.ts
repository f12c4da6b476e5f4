import { useEffect, useState } from "preact/hooks";
import { readDecisions, readMatches } from "../api/assets";
import { asProblem } from "../api/problem";
import type { Asset, Decision, Match } from "../api/types";

export interface Evidence {
  matches: Match[];
  decision: Decision | null;
  earlier: Decision[]; // the newest first
  error: string | null;
  loading: boolean;
}

const nothing: Evidence = { matches: [], decision: null, earlier: [], error: null, loading: false };

// The decision on an asset and the matches it rests on; read anew when its rights change.
export function useEvidence(asset: Asset): Evidence {
  const [evidence, setEvidence] = useState<Evidence>(nothing);
  const decided = asset.rights !== "pending";
  useEffect(() => {
    if (!decided) {
      setEvidence(nothing);
      return;
    }
    let current = true;
    setEvidence((before) => ({ ...before, loading: true, error: null }));
    Promise.all([readMatches(asset.id), readDecisions(asset.id)]).then(
      ([matches, [decision = null, ...earlier]]) =>
        current && setEvidence({ matches, decision, earlier, error: null, loading: false }),
      (error: unknown) => current && setEvidence({ ...nothing, error: asProblem(error).message }),
    );
    return () => {
      current = false;
    };
  }, [asset.id, asset.rights, decided, asset.updated]);
  return evidence;
}
