import { mainPlaybackId, watchPath } from "../api/playback";
import type { Asset } from "../api/types";
import { hasFailed } from "../model/stages";
import { CopyLink } from "./copy-link";
import { Icon } from "./icon";
import { Notice } from "./notice";

// What can be done with an asset now: watch it, share it, or read why not.
export function AssetOutcome({ asset, details = true }: { asset: Asset; details?: boolean }) {
  const playback = asset.playable ? mainPlaybackId(asset) : null;
  const failed = hasFailed(asset);
  return (
    <>
      {failed && (
        <Notice tone="bad" title="This could not be prepared">
          {asset.error?.message ?? "The server gave no reason."}
        </Notice>
      )}
      {(playback !== null || details) && (
        <div class="row">
          {playback !== null && (
            <>
              <a class="button primary" href={watchPath(playback)} data-testid="watch-link">
                <Icon name="play" size={18} />
                Watch
              </a>
              <CopyLink path={watchPath(playback)} />
            </>
          )}
          {details && (
            <a class="button" href={`/a/${encodeURIComponent(asset.id)}`} aria-label={`Details of ${asset.title}`}>
              Details
            </a>
          )}
        </div>
      )}
    </>
  );
}
