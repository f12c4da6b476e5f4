import Hls, { ErrorTypes, Events } from "hls.js";
import { trackName } from "../model/language";
import { AudioTrackList } from "./audio-track-list";
import { RenditionList } from "./rendition-list";

const mediaRecoveries = 2;

// Plays an HLS address in `video`, by hls.js where the browser has Media Source Extensions, else by the
// browser itself. Sets `video.videoRenditions` and `video.audioTracks`, so it must run before the controls
// are attached.
// Answers a function that ends it.
export function attachSource(video: HTMLVideoElement, url: string, onError: (text: string) => void): () => void {
  if (!Hls.isSupported()) {
    if (video.canPlayType("application/vnd.apple.mpegurl") === "") {
      onError("This browser cannot play streams. Please use a newer one.");
      return () => {};
    }
    video.addEventListener("error", () => onError("The stream could not be played."));
    video.src = url;
    return () => video.removeAttribute("src");
  }
  const hls = new Hls({ capLevelToPlayerSize: true, maxBufferLength: 30, backBufferLength: 60 });
  let shown: number[] = [];
  const renditions = new RenditionList((index) => (hls.nextLevel = shown[index] ?? -1));
  Object.defineProperty(video, "videoRenditions", { value: renditions, configurable: true });
  const sounds = new AudioTrackList((index) => (hls.audioTrack = index));
  Object.defineProperty(video, "audioTracks", { value: sounds, configurable: true });
  hls.on(Events.AUDIO_TRACKS_UPDATED, (_name, data) => {
    sounds.replace(data.audioTracks.map(({ name, lang }) => ({ label: trackName(name, lang), language: lang ?? "" })));
  });
  hls.on(Events.AUDIO_TRACK_SWITCHED, () => sounds.show(hls.audioTrack));
  hls.on(Events.MANIFEST_PARSED, (_name, data) => {
    for (const track of data.subtitleTracks) track.name = trackName(track.name, track.lang);
  });
  // hls.js stays with the codec that it begins with: in another there are the same pictures once more.
  hls.once(Events.LEVEL_SWITCHING, (_name, data) => {
    const codec = hls.levels[data.level]?.codecSet;
    shown = [...hls.levels.keys()].filter((index) => hls.levels[index]?.codecSet === codec);
    const levels = shown.map((index) => {
      const { width, height, bitrate } = hls.levels[index]!;
      return { id: String(index), width, height, bitrate };
    });
    // Sound alone has no picture sizes to choose from.
    renditions.replace(levels.every((level) => level.height > 0) && levels.length > 1 ? levels : []);
  });
  let recoveries = 0;
  hls.on(Events.ERROR, (_name, data) => {
    if (!data.fatal) return;
    if (data.type === ErrorTypes.MEDIA_ERROR && recoveries++ < mediaRecoveries) {
      hls.recoverMediaError();
      return;
    }
    const lost = data.type === ErrorTypes.NETWORK_ERROR;
    onError(lost ? "The stream stopped coming. Check the connection." : "The stream could not be decoded.");
    hls.destroy();
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return () => hls.destroy();
}
