import { readPlayback, watchPath } from "../api/playback";
import { CopyLink } from "../components/copy-link";
import { Empty, Loading } from "../components/empty";
import { Notice } from "../components/notice";
import { Player } from "../components/player";
import { useLoad } from "../components/use-load";
import { useTitle } from "../components/use-title";
import { clock } from "../model/format";

export function WatchPage({ id }: { id: string }) {
  const { value: metadata, problem, reload } = useLoad(() => readPlayback(id), [id]);
  useTitle(metadata?.title ?? "Watch");
  if (problem && problem.status >= 400 && problem.status < 500) {
    return (
      <Empty whole icon="film" title="This is not available">
        <p class="soft">It may have been removed, may not be ready yet, or the link may be incomplete.</p>
        <a class="button" href="/">
          To the start page
        </a>
      </Empty>
    );
  }
  if (problem) {
    return (
      <Notice tone="bad" title="This cannot be played now" onRetry={reload}>
        {problem.message}
      </Notice>
    );
  }
  if (!metadata) return <Loading what="the player" />;
  return (
    <article class="watch" data-testid="watch-page">
      <Player id={id} metadata={metadata} />
      <div class="watch-head">
        <div>
          <h1>{metadata.title}</h1>
          {metadata.duration !== null && <p class="soft num">{clock(metadata.duration)}</p>}
        </div>
        <CopyLink path={watchPath(id)} />
      </div>
    </article>
  );
}
