import { useState } from "preact/hooks";
import type { Receipt } from "../api/types";
import { plural } from "../model/format";
import { receiptOrder } from "../model/receipt";
import { Icon } from "./icon";

const firstRows = 100;

export function ReceiptTable({ receipt }: { receipt: Receipt }) {
  const [all, setAll] = useState(false);
  const rows = receiptOrder(receipt.rows);
  const shown = all ? rows : rows.slice(0, firstRows);
  return (
    <section class="stack tight" aria-label="Receipt" data-testid="receipt">
      <p class="counts">
        <span class={receipt.accepted > 0 ? "badge good" : "badge bad"} data-testid="receipt-accepted">
          {plural(receipt.accepted, "line")} accepted
        </span>
        <span class={receipt.rejected > 0 ? "badge bad" : "badge note"} data-testid="receipt-rejected">
          {plural(receipt.rejected, "line")} refused
        </span>
        <span class="soft">version {receipt.version}</span>
      </p>
      {rows.length > 0 && (
        <div class="table-wrap" tabIndex={0} role="region" aria-label="Lines of the list">
          <table>
            <thead>
              <tr>
                <th scope="col" class="num">
                  Line
                </th>
                <th scope="col">Result</th>
                <th scope="col">Work</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.line} class={row.accepted ? "" : "refused"}>
                  <td class="num">{row.line}</td>
                  <td>
                    <span class={row.accepted ? "result good" : "result bad"}>
                      <Icon name={row.accepted ? "check" : "close"} size={16} />
                      <span class="word">{row.accepted ? "Accepted" : "Refused"}</span>
                    </span>
                  </td>
                  <td class="name">{row.title || "–"}</td>
                  <td class="name">
                    {row.reason}
                    {row.code && <code class="code">{row.code}</code>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < rows.length && (
        <button type="button" class="start" onClick={() => setAll(true)}>
          Show all {rows.length.toLocaleString()} lines
        </button>
      )}
    </section>
  );
}
