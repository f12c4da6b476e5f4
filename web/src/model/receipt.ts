import type { ReceiptRow } from "../api/types";

// Refused rows first, each group in the order of the file.
export function receiptOrder(rows: ReceiptRow[]): ReceiptRow[] {
  return [...rows].sort((a, b) => Number(a.accepted) - Number(b.accepted) || a.line - b.line);
}
