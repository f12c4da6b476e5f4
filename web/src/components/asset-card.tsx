import { useState } from "preact/hooks";
import { useAsset } from "../state/assets";
import type { KnownAsset } from "../model/asset-events";
import { bytes } from "../model/format";
import { isFinal } from "../model/stages";
import { AssetOutcome } from "./asset-outcome";
import { Badges } from "./badges";
import { Poster } from "./poster";
import { Stepper } from "./stepper";
import { useEvidence } from "./use-evidence";
import { Verdict } from "./verdict";

function Card({ known, brief }: { known: KnownAsset; brief: boolean }) {
  const { asset } = known;
  // What was over before it came here is told in one line, what happens now in full.
  const [short] = useState(brief && isFinal(asset));
  const evidence = useEvidence(asset);
  return (
    <article class="card upload-card" data-testid="asset-card" data-asset={asset.id} aria-label={asset.title}>
      <header class="card-head">
        <Poster asset={asset} />
        <div class="card-title">
          <h3>{asset.title}</h3>
          <p class="soft">
            {asset.file_name} · {bytes(asset.size)}
          </p>
        </div>
        <Badges asset={asset} />
      </header>
      {!short && <Stepper known={known} />}
      <Verdict asset={asset} evidence={evidence} brief={short} />
      <AssetOutcome asset={asset} />
    </article>
  );
}

// An asset on the start page: its stages while they run, then the verdict and the link.
export function AssetCard({ id, brief = false }: { id: string; brief?: boolean }) {
  const known = useAsset(id);
  return known ? <Card known={known} brief={brief} /> : null;
}
