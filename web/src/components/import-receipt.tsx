import type { Receipt } from "../api/types";
import { importOutcome } from "../model/receipt";
import { Notice } from "./notice";
import { ReceiptTable } from "./receipt-table";

// What became of a file that was loaded or checked.
export function ImportReceipt({ receipt }: { receipt: Receipt }) {
  const { tone, title, text } = importOutcome(receipt);
  return (
    <div class="stack tight" role="status" data-testid="import-receipt" data-tone={tone}>
      <Notice tone={tone} title={title}>
        {text}
      </Notice>
      <ReceiptTable receipt={receipt} />
    </div>
  );
}
