// What a presentation's playlists name, fetched and joined.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const names = (playlist) => [...playlist.matchAll(/^[^#\s].*$/gm)].map((m) => m[0].trim());
const attributes = (playlist) => [...playlist.matchAll(/URI="([^"]+)"/g)].map((m) => m[1]);

// Every rendition of index.m3u8 but text: {name, playlist, bytes} with the initialisation and all segments in one piece.
export async function fetchRenditions(index) {
  const multivariant = (await (await fetch(index)).text()).replace(/^#EXT-X-MEDIA:TYPE=SUBTITLES.*$/gm, "");
  const renditions = [];
  for (const address of new Set([...names(multivariant), ...attributes(multivariant)])) {
    const url = new URL(address, index);
    const playlist = await (await fetch(url)).text();
    const parts = [];
    for (const part of [...attributes(playlist), ...names(playlist)]) {
      const response = await fetch(new URL(part, url));
      if (response.status !== 200) throw new Error(`${address} ${part}: ${response.status}`);
      parts.push(Buffer.from(await response.arrayBuffer()));
    }
    renditions.push({ name: address.split("/")[0], playlist, bytes: Buffer.concat(parts) });
  }
  return renditions;
}

export const playlistSeconds = (playlist) => [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, m) => sum + Number(m[1]), 0);

// What is wrong with a rendition as FFmpeg decodes it: error lines, time that does not grow, gaps in the sound. Empty: nothing.
export function faults(rendition, path) {
  writeFileSync(path, rendition.bytes);
  const found = [];
  const decoded = execFileSync("sh", ["-c", 'ffmpeg -nostdin -v error -xerror -i "$1" -f null - 2>&1 || echo failed', "sh", path], { encoding: "utf8" });
  if (decoded.trim()) found.push(decoded.trim().split("\n")[0]);
  const { packets } = JSON.parse(
    execFileSync("ffprobe", ["-v", "error", "-show_entries", "packet=codec_type,dts_time,duration_time", "-of", "json", path], { encoding: "utf8", maxBuffer: 1 << 28 }),
  );
  for (let i = 1; i < packets.length; ++i) {
    const gap = packets[i].dts_time - packets[i - 1].dts_time;
    if (!(gap > 0)) found.push(`time goes from ${packets[i - 1].dts_time} to ${packets[i].dts_time}`);
    if (packets[i].codec_type === "audio" && gap > 0.05) found.push(`a gap of ${gap} s in the sound at ${packets[i].dts_time}`);
  }
  return found;
}
