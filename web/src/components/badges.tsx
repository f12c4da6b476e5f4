import type { Asset } from "../api/types";
import { badges } from "../model/stages";

export function Badges({ asset }: { asset: Asset }) {
  return (
    <span class="badges" data-testid="badges">
      {badges(asset).map((badge) => (
        <span key={badge.text} class={`badge ${badge.tone}`}>
          {badge.text}
        </span>
      ))}
    </span>
  );
}
