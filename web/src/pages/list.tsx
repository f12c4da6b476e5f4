import { readReceipt } from "../api/lists";
import { BackLink } from "../components/back-link";
import { DeleteList } from "../components/delete-list";
import { Empty, Loading } from "../components/empty";
import { ListVersions } from "../components/list-versions";
import { Notice } from "../components/notice";
import { ReceiptTable } from "../components/receipt-table";
import { useLoad } from "../components/use-load";
import { useTitle } from "../components/use-title";
import { dateTime, plural } from "../model/format";
import { policyName } from "../model/media-text";
import { go } from "../state/location";

export function ListPage({ id }: { id: string }) {
  const { value: receipt, problem, reload } = useLoad(() => readReceipt(id), [id]);
  useTitle(receipt?.list.name ?? "List");
  if (problem?.status === 404) {
    return (
      <Empty whole icon="lists" title="There is no such list">
        <a class="button" href="/lists">
          To the lists
        </a>
      </Empty>
    );
  }
  if (problem) {
    return (
      <Notice tone="bad" title="The list cannot be shown" onRetry={reload}>
        {problem.message}
      </Notice>
    );
  }
  if (!receipt) return <Loading what="the list" />;
  const { list } = receipt;
  return (
    <div class="stack">
      <BackLink href="/lists">Lists</BackLink>
      <div class="section-head">
        <div>
          <h1>{list.name}</h1>
          <p class="soft">
            {list.holder} · {plural(list.references, "fingerprint")} · {policyName(list.policy)} · loaded {dateTime(list.created)}
          </p>
        </div>
        <DeleteList list={list} onDeleted={() => go("/lists", true)} />
      </div>
      <section class="card stack" aria-labelledby="versions-title">
        <h2 id="versions-title">Versions</h2>
        <ListVersions list={list} onChanged={reload} />
      </section>
      <section class="card stack" aria-labelledby="receipt-title">
        <h2 id="receipt-title">Receipt of the active version</h2>
        <ReceiptTable receipt={receipt} />
      </section>
    </div>
  );
}
