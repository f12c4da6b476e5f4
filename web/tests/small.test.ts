import { describe, expect, test } from "vitest";
import { mainPlaybackId } from "../src/api/playback";
import { problemFrom } from "../src/api/problem";
import { backoffDelay } from "../src/model/backoff";
import { containerName, isSound, renditionLine, streamLine } from "../src/model/media-text";
import { importOutcome, receiptOrder } from "../src/model/receipt";
import { matchRoute } from "../src/model/route";
import { RenditionList } from "../src/player/rendition-list";
import { asset } from "./support/asset";

describe("routes", () => {
  test("each page has its address", () => {
    expect(matchRoute("/")).toEqual({ page: "home" });
    expect(matchRoute("/index.html")).toEqual({ page: "home" });
    expect(matchRoute("/library")).toEqual({ page: "library" });
    expect(matchRoute("/a/x%2Fy")).toEqual({ page: "asset", id: "x/y" });
    expect(matchRoute("/lists/l1")).toEqual({ page: "list", id: "l1" });
    expect(matchRoute("/watch/p1")).toEqual({ page: "watch", id: "p1" });
  });

  test("everything else is missing, also what cannot be decoded", () => {
    expect(matchRoute("/v1/assets")).toEqual({ page: "missing" });
    expect(matchRoute("/a/%E0%A4%A")).toEqual({ page: "missing" });
    expect(matchRoute("/watch/p1/more")).toEqual({ page: "missing" });
  });
});

describe("reconnection", () => {
  test("waits double up to half a minute, spread by a quarter", () => {
    expect(backoffDelay(0, 0.5)).toBe(500);
    expect(backoffDelay(3, 0.5)).toBe(4000);
    expect(backoffDelay(50, 0.5)).toBe(30_000);
    expect(backoffDelay(0, 0)).toBe(375);
  });
});

describe("problems", () => {
  test("the server's sentence wins over its title and over ours", () => {
    const problem = problemFrom(422, '{"title":"Bad list","detail":"Line 3 is not JSON.","code":"malformed_row","field":"body"}');
    expect(problem).toMatchObject({ status: 422, code: "malformed_row", message: "Line 3 is not JSON.", field: "body" });
  });

  test("an answer that is no problem document still makes a sentence", () => {
    expect(problemFrom(507, "<html>").message).toBe("The server's disk is full.");
    expect(problemFrom(418, "").message).toContain("418");
  });
});

describe("media texts", () => {
  test("a stream is one line", () => {
    expect(streamLine({ kind: "video", codec: "h264", width: 854, height: 480 })).toBe("Video · H.264 · 854 × 480");
    expect(streamLine({ kind: "audio", codec: "aac", sample_rate: 48000, channels: 2, language: "en" })).toBe(
      "Audio · AAC · 48 kHz · stereo · en",
    );
  });

  test("a rendition is one line", () => {
    expect(renditionLine({ name: "128k", kind: "audio", bandwidth: 128_000 })).toBe("sound · 128 kbit/s");
    expect(
      renditionLine({ name: "a", kind: "audio", language: "de", title: "Kino", loudness: { integrated: -23.04, range: 5, true_peak: -1 } }),
    ).toBe("sound · de · Kino · −23.0 LUFS");
  });

  test("sound is told by its kind, or by its name before anybody has looked inside", () => {
    expect(isSound({ kind: "audio", file_name: "a.webm" })).toBe(true);
    expect(isSound({ kind: "video", file_name: "a.ogg" })).toBe(false);
    expect(isSound({ kind: null, file_name: "a.OGG" })).toBe(true);
    expect(isSound({ kind: null, file_name: "a.mkv" })).toBe(false);
  });

  test("a container is one word", () => {
    expect(containerName("mov,mp4,m4a,3gp,3g2,mj2")).toBe("MP4");
    expect(containerName("ogg")).toBe("OGG");
  });
});

describe("receipts", () => {
  test("refused lines come first, each group in the order of the file", () => {
    const rows = [1, 2, 3, 4].map((line) => ({ line, accepted: line % 2 === 1 }));
    expect(receiptOrder(rows).map((row) => row.line)).toEqual([2, 4, 1, 3]);
  });

  test("a file of which nothing was accepted has failed, one with refused lines is to be looked at", () => {
    const list = { id: "l1", holder: "H", name: "L", policy: "track" as const, version: 1, created: "", references: 7 };
    const tone = (accepted: number, rejected: number, dry_run = false) =>
      importOutcome({ list, dry_run, version: 1, accepted, rejected, rows: [] }).tone;
    expect(tone(0, 3)).toBe("bad");
    expect(tone(0, 3, true)).toBe("bad");
    expect(tone(0, 0)).toBe("bad");
    expect(tone(2, 1)).toBe("warn");
    expect(tone(2, 0)).toBe("good");
  });
});

describe("playback", () => {
  test("a public playback id is shown before a signed one", () => {
    const ids = [
      { id: "s", policy: "signed" },
      { id: "p", policy: "public" },
    ];
    expect(mainPlaybackId(asset({ playback_ids: ids }))).toBe("p");
    expect(mainPlaybackId(asset({ playback_ids: [] }))).toBeNull();
  });

  test("the list of qualities tells of a choice once", () => {
    const chosen: number[] = [];
    const list = new RenditionList((index) => chosen.push(index));
    list.replace([
      { id: "0", width: 426, height: 240, bitrate: 1 },
      { id: "1", width: 854, height: 480, bitrate: 2 },
    ]);
    expect([...list].map((rendition) => rendition.height)).toEqual([240, 480]);
    expect(list.selectedIndex).toBe(-1);
    list.selectedIndex = 1;
    list.selectedIndex = 1;
    expect(chosen).toEqual([1]);
    list.replace([]);
    expect(list[0]).toBeUndefined();
    expect(list.length).toBe(0);
  });
});
