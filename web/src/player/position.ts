// Goes on where the viewer stopped, on this device.
const key = (id: string) => `penstock.position.${id}`;
const everySeconds = 5;
const edgeSeconds = 10; // the first and last seconds are not worth coming back to

export function keepPosition(video: HTMLVideoElement, id: string): () => void {
  let kept = 0;
  const storage = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();
  const start = Number(storage?.getItem(key(id)) ?? 0);
  const seek = () => {
    if (start > edgeSeconds && start < video.duration - edgeSeconds) video.currentTime = start;
  };
  const keep = (now: boolean) => {
    const time = video.currentTime;
    if (!now && Math.abs(time - kept) < everySeconds) return;
    kept = time;
    const worth = time > edgeSeconds && time < video.duration - edgeSeconds;
    try {
      if (worth) storage?.setItem(key(id), time.toFixed(1));
      else storage?.removeItem(key(id));
    } catch {
      // Full storage: the viewer starts at the beginning next time.
    }
  };
  const onTime = () => keep(false);
  const onPause = () => keep(true);
  video.addEventListener("loadedmetadata", seek, { once: true });
  video.addEventListener("timeupdate", onTime);
  video.addEventListener("pause", onPause);
  return () => {
    if (video.currentTime > 0) keep(true);
    video.removeEventListener("timeupdate", onTime);
    video.removeEventListener("pause", onPause);
  };
}
