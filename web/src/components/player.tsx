import { useEffect, useRef, useState } from "preact/hooks";
import { playbackFile } from "../api/playback";
import type { PlaybackMetadata } from "../api/types";
import { Icon } from "./icon";
import { Notice } from "./notice";

// The place of the player. Its code is large and comes only when something is watched.
export function Player({ id, metadata }: { id: string; metadata: PlaybackMetadata }) {
  const place = useRef<HTMLDivElement>(null);
  const [error, setError] = useState("");
  const [attempt, setAttempt] = useState(0);
  const [cover, setCover] = useState(true);
  const sound = metadata.kind === "audio";
  useEffect(() => {
    let gone = false;
    let unmount = () => {};
    setError("");
    import("../player/mount").then(
      ({ mountPlayer }) => {
        if (gone || !place.current) return;
        unmount = mountPlayer(place.current, { id, metadata, onError: setError });
      },
      () => setError("The player could not be loaded. Check the connection."),
    );
    return () => {
      gone = true;
      unmount();
    };
  }, [id, metadata, attempt]);
  const kind = `${sound ? " sound" : ""}${metadata.has_waveform ? " waved" : ""}`;
  const ratio = !sound && metadata.width && metadata.height ? `${metadata.width} / ${metadata.height}` : "16 / 9";
  return (
    <div class={`stage${kind}`} style={{ "--ratio": ratio }} data-testid="player" data-kind={metadata.kind}>
      {sound && (
        <div class="cover">
          <Icon name="sound" size={72} />
          {metadata.has_thumbnail && cover && <img src={playbackFile(id, "thumbnail.jpg")} alt="" onError={() => setCover(false)} />}
        </div>
      )}
      <div class="player-place" ref={place} />
      {error && (
        <div class="stage-error">
          <Notice tone="bad" title="Playback stopped" onRetry={() => setAttempt((n) => n + 1)}>
            {error}
          </Notice>
        </div>
      )}
    </div>
  );
}
