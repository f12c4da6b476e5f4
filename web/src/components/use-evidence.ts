import { readDecisions, readMatches } from "../api/assets";
import type { Asset, Decision, Match } from "../api/types";
import { useLoad } from "./use-load";

export interface Evidence {
  matches: Match[];
  decision: Decision | null;
  earlier: Decision[]; // the newest first
  error: string | null;
}

// The decision on an asset and the matches it rests on; read anew when its rights change.
export function useEvidence(asset: Asset): Evidence {
  const decided = asset.rights !== "pending";
  const read = () => Promise.all([readMatches(asset.id), readDecisions(asset.id)]);
  const { value, problem } = useLoad(decided ? read : null, [asset.id, asset.rights, asset.updated]);
  const [matches, [decision = null, ...earlier]] = (decided ? value : null) ?? [[], []];
  return { matches, decision, earlier, error: problem?.message ?? null };
}
