import { describe, expect, test } from "vitest";
import type { ReferenceList } from "../src/api/types";
import { importPolicy, readListHeader } from "../src/model/list-header";

const header = '{"penstock_list":1,"holder":"Example Records","list":"Catalogue","mode":"full","policy":"track"}\n';
const row = '{"kind":"audio","id":"1","fingerprint":"AAAA"}\n';
const packed = (text: string) =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
const read = (...parts: BlobPart[]) => readListHeader(new Blob(parts));

describe("the header of a list file", () => {
  test("tells holder, name and policy", async () => {
    expect(await read(header, row)).toEqual({ holder: "Example Records", list: "Catalogue", policy: "track" });
  });

  test("is read after empty lines, without an end of line, and in a file packed with gzip", async () => {
    const known = { holder: "Example Records", list: "Catalogue", policy: "track" };
    expect(await read("\r\n\n", header, row)).toEqual(known);
    expect(await read(header.trim())).toEqual(known);
    expect(await read(await packed(header + row.repeat(100_000)))).toEqual(known);
  });

  test("is not seen where there is none", async () => {
    const none = { holder: null, list: null, policy: null };
    expect(await read(row)).toEqual(none);
    expect(await read("id,fingerprint\n1,AAAA\n")).toEqual(none);
    expect(await read("null\n")).toEqual(none);
    expect(await read("")).toEqual(none);
    expect(await read(new Uint8Array([0x1f, 0x8b, 1, 2, 3]))).toEqual(none);
    expect(await read("x".repeat(1_000_000))).toEqual(none);
  });

  test("a field of another kind is left out", async () => {
    expect(await read('{"penstock_list":1,"holder":7,"policy":"burn"}\n')).toEqual({ holder: null, list: null, policy: null });
  });
});

describe("the policy of an import", () => {
  const list = (policy: ReferenceList["policy"]): ReferenceList => ({
    id: "l1", holder: "Example Records", name: "Catalogue", policy, version: 1, created: "", references: 1,
  });
  const asks = (policy: ReferenceList["policy"] | null) => ({ holder: null, list: null, policy });

  test("is what the person chose", () => {
    expect(importPolicy("allow", list("track"), asks("block"))).toEqual({ policy: "allow", sent: "allow" });
  });

  test("is what the list has, which is only sent where the file asks for another", () => {
    expect(importPolicy(null, list("track"), null)).toEqual({ policy: "track", sent: null });
    expect(importPolicy(null, list("track"), asks("track"))).toEqual({ policy: "track", sent: null });
    expect(importPolicy(null, list("track"), asks("block"))).toEqual({ policy: "track", sent: "track" });
  });

  test("of a new list is the file's, or block", () => {
    expect(importPolicy(null, null, asks("review"))).toEqual({ policy: "review", sent: null });
    expect(importPolicy(null, null, asks(null))).toEqual({ policy: "block", sent: null });
  });
});
