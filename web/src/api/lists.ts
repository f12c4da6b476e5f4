import { request } from "./client";
import type { Hold, ListVersion, Page, Policy, Receipt, ReferenceList } from "./types";

const one = (id: string) => `/v1/reference-lists/${encodeURIComponent(id)}`;

export const readLists = async () => (await request<Page<ReferenceList>>("/v1/reference-lists")).items;
export interface ListImport {
  file: File;
  signature: File | undefined;
  holder: string;
  list: string;
  policy: Policy | null; // null: as the list has it, or else the file
  dryRun: boolean;
}
export const importList = async ({ file, signature, holder, list, policy, dryRun }: ListImport) =>
  request<Receipt>("/v1/reference-lists", {
    method: "POST",
    query: { holder, list, policy, dry_run: dryRun ? "true" : null },
    body: file,
    contentType: "application/x-ndjson",
    headers: signature ? { "Penstock-Signature": (await signature.text()).trim() } : {},
  });
export const changePolicy = (id: string, policy: Policy) =>
  request<ReferenceList | undefined>(one(id), { method: "PATCH", json: { policy } });
export const deleteList = (id: string) => request<void>(one(id), { method: "DELETE" });
export const readReceipt = (id: string) => request<Receipt>(`${one(id)}/receipt`);
export const readVersions = async (id: string) => (await request<Page<ListVersion>>(`${one(id)}/versions`)).items;
export const rollBack = (id: string, version: number) =>
  request<ReferenceList>(`${one(id)}/rollback`, { method: "POST", json: { version } });
export interface Rechecks {
  waiting: number; // assets still to be compared with changed lists
  assets: number; // of so many
}
export const readRechecks = () => request<Rechecks>("/v1/rechecks");
export const readHolds = async () => (await request<Page<Hold>>("/v1/holds")).items;
export const settleHold = (reference: string, action: "release" | "reject") =>
  request<void>(`/v1/holds/${encodeURIComponent(reference)}`, { method: "POST", json: { action } });
export const exportAddress = (id: string, version: number) => `${one(id)}/export?version=${version}`;
