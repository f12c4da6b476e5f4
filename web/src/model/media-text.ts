// Codec and container names as they stand on a box, and one line per stream.
import type { Asset, MediaStream, Policy, Rendition } from "../api/types";
import { bitRate } from "./format";

const codecs: Record<string, string> = {
  h264: "H.264",
  hevc: "HEVC",
  h265: "HEVC",
  av1: "AV1",
  vp8: "VP8",
  vp9: "VP9",
  aac: "AAC",
  mp3: "MP3",
  opus: "Opus",
  vorbis: "Vorbis",
  flac: "FLAC",
  ac3: "Dolby Digital",
  eac3: "Dolby Digital Plus",
};

export const codecName = (codec: string) => codecs[codec.toLowerCase()] ?? codec.toUpperCase();

// The demuxer's list of names ("mov,mp4,m4a") as one word that people know.
export function containerName(container: string): string {
  const names = container.toLowerCase().split(",");
  if (names.includes("mp4")) return "MP4";
  if (names.includes("matroska")) return "Matroska or WebM";
  return (names[0] ?? "").toUpperCase();
}

export function channelsName(channels: number): string {
  if (channels === 1) return "mono";
  if (channels === 2) return "stereo";
  if (channels === 6) return "5.1 surround";
  if (channels === 8) return "7.1 surround";
  return `${channels} channels`;
}

const kinds: Record<string, string> = {
  video: "Video",
  audio: "Audio",
  subtitle: "Subtitles",
  attached_picture: "Cover picture",
};

export function streamLine(stream: MediaStream): string {
  const parts = [kinds[stream.kind] ?? "Other data", codecName(stream.codec)];
  if (stream.width && stream.height) parts.push(`${stream.width} × ${stream.height}`);
  if (stream.sample_rate) parts.push(`${stream.sample_rate / 1000} kHz`);
  if (stream.channels) parts.push(channelsName(stream.channels));
  if (stream.language && stream.language !== "und") parts.push(stream.language);
  if (stream.title) parts.push(stream.title);
  return parts.join(" · ");
}

export function renditionLine(rendition: Rendition): string {
  const parts: string[] = [];
  if (rendition.width && rendition.height) parts.push(`${rendition.width} × ${rendition.height}`);
  if (rendition.kind === "audio") parts.push("sound");
  if (rendition.language) parts.push(rendition.language);
  if (rendition.title) parts.push(rendition.title);
  if (rendition.bandwidth) parts.push(bitRate(rendition.bandwidth));
  if (rendition.loudness) parts.push(`${rendition.loudness.integrated.toFixed(1).replace("-", "−")} LUFS`);
  return parts.join(" · ");
}

// Whether an asset is sound alone; by its name as long as nobody has looked inside.
export const isSound = (asset: Pick<Asset, "kind" | "file_name">): boolean =>
  asset.kind === null
    ? /\.(aac|aiff?|flac|m4a|mka|mp3|oga|ogg|opus|wav|wma|wv)$/i.test(asset.file_name)
    : asset.kind === "audio";

export const policies: { value: Policy; name: string; hint: string }[] = [
  { value: "block", name: "Block", hint: "nobody can watch it" },
  { value: "review", name: "Review", hint: "a person decides" },
  { value: "track", name: "Track", hint: "it is shown and noted" },
  { value: "allow", name: "Allow", hint: "it is shown" },
];
export const policyName = (policy: Policy) => policies.find((p) => p.value === policy)?.name ?? policy;
