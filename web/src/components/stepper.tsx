import type { KnownAsset } from "../model/asset-events";
import { clock } from "../model/format";
import { stepHint, steps, type StepState } from "../model/stages";
import { Icon, type IconName } from "./icon";

const words: Record<StepState, string> = {
  done: "done",
  active: "running",
  waiting: "not yet",
  person: "waits for a person",
  stopped: "blocked here",
  failed: "failed here",
  skipped: "not needed",
};
const marks: Partial<Record<StepState, IconName>> = { done: "check", person: "person", stopped: "block", failed: "close" };

export function Stepper({ known }: { known: KnownAsset }) {
  const { asset, lastStage } = known;
  const list = steps(asset, lastStage);
  const active = list.find((step) => step.state === "active");
  const reached = asset.progress.seconds ?? 0;
  return (
    <div class="stepper" data-testid="stepper" data-stage={asset.progress.stage}>
      <ol aria-label="Stages">
        {list.map((step, index) => (
          <li key={step.name} class={step.state} aria-current={step.state === "active" ? "step" : undefined}>
            <span class="step-mark" aria-hidden="true">
              {marks[step.state] ? <Icon name={marks[step.state]!} size={14} /> : index + 1}
            </span>
            <span class="step-label">{step.label}</span>
            <span class="sr-only">
              {words[step.state]}
              {step.state === "active" ? `, ${step.percent} percent` : ""}
            </span>
            <span class="step-line" aria-hidden="true">
              <span style={{ width: `${step.percent}%` }} />
            </span>
          </li>
        ))}
      </ol>
      {active && (
        <p class="step-hint">
          {stepHint(active.name)} … {active.percent > 0 && <span class="num">{active.percent} %</span>}
          {reached > 0 && (asset.duration ?? 0) > reached && (
            <span class="num">
              {" "}
              ({clock(reached)} of {clock(asset.duration)})
            </span>
          )}
        </p>
      )}
    </div>
  );
}
