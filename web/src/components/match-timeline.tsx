import type { Match } from "../api/types";
import { geometry, segmentSentence, type Tick } from "../model/timeline";
import { useWidth } from "./use-width";

const rail = 14;
const uploadTop = 18;
const bandTop = uploadTop + rail;
const bandBottom = bandTop + 46;
const height = bandBottom + rail + 20;

function Ticks({ ticks, y }: { ticks: Tick[]; y: number }) {
  return (
    <>
      {ticks.map((tick) => (
        <text key={tick.x} class="tick" x={tick.x} y={y} text-anchor={tick.anchor}>
          {tick.text}
        </text>
      ))}
    </>
  );
}

// The upload above, the reference below, and what is the same in both joined by a band.
export function MatchTimeline({ match, duration }: { match: Match; duration: number | null }) {
  const { ref, width } = useWidth<HTMLDivElement>(560);
  const { bands, uploadTicks, referenceTicks } = geometry(
    match.segments,
    duration,
    match.reference.duration,
    width,
    bandTop,
    bandBottom,
  );
  const title = match.reference.title || "the reference";
  const sentences = match.segments.map((segment) => segmentSentence(segment, title));
  return (
    <figure class={`timeline ${match.kind}`} data-testid="match-timeline">
      <figcaption class="rail-name">Upload</figcaption>
      <div ref={ref}>
        <svg width={width} height={height} role="img" aria-label={sentences.join("; ")}>
          <Ticks ticks={uploadTicks} y={12} />
          <rect class="rail" y={uploadTop} width={width} height={rail} rx="4" />
          <rect class="rail" y={bandBottom} width={width} height={rail} rx="4" />
          {bands.map((band, index) => (
            <g key={index}>
              <path class="band" d={band.path} />
              <rect class="stretch" x={band.upload.x} y={uploadTop} width={band.upload.width} height={rail} rx="3" />
              <rect class="stretch" x={band.reference.x} y={bandBottom} width={band.reference.width} height={rail} rx="3" />
            </g>
          ))}
          <Ticks ticks={referenceTicks} y={bandBottom + rail + 15} />
        </svg>
      </div>
      <p class="rail-name">{title}</p>
      <ul class="sentences">
        {sentences.map((sentence, index) => (
          <li key={index}>{sentence}</li>
        ))}
      </ul>
    </figure>
  );
}
