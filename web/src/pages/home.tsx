import { useEffect } from "preact/hooks";
import { listAssets } from "../api/assets";
import { AssetCard } from "../components/asset-card";
import { DropZone } from "../components/drop-zone";
import { Notice } from "../components/notice";
import { UnfinishedCard } from "../components/unfinished-card";
import { UploadCard } from "../components/upload-card";
import { useLoad } from "../components/use-load";
import { useTitle } from "../components/use-title";
import { remember } from "../state/assets";
import { useStore } from "../state/store";
import { unfinished } from "../state/unfinished";
import { addFiles, lookForUnfinished, uploads } from "../state/uploads";

const recentCount = 4;

async function readRecent(): Promise<string[]> {
  const { items } = await listAssets({ limit: recentCount });
  items.forEach(remember);
  return items.map((asset) => asset.id);
}

export function HomePage() {
  useTitle("");
  const own = useStore(uploads);
  const left = useStore(unfinished);
  const { value, problem, reload } = useLoad(readRecent, []);
  useEffect(lookForUnfinished, []);

  const shown = new Set(own.map((upload) => upload.assetId));
  const others = (value ?? []).filter((id) => !shown.has(id));
  const empty = own.length === 0 && left.length === 0 && others.length === 0;
  return (
    <div class="stack">
      <div class={empty ? "hero" : "hero left"}>
        <h1>Share a video or a sound</h1>
        {empty && <p class="soft">Drop it, watch it being checked and prepared, and send the link.</p>}
      </div>
      <DropZone compact={!empty} onFiles={addFiles} />
      {problem && (
        <Notice tone="warn" title="Your latest uploads cannot be shown" onRetry={reload}>
          {problem.message}
        </Notice>
      )}
      {(own.length > 0 || left.length > 0) && (
        <section class="stack" aria-label="Your uploads">
          {own.map((upload) => (
            <UploadCard key={upload.key} upload={upload} />
          ))}
          {left.map((upload) => (
            <UnfinishedCard key={upload.url} upload={upload} />
          ))}
        </section>
      )}
      {others.length > 0 && (
        <section class="stack" aria-labelledby="recent">
          <div class="section-head">
            <h2 id="recent">Latest</h2>
            <a href="/library">All in the library</a>
          </div>
          {others.map((id) => (
            <AssetCard key={id} id={id} brief />
          ))}
        </section>
      )}
    </div>
  );
}
