// The way of an asset as six steps for people, and the short word for where it stands.
import type { Asset, Stage } from "../api/types";

export const stepNames = ["inspect", "fingerprint", "match", "decide", "transcode", "publish"] as const;
export type StepName = (typeof stepNames)[number];
export type StepState = "done" | "active" | "waiting" | "person" | "stopped" | "failed" | "skipped";

export interface Step {
  name: StepName;
  label: string;
  hint: string;
  state: StepState;
  percent: number;
}

const texts: Record<StepName, [string, string]> = {
  inspect: ["Inspect", "Looking inside the file"],
  fingerprint: ["Fingerprint", "Listening and looking for what makes it unique"],
  match: ["Match", "Comparing it with the lists of rights holders"],
  decide: ["Decide", "Working out whether it may be shown"],
  transcode: ["Transcode", "Preparing it for every screen and connection"],
  publish: ["Publish", "Putting it on the air"],
};

export const stepHint = (stage: Stage): string =>
  stage in texts ? texts[stage as StepName][1] : "";

type Known = Pick<Asset, "progress" | "rights" | "media">;

// Where a failed asset stopped: the stage last seen, or else the first one without a trace.
function failedAt(asset: Known, lastSeen: Stage | null): number {
  const seen = stepNames.indexOf(lastSeen as StepName);
  if (seen >= 0) return seen;
  if (!asset.media) return 0;
  return asset.rights === "pending" ? 1 : 4;
}

// `lastSeen` is the stage of the event before the failure, if this page saw it.
export function steps(asset: Known, lastSeen: Stage | null = null): Step[] {
  const stage = asset.progress.stage;
  const at = stepNames.indexOf(stage as StepName);
  const failed = stage === "errored" ? failedAt(asset, lastSeen) : -1;
  return stepNames.map((name, index) => {
    let state: StepState = "waiting";
    if (stage === "ready") state = "done";
    else if (stage === "review") state = index < 3 ? "done" : index === 3 ? "person" : "waiting";
    else if (stage === "blocked") state = index < 3 ? "done" : index === 3 ? "stopped" : "skipped";
    else if (stage === "errored") state = index < failed ? "done" : index === failed ? "failed" : "skipped";
    else if (index < at) state = "done";
    else if (index === at) state = "active";
    const [label, hint] = texts[name];
    const percent = state === "done" ? 100 : state === "active" ? asset.progress.percent : 0;
    return { name, label, hint, state, percent };
  });
}

export type Tone = "good" | "busy" | "note" | "warn" | "bad";

export interface Badge {
  text: string;
  tone: Tone;
}

export const hasFailed = (asset: Asset) => asset.progress.stage === "errored";

// What a badge on a card says.
export function badges(asset: Asset): Badge[] {
  const stage = asset.progress.stage;
  if (stage === "blocked" || asset.rights === "blocked") return [{ text: "Blocked", tone: "bad" }];
  if (hasFailed(asset)) return [{ text: "Failed", tone: "bad" }];
  if (stage === "review" || asset.rights === "review") return [{ text: "In review", tone: "warn" }];
  const list: Badge[] = [];
  if (asset.status === "ready") {
    list.push({ text: "Ready", tone: "good" });
  } else {
    const step = texts[stage as StepName];
    list.push({ text: `${step ? step[0] : "Waiting"} ${asset.progress.percent} %`, tone: "busy" });
  }
  if (asset.rights === "claimed") list.push({ text: "Claimed", tone: "note" });
  if (asset.visibility === "private") list.push({ text: "Private", tone: "note" });
  return list;
}

export const isFinal = (asset: Asset) =>
  ["ready", "blocked", "errored"].includes(asset.progress.stage);
