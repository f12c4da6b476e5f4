// Media for the tests: made by FFmpeg, or the real files beside the project where they are.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const shared = join(project, "..", "shared", "media");

// The folder of real media ("video", "audio", "hostile"), or null.
export function sharedMedia(kind) {
  const folder = join(shared, kind);
  return existsSync(folder) ? folder : null;
}

export function sharedFiles(kind) {
  const folder = sharedMedia(kind);
  return folder ? readdirSync(folder).sort().map((name) => join(folder, name)) : [];
}

export const workFolder = () => mkdtempSync(join(tmpdir(), "penstock-media-"));

export function ffmpeg(...args) {
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

export function ffprobe(...args) {
  return execFileSync("ffprobe", ["-loglevel", "error", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
}
