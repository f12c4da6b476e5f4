import { useState } from "preact/hooks";
import { mainPlaybackId, playbackFile } from "../api/playback";
import type { Asset } from "../api/types";
import { clock } from "../model/format";
import { isSound } from "../model/media-text";
import { Icon } from "./icon";

export function Poster({ asset }: { asset: Asset }) {
  const [missing, setMissing] = useState(false);
  const playback = asset.playable && asset.has_picture ? mainPlaybackId(asset) : null;
  return (
    <span class="poster">
      {playback !== null && !missing ? (
        <img src={playbackFile(playback, "thumbnail.jpg")} alt="" loading="lazy" onError={() => setMissing(true)} />
      ) : (
        <Icon name={isSound(asset) ? "sound" : "film"} size={34} />
      )}
      {asset.duration !== null && asset.duration > 0 && <span class="length">{clock(asset.duration)}</span>}
    </span>
  );
}
