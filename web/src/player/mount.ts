import "media-chrome";
import "media-chrome/menu";
import type { MediaController } from "media-chrome";
import { playbackFile } from "../api/playback";
import type { PlaybackMetadata } from "../api/types";
import { keepPosition } from "./position";
import { attachSource } from "./source";
import { drawWaveform } from "./waveform";
import "./player.css";

export interface PlayerOptions {
  id: string;
  metadata: PlaybackMetadata;
  onError: (text: string) => void;
}

const controls = `
  <media-loading-indicator slot="centered-chrome" noautohide></media-loading-indicator>
  <media-settings-menu hidden anchor="auto">
    <media-settings-menu-item class="quality">
      Quality
      <media-rendition-menu slot="submenu" hidden><div slot="title">Quality</div></media-rendition-menu>
    </media-settings-menu-item>
    <media-settings-menu-item>
      Speed
      <media-playback-rate-menu slot="submenu" hidden rates="0.5 0.75 1 1.25 1.5 2"><div slot="title">Speed</div></media-playback-rate-menu>
    </media-settings-menu-item>
    <media-settings-menu-item class="sounds">
      Sound
      <media-audio-track-menu slot="submenu" hidden><div slot="title">Sound</div></media-audio-track-menu>
    </media-settings-menu-item>
    <media-settings-menu-item class="captions">
      Captions
      <media-captions-menu slot="submenu" hidden><div slot="title">Captions</div></media-captions-menu>
    </media-settings-menu-item>
  </media-settings-menu>
  <div class="scrub">
    <media-time-range>
      <media-preview-thumbnail slot="preview"></media-preview-thumbnail>
      <media-preview-time-display slot="preview"></media-preview-time-display>
    </media-time-range>
  </div>
  <media-control-bar>
    <media-play-button></media-play-button>
    <media-seek-backward-button class="roomy" seekoffset="10"></media-seek-backward-button>
    <media-seek-forward-button class="roomy" seekoffset="10"></media-seek-forward-button>
    <media-mute-button></media-mute-button>
    <media-volume-range class="roomy"></media-volume-range>
    <media-time-display showduration notoggle></media-time-display>
    <span class="gap"></span>
    <media-captions-button></media-captions-button>
    <media-settings-menu-button></media-settings-menu-button>
    <media-pip-button class="picture"></media-pip-button>
    <media-fullscreen-button></media-fullscreen-button>
  </media-control-bar>`;

function makeVideo({ id, metadata }: PlayerOptions): HTMLVideoElement {
  const video = document.createElement("video");
  video.slot = "media";
  video.playsInline = true;
  video.preload = "metadata";
  video.setAttribute("aria-label", metadata.title);
  if (metadata.kind === "video" && metadata.has_thumbnail) video.poster = playbackFile(id, "thumbnail.jpg");
  if (metadata.has_storyboard) {
    const track = document.createElement("track");
    track.kind = "metadata";
    track.label = "thumbnails";
    track.default = true;
    track.src = playbackFile(id, "storyboard.vtt");
    video.append(track);
  }
  return video;
}

// Keys work wherever on the page the focus rests, except where they mean something else.
function forwardKeys(controller: MediaController): () => void {
  const forward = (event: KeyboardEvent) => {
    if (event.target !== document.body && (event.target as Element | null)?.id !== "main") return;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === " " || event.key.startsWith("Arrow")) event.preventDefault();
    controller.keyboardShortcutHandler(event);
  };
  document.addEventListener("keydown", forward);
  return () => document.removeEventListener("keydown", forward);
}

// Builds the player inside `place`; answers a function that takes it away again.
export function mountPlayer(place: HTMLElement, options: PlayerOptions): () => void {
  const video = makeVideo(options);
  const detach = attachSource(video, playbackFile(options.id, "index.m3u8"), options.onError);
  const controller = document.createElement("media-controller") as MediaController;
  controller.setAttribute("aria-label", `Player: ${options.metadata.title}`);
  if (options.metadata.kind === "audio") controller.setAttribute("autohide", "-1");
  controller.classList.add(options.metadata.kind);
  controller.innerHTML = controls;
  controller.prepend(video);
  place.replaceChildren(controller);
  const release = forwardKeys(controller);
  const leave = keepPosition(video, options.id);
  const scrub = controller.querySelector<HTMLElement>(".scrub");
  const erase = options.metadata.has_waveform && scrub ? drawWaveform(scrub, video, options.id, options.metadata.duration ?? 0) : () => {};
  return () => {
    erase();
    leave();
    release();
    detach();
    controller.remove();
  };
}
