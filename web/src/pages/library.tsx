import { useEffect, useRef, useState } from "preact/hooks";
import { address } from "../api/client";
import { Badges } from "../components/badges";
import { Empty, Loading } from "../components/empty";
import { Icon } from "../components/icon";
import { Notice } from "../components/notice";
import { Poster } from "../components/poster";
import { useAssetList } from "../components/use-asset-list";
import { useTitle } from "../components/use-title";
import { dateTime } from "../model/format";
import { useAsset } from "../state/assets";
import { go, noteEntry, place } from "../state/location";
import { useStore } from "../state/store";

function Tile({ id }: { id: string }) {
  const known = useAsset(id);
  if (!known) return null;
  const { asset } = known;
  return (
    <li>
      <a class="tile" href={`/a/${encodeURIComponent(id)}`} data-testid="library-item" data-asset={id}>
        <Poster asset={asset} />
        <span class="tile-title">{asset.title}</span>
        <span class="soft tile-date">{dateTime(asset.created)}</span>
        <Badges asset={asset} />
      </a>
    </li>
  );
}

export function LibraryPage() {
  useTitle("Library");
  const { search } = useStore(place);
  const q = new URLSearchParams(search).get("q") ?? "";
  const [text, setText] = useState(q);
  const written = useRef(q);
  const list = useAssetList(q);

  // The address follows what is typed, and the field follows the address where somebody else changed that.
  useEffect(() => {
    if (text.trim() === written.current) return;
    const timer = setTimeout(() => {
      written.current = text.trim();
      noteEntry({ shown: 0 });
      go(address("/library", { q: written.current }), true);
    }, 250);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (q === written.current) return;
    written.current = q;
    setText(q);
  }, [q]);

  const nothing = !list.loading && !list.problem && list.ids.length === 0;
  return (
    <div class="stack">
      <div class="section-head">
        <h1>Library</h1>
        <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
          <Icon name="search" size={18} />
          <input type="search" aria-label="Search the library" placeholder="Search" value={text}
            onInput={(event) => setText(event.currentTarget.value)} />
        </form>
      </div>
      {list.problem && (
        <Notice tone="bad" title="The library cannot be shown" onRetry={list.reload}>
          {list.problem.message}
        </Notice>
      )}
      {list.loading && list.ids.length === 0 && <Loading what="the library" />}
      {nothing && q === "" && (
        <Empty icon="film" title="Nothing here yet">
          <p class="soft">What you upload appears here, with its picture and its state.</p>
          <a class="button primary" href="/">
            Upload something
          </a>
        </Empty>
      )}
      {nothing && q !== "" && (
        <Empty icon="search" title={`Nothing found for “${q}”`}>
          <button type="button" onClick={() => setText("")}>
            Show everything
          </button>
        </Empty>
      )}
      {list.ids.length > 0 && (
        <ul class="grid" aria-label="Uploads" aria-busy={list.loading}>
          {list.ids.map((id) => (
            <Tile key={id} id={id} />
          ))}
        </ul>
      )}
      {list.more && (
        <button type="button" class="center" onClick={list.loadMore} disabled={list.loading}>
          Show more
        </button>
      )}
    </div>
  );
}
