import type { Match } from "../api/types";
import { policyName } from "../model/media-text";
import { clock } from "../model/format";
import { coveredSeconds } from "../model/timeline";
import { Icon } from "./icon";
import { MatchTimeline } from "./match-timeline";

export function MatchCard({ match, duration }: { match: Match; duration: number | null }) {
  return (
    <article class="match" data-testid="match">
      <header>
        <Icon name={match.kind === "audio" ? "sound" : "film"} />
        <div>
          <h4>{match.reference.title || "Untitled work"}</h4>
          <p class="soft">
            {match.kind === "audio" ? "Sound" : "Picture"} of {match.reference.holder}, list “{match.reference.list}”
          </p>
        </div>
        <dl class="match-facts">
          <div>
            <dt>Alike</dt>
            <dd>{Math.round(match.score * 100)} %</dd>
          </div>
          <div>
            <dt>Length</dt>
            <dd>{clock(coveredSeconds(match.segments))}</dd>
          </div>
          <div>
            <dt>Their rule</dt>
            <dd>{policyName(match.policy)}</dd>
          </div>
        </dl>
      </header>
      <MatchTimeline match={match} duration={duration} />
    </article>
  );
}
