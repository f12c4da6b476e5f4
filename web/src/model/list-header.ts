// The header line of a list file, as docs/reference_lists.md describes it; what the page needs of it.
import type { Policy, ReferenceList } from "../api/types";
import { policies } from "./media-text";

export interface ListHeader {
  holder: string | null;
  list: string | null;
  policy: Policy | null;
}

const nothing: ListHeader = { holder: null, list: null, policy: null };
const lineLimit = 64 * 1024; // bytes; a header is a few names

async function firstLine(file: Blob): Promise<string> {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = a === 0x1f && b === 0x8b;
  const reader = (packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream()).getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n") && text.length < lineLimit) {
    const { done, value } = await reader.read();
    if (done) break;
    text = (text + decoder.decode(value, { stream: true })).trimStart();
  }
  void reader.cancel().catch(() => undefined);
  return text.split("\n", 1)[0] ?? "";
}

// What the file says of itself; a file without a header, in another format or torn says nothing. The server judges it.
export async function readListHeader(file: Blob): Promise<ListHeader> {
  try {
    const header = JSON.parse(await firstLine(file)) as Record<string, unknown> | null;
    if (!header || header["penstock_list"] === undefined) return nothing;
    const text = (name: string) => (typeof header[name] === "string" ? (header[name] as string) : null);
    const policy = policies.find(({ value }) => value === header["policy"])?.value ?? null;
    return { holder: text("holder"), list: text("list"), policy };
  } catch {
    return nothing;
  }
}

// What uploads will follow once the file is loaded, and what has to be sent (null: nothing) for it to be so. A list keeps
// its policy unless the person chose another: the server would let the file's header replace it.
export function importPolicy(chosen: Policy | null, list: ReferenceList | null, header: ListHeader | null): { policy: Policy; sent: Policy | null } {
  if (chosen) return { policy: chosen, sent: chosen };
  const asked = header?.policy ?? null;
  if (list) return { policy: list.policy, sent: asked && asked !== list.policy ? list.policy : null };
  return { policy: asked ?? "block", sent: null };
}
