// Geometry of two timelines, the upload above and the reference below, joined where they are the same.
import type { MatchSegment } from "../api/types";
import { clock } from "./format";

export interface Span {
  x: number;
  width: number;
}

export interface Tick {
  x: number;
  text: string;
  anchor: "start" | "middle" | "end";
}

export interface Band {
  upload: Span;
  reference: Span;
  path: string; // the connecting shape, between `top` and `bottom`
}

export interface Geometry {
  bands: Band[];
  uploadTicks: Tick[];
  referenceTicks: Tick[];
}

const smallest = 3; // pixels that a stretch is wide at least, to be seen
const niceSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

// Seconds between ticks so that labels stay at least 64 pixels apart.
export function tickStep(seconds: number, width: number): number {
  const room = Math.max(1, Math.floor(width / 64));
  return niceSteps.find((step) => seconds / step <= room) ?? 28800;
}

export function ticks(seconds: number, width: number): Tick[] {
  const step = tickStep(seconds, width);
  const list: Tick[] = [];
  for (let t = 0; t <= seconds + 1e-6; t += step) {
    const x = (t / seconds) * width;
    const anchor = t === 0 ? "start" : width - x < 20 ? "end" : "middle";
    list.push({ x, text: clock(t), anchor });
  }
  return list;
}

// A stretch may end a little after what the container tells.
export function railSeconds(duration: number | null, ends: number[]): number {
  return Math.max(1, duration ?? 0, ...ends);
}

export function span(start: number, end: number, seconds: number, width: number): Span {
  const x = Math.min(Math.max(0, (start / seconds) * width), width - smallest);
  const right = Math.min(width, (end / seconds) * width);
  return { x, width: Math.max(smallest, right - x) };
}

export function geometry(
  segments: MatchSegment[],
  duration: number | null,
  referenceDuration: number,
  width: number,
  top: number,
  bottom: number,
): Geometry {
  const upload = railSeconds(duration, segments.map((s) => s.upload_end));
  const reference = railSeconds(referenceDuration, segments.map((s) => s.reference_end));
  const middle = (top + bottom) / 2;
  const n = (value: number) => value.toFixed(1);
  const bands = segments.map((segment) => {
    const a = span(segment.upload_start, segment.upload_end, upload, width);
    const b = span(segment.reference_start, segment.reference_end, reference, width);
    const path =
      `M${n(a.x)} ${top}C${n(a.x)} ${middle} ${n(b.x)} ${middle} ${n(b.x)} ${bottom}` +
      `H${n(b.x + b.width)}` +
      `C${n(b.x + b.width)} ${middle} ${n(a.x + a.width)} ${middle} ${n(a.x + a.width)} ${top}Z`;
    return { upload: a, reference: b, path };
  });
  return { bands, uploadTicks: ticks(upload, width), referenceTicks: ticks(reference, width) };
}

// Seconds of the upload that are covered by any segment; overlaps count once.
export function coveredSeconds(segments: MatchSegment[]): number {
  const sorted = segments.map((s) => [s.upload_start, s.upload_end] as const).sort((a, b) => a[0] - b[0]);
  let total = 0;
  let reach = 0;
  for (const [start, end] of sorted) {
    total += Math.max(0, end - Math.max(start, reach));
    reach = Math.max(reach, end);
  }
  return total;
}

export function segmentSentence(segment: MatchSegment, title: string): string {
  const own = `${clock(segment.upload_start)} to ${clock(segment.upload_end)} of the upload`;
  return `${own} is ${clock(segment.reference_start)} to ${clock(segment.reference_end)} of “${title}”`;
}
