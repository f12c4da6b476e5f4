import { playbackFile } from "../api/playback";
import { request } from "../api/client";
import { bars, type Waveform } from "../model/waveform";

const pitch = 4; // CSS pixels from bar to bar
const thickness = 2.5;
const lowest = 2; // pixels that silence is high

// Draws the waveform behind the seek bar, which stays what is clicked, dragged and moved by keys. Without one, the plain bar
// is left. Answers a function that takes it away.
export function drawWaveform(scrub: HTMLElement, video: HTMLVideoElement, id: string, seconds: number): () => void {
  const canvas = document.createElement("canvas");
  canvas.className = "waveform";
  canvas.setAttribute("aria-hidden", "true");
  canvas.dataset.testid = "waveform";
  const leave = new AbortController();
  let heights: number[] = [];
  let frame = 0;
  const draw = () => {
    const pen = canvas.getContext("2d");
    if (!pen) return;
    const scale = canvas.width / canvas.clientWidth;
    const style = getComputedStyle(canvas);
    const played = style.getPropertyValue("--played");
    const reached = (video.currentTime / (video.duration || seconds)) * canvas.clientWidth;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    heights.forEach((height, bar) => {
      const x = bar * pitch;
      const tall = Math.max(lowest, height * canvas.clientHeight);
      pen.fillStyle = x + thickness / 2 <= reached ? played : style.color;
      pen.fillRect(x, (canvas.clientHeight - tall) / 2, thickness, tall);
    });
  };
  const follow = () => {
    draw();
    frame = video.paused ? 0 : requestAnimationFrame(follow);
  };
  const start = () => {
    cancelAnimationFrame(frame);
    follow();
  };
  const show = (waveform: Waveform) => {
    scrub.prepend(canvas);
    scrub.classList.add("waved");
    const fit = () => {
      canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
      canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
      heights = bars(waveform, video.duration || seconds, Math.max(1, Math.floor(canvas.clientWidth / pitch)));
      draw();
    };
    const size = new ResizeObserver(fit);
    size.observe(canvas);
    leave.signal.addEventListener("abort", () => size.disconnect());
    const listen = { signal: leave.signal };
    video.addEventListener("durationchange", fit, listen);
    for (const moment of ["play", "pause", "seeking", "timeupdate"]) video.addEventListener(moment, start, listen);
  };
  request<Waveform>(playbackFile(id, "waveform.json"), { signal: leave.signal }).then(
    (waveform) => leave.signal.aborted || show(waveform),
    () => {},
  );
  return () => {
    leave.abort();
    cancelAnimationFrame(frame);
  };
}
