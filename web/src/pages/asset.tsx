import { useState } from "preact/hooks";
import { deleteAsset, retryAsset } from "../api/assets";
import { asProblem } from "../api/problem";
import { DecisionFacts, FileFacts, RenditionFacts } from "../components/asset-facts";
import { AssetOutcome } from "../components/asset-outcome";
import { AssetSettings } from "../components/asset-settings";
import { BackLink } from "../components/back-link";
import { Badges } from "../components/badges";
import { Confirm } from "../components/confirm";
import { Empty, Loading } from "../components/empty";
import { Icon } from "../components/icon";
import { Notice } from "../components/notice";
import { Poster } from "../components/poster";
import { ReviewForm } from "../components/review-form";
import { Stepper } from "../components/stepper";
import { TextTracks } from "../components/text-tracks";
import { showToast } from "../components/toast";
import { useEvidence } from "../components/use-evidence";
import { useLoad } from "../components/use-load";
import { useTitle } from "../components/use-title";
import { Verdict } from "../components/verdict";
import type { KnownAsset } from "../model/asset-events";
import { hasFailed } from "../model/stages";
import { forget, refresh, useAsset } from "../state/assets";
import { go } from "../state/location";

function Removal({ known }: { known: KnownAsset }) {
  const { asset } = known;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await deleteAsset(asset.id);
      forget(asset.id);
      showToast(`“${asset.title}” was deleted`);
      go("/library", true);
    } catch (problem) {
      showToast(asProblem(problem).message);
      setBusy(false);
      setAsking(false);
    }
  };
  return (
    <section class="card stack" aria-labelledby="remove">
      <h2 id="remove">Delete</h2>
      <p class="soft">Removes the file and everything made of it. Links to it stop working at once.</p>
      <button type="button" class="danger start" onClick={() => setAsking(true)}>
        <Icon name="trash" size={18} />
        Delete …
      </button>
      {asking && (
        <Confirm title="Delete this for good?" action="Delete" busy={busy} onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          “{asset.title}” cannot be brought back.
        </Confirm>
      )}
    </section>
  );
}

function Retry({ id }: { id: string }) {
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await retryAsset(id);
      await refresh(id);
    } catch (problem) {
      showToast(asProblem(problem).message);
    }
    setBusy(false);
  };
  return (
    <button type="button" class="primary start" disabled={busy} onClick={() => void retry()} data-testid="retry">
      <Icon name="retry" size={18} />
      Try again
    </button>
  );
}

function Details({ known }: { known: KnownAsset }) {
  const { asset } = known;
  useTitle(asset.title);
  const evidence = useEvidence(asset);
  const inReview = asset.rights === "review" && asset.progress.stage === "review";
  return (
    <div class="stack" data-testid="asset-page">
      <BackLink href="/library">Library</BackLink>
      <div class="asset-head">
        <Poster asset={asset} />
        <div class="stack tight">
          <h1>{asset.title}</h1>
          <Badges asset={asset} />
          <AssetOutcome asset={asset} details={false} />
          {hasFailed(asset) && <Retry id={asset.id} />}
        </div>
      </div>
      <div class="columns">
        <div class="stack">
          {inReview && <ReviewForm asset={asset} />}
          <section class="card stack" aria-labelledby="stages">
            <h2 id="stages">Stages</h2>
            <Stepper known={known} />
          </section>
          {asset.rights !== "pending" && (
            <section class="card stack" aria-labelledby="rights">
              <h2 id="rights">Rights</h2>
              <Verdict asset={asset} evidence={evidence} />
              {evidence.decision && <DecisionFacts decision={evidence.decision} />}
            </section>
          )}
        </div>
        <div class="stack">
          <AssetSettings key={`${asset.title}/${asset.visibility}`} asset={asset} />
          {!hasFailed(asset) && <TextTracks asset={asset} />}
          <RenditionFacts asset={asset} />
          <FileFacts asset={asset} />
          <Removal known={known} />
        </div>
      </div>
    </div>
  );
}

export function AssetPage({ id }: { id: string }) {
  const known = useAsset(id);
  const { problem, reload } = useLoad(() => refresh(id), [id]);
  if (known && problem?.status !== 404) return <Details known={known} />;
  if (problem?.status === 404) {
    return (
      <Empty whole icon="film" title="This is not in your library">
        <p class="soft">It may have been deleted.</p>
        <a class="button" href="/library">
          To the library
        </a>
      </Empty>
    );
  }
  if (problem) {
    return (
      <Notice tone="bad" title="This cannot be shown" onRetry={reload}>
        {problem.message}
      </Notice>
    );
  }
  return <Loading what="the details" />;
}
