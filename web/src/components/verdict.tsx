import type { Asset, Rights } from "../api/types";
import { dateTime } from "../model/format";
import { Icon, type IconName } from "./icon";
import { MatchCard } from "./match-card";
import { Notice } from "./notice";
import type { Evidence } from "./use-evidence";

const texts: Record<Exclude<Rights, "pending">, { icon: IconName; title: string; fallback: string }> = {
  clear: { icon: "check", title: "Clear", fallback: "Nothing in it belongs to anybody on the lists." },
  claimed: { icon: "info", title: "Claimed", fallback: "A rights holder's work is in it, and may be shown." },
  review: { icon: "person", title: "In review", fallback: "A rights holder's work is in it. A person decides whether it may be shown." },
  blocked: { icon: "block", title: "Blocked", fallback: "A rights holder's work is in it, and may not be shown." },
};

const nameOf = (rights: Rights) => (rights === "pending" ? "Pending" : texts[rights].title);

interface Props {
  asset: Asset;
  evidence: Evidence;
  brief?: boolean; // without the matches, and without a word when all is well
}

export function Verdict({ asset, evidence, brief = false }: Props) {
  if (asset.rights === "pending" || (brief && asset.rights === "clear")) return null;
  const text = texts[asset.rights];
  return (
    <div class="verdict-part">
      <div class={`verdict ${asset.rights}`} data-testid="verdict" data-rights={asset.rights}>
        <span class="verdict-icon">
          <Icon name={text.icon} size={22} />
        </span>
        <div>
          <h3>{text.title}</h3>
          <p>{evidence.decision?.reason || text.fallback}</p>
        </div>
      </div>
      {evidence.error && <Notice tone="warn">The reasons cannot be shown now: {evidence.error}</Notice>}
      {(brief ? [] : evidence.matches).map((match, index) => (
        <MatchCard key={`${match.reference.id}-${match.kind}-${index}`} match={match} duration={asset.duration} />
      ))}
      {!brief && evidence.earlier.length > 0 && (
        <details data-testid="earlier-decisions">
          <summary>Earlier decisions</summary>
          <ul>
            {evidence.earlier.map((decision) => (
              <li key={decision.decided}>
                {dateTime(decision.decided ?? "")}: {nameOf(decision.rights)}. {decision.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
