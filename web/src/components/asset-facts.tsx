import type { ComponentChildren } from "preact";
import type { Asset, Decision } from "../api/types";
import { bytes, clock, dateTime } from "../model/format";
import { containerName, renditionLine, streamLine } from "../model/media-text";
import { Notice } from "./notice";

const rules: Record<string, string> = {
  no_match: "Nothing matched",
  list_policy: "The rule of the list",
  manual: "A person decided",
};

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function FileFacts({ asset }: { asset: Asset }) {
  return (
    <section class="card stack" aria-labelledby="file-facts">
      <h2 id="file-facts">The file</h2>
      {asset.warnings?.map((warning, index) => (
        <Notice key={index} tone="warn">
          {warning.message}
        </Notice>
      ))}
      <dl class="facts">
        <Fact name="Name">{asset.file_name}</Fact>
        <Fact name="Size">{bytes(asset.size)}</Fact>
        {(asset.duration ?? 0) > 0 && <Fact name="Length">{clock(asset.duration)}</Fact>}
        <Fact name="Uploaded">{dateTime(asset.created)}</Fact>
        {asset.media && <Fact name="Container">{containerName(asset.media.container)}</Fact>}
        {asset.media?.streams.map((stream, index) => (
          <Fact key={index} name={`Stream ${index + 1}`}>
            {streamLine(stream)}
          </Fact>
        ))}
        {asset.sha256 && (
          <Fact name="Checksum (SHA-256)">
            <code class="hash">{asset.sha256}</code>
          </Fact>
        )}
      </dl>
    </section>
  );
}

export function RenditionFacts({ asset }: { asset: Asset }) {
  const renditions = asset.renditions ?? [];
  if (renditions.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="renditions">
      <h2 id="renditions">Qualities</h2>
      <dl class="facts" data-testid="renditions">
        {renditions.map((rendition) => (
          <Fact key={rendition.name} name={rendition.name}>
            {renditionLine(rendition)}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

export function DecisionFacts({ decision }: { decision: Decision }) {
  return (
    <dl class="facts small-facts" data-testid="decision-facts">
      {decision.rule && <Fact name="Rule">{rules[decision.rule] ?? decision.rule}</Fact>}
      {decision.decided_by && (
        <Fact name="Decided by">{decision.decided_by === "policy" ? "Penstock" : decision.decided_by}</Fact>
      )}
      {decision.decided && <Fact name="Decided">{dateTime(decision.decided)}</Fact>}
      {decision.matcher && <Fact name="Compared by">{decision.matcher}</Fact>}
    </dl>
  );
}
