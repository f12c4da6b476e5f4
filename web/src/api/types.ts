// The shapes of the HTTP API that this application reads and writes.

// A blocked asset is "errored", too; `progress.stage` tells the two apart.
export type AssetStatus = "preparing" | "ready" | "errored";
export type Rights = "pending" | "clear" | "claimed" | "review" | "blocked";
export type Visibility = "public" | "private";
export type Policy = "allow" | "track" | "review" | "block";
export type Stage =
  | "inspect"
  | "fingerprint"
  | "match"
  | "decide"
  | "review"
  | "transcode"
  | "publish"
  | "ready"
  | "blocked"
  | "errored";

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Session {
  account: { id: string; name: string };
  scopes: string[];
}

export interface Progress {
  stage: Stage;
  percent: number;
  seconds?: number; // of the media, that the stage is through with
}

export interface PlaybackId {
  id: string;
  policy: string;
}

export interface Rendition {
  name: string;
  kind: "video" | "audio";
  width?: number | null;
  height?: number | null;
  bandwidth?: number | null;
  language?: string | null; // of sound, as all below
  title?: string | null;
  loudness?: { integrated: number; range: number; true_peak: number } | null; // LUFS, LU, dBTP
}

export interface MediaStream {
  kind: string;
  codec: string;
  width?: number | null;
  height?: number | null;
  sample_rate?: number | null;
  channels?: number | null;
  language?: string | null;
  title?: string | null;
}

export interface MediaInfo {
  container: string;
  streams: MediaStream[];
}

export interface TextTrack {
  id: string;
  kind: "subtitles" | "captions";
  language: string | null; // BCP 47
  label: string | null;
  default: boolean;
  forced: boolean;
  source: "file" | "upload";
  cues: number;
  size: number;
}

// Something of a file that plays nevertheless.
export interface Warning {
  code: string;
  message: string;
}

export interface Asset {
  id: string;
  title: string;
  status: AssetStatus;
  playable: boolean;
  rights: Rights;
  progress: Progress;
  kind: "video" | "audio" | null; // null before the inspection
  has_picture: boolean; // a thumbnail is made of it
  duration: number | null;
  visibility: Visibility;
  playback_ids: PlaybackId[];
  renditions?: Rendition[]; // not in lists, as `media`
  error: { code: string; message: string } | null;
  file_name: string;
  size: number;
  sha256: string | null;
  created: string;
  updated: string;
  media?: MediaInfo | null;
  text_tracks?: TextTrack[]; // not in lists, as `warnings`
  warnings?: Warning[];
}

export interface MatchSegment {
  upload_start: number;
  upload_end: number;
  reference_start: number;
  reference_end: number;
}

export interface Match {
  reference: { id: string; title: string; duration: number; list: string; holder: string };
  policy: Policy;
  kind: "audio" | "video";
  score: number;
  segments: MatchSegment[];
}

export interface Decision {
  rights: Rights;
  rule: string | null;
  reason: string | null;
  decided_by: string | null;
  decided: string | null;
  matcher: string | null;
}

export interface ReferenceList {
  id: string;
  holder: string;
  name: string;
  policy: Policy;
  version: number;
  created: string;
  references: number;
}

export interface ListVersion {
  version: number;
  created: string;
  accepted: number;
  rejected: number;
  references: number;
  active: boolean;
  available: boolean; // the list can go back to it
  signed_by: string | null; // the holder's key
}

export interface HoldSide {
  id: string;
  title: string;
  key: string;
  holder: string;
  list: string;
  list_id: string;
}

// A reference that another holder has too.
export interface Hold {
  reference: HoldSide;
  other: HoldSide | null;
  kind: "audio" | "video";
  code: string;
  since: string;
}

export interface ReceiptRow {
  line: number;
  accepted: boolean;
  title?: string | null;
  reference?: string | null;
  code?: string | null;
  reason?: string | null;
}

export interface Receipt {
  list: ReferenceList;
  dry_run?: boolean; // what would be; nothing was changed
  version: number;
  accepted: number;
  rejected: number;
  rows: ReceiptRow[];
}

export type EventName =
  | "upload.completed"
  | "asset.created"
  | "asset.progressed"
  | "asset.decided"
  | "asset.playable"
  | "asset.ready"
  | "asset.blocked"
  | "asset.errored"
  | "asset.deleted"
  | "list.imported"
  | "list.rolled_back"
  | "list.updated"
  | "list.deleted";

export interface StreamEvent {
  cursor: string | number;
  time: string;
  name: EventName | string;
  subject: string;
  data: Record<string, unknown> | null;
}

// What the watch page knows of a playback id, without being signed in.
export interface PlaybackMetadata {
  title: string;
  duration: number | null;
  kind: "video" | "audio";
  width: number | null;
  height: number | null;
  has_thumbnail: boolean;
  has_storyboard: boolean;
  has_waveform: boolean;
}

// RFC 9457, with this API's own members.
export interface ProblemBody {
  title?: string;
  detail?: string;
  status?: number;
  code?: string;
  field?: string;
  rule?: string;
}
