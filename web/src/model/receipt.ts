import type { Receipt, ReceiptRow } from "../api/types";
import { plural } from "./format";

// Refused rows first, each group in the order of the file.
export function receiptOrder(rows: ReceiptRow[]): ReceiptRow[] {
  return [...rows].sort((a, b) => Number(a.accepted) - Number(b.accepted) || a.line - b.line);
}

export interface Outcome {
  tone: "good" | "warn" | "bad";
  title: string;
  text: string;
}

// What became of a file, in a sentence. One that brought nothing has failed, whatever the server made of it.
export function importOutcome({ list, dry_run = false, accepted, rejected }: Receipt): Outcome {
  const has = plural(list.references, "fingerprint");
  const state = dry_run ? `Nothing was changed. The list would have ${has}.` : `The list has ${has}.`;
  if (accepted === 0) {
    const title = dry_run ? `Nothing of “${list.name}” would be accepted` : `Nothing of “${list.name}” was accepted`;
    return { tone: "bad", title, text: `${rejected > 0 ? "The reasons stand below, line by line." : "The file has no lines."} ${state}` };
  }
  return {
    tone: rejected > 0 ? "warn" : "good",
    title: dry_run ? `“${list.name}” was checked` : `“${list.name}” is loaded`,
    text: rejected > 0 ? `Without the refused lines, which are listed first. ${state}` : state,
  };
}
