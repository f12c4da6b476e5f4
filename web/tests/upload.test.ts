import { describe, expect, test } from "vitest";
import { newUpload, reduceUpload, secondsLeft, uploadSpeed, type Upload, type UploadAction } from "../src/model/upload";

const run = (...actions: UploadAction[]): Upload => actions.reduce(reduceUpload, newUpload("1", "clip.mp4", 10_000));

describe("upload", () => {
  test("speed and time left come from the last seconds", () => {
    const upload = run(
      { type: "start" },
      { type: "progress", sent: 0, time: 0 },
      { type: "progress", sent: 2000, time: 1000 },
      { type: "progress", sent: 4000, time: 2000 },
    );
    expect(uploadSpeed(upload)).toBe(2000);
    expect(secondsLeft(upload)).toBe(3);
  });

  test("old samples are forgotten", () => {
    const upload = run(
      { type: "start" },
      { type: "progress", sent: 0, time: 0 },
      { type: "progress", sent: 1000, time: 10_000 },
      { type: "progress", sent: 3000, time: 12_000 },
    );
    expect(uploadSpeed(upload)).toBe(1000);
  });

  test("nothing is said of speed before enough is known", () => {
    expect(uploadSpeed(run({ type: "start" }))).toBeNull();
    expect(uploadSpeed(run({ type: "start" }, { type: "progress", sent: 5, time: 1 }))).toBeNull();
  });

  test("progress that arrives after a pause does not start it again", () => {
    const upload = run({ type: "start" }, { type: "pause" }, { type: "progress", sent: 500, time: 1 });
    expect(upload.status).toBe("paused");
    expect(upload.sent).toBe(0);
  });

  test("a failure keeps what was sent and says why; trying again clears the reason", () => {
    const failed = run({ type: "start" }, { type: "progress", sent: 500, time: 1 }, { type: "fail", message: "No room." });
    expect(failed).toMatchObject({ status: "failed", sent: 500, error: "No room." });
    expect(reduceUpload(failed, { type: "queue" })).toMatchObject({ status: "queued", error: null });
  });

  test("a wait for the server keeps its reason through the next attempt, until the server answers", () => {
    const waiting = run({ type: "start" }, { type: "wait", message: "Away." });
    expect(waiting).toMatchObject({ status: "waiting", error: "Away.", attempts: 1 });
    const again = [{ type: "queue" }, { type: "start" }] as const;
    const trying = again.reduce<Upload>(reduceUpload, waiting);
    expect(trying).toMatchObject({ status: "uploading", error: "Away." });
    expect(reduceUpload(trying, { type: "progress", sent: 0, time: 1 }).error).toBeNull();
  });

  test("attempts count until one has brought the server something", () => {
    const lost = (sent: number): UploadAction[] => [
      { type: "start" },
      { type: "progress", sent, time: 0 },
      { type: "progress", sent: sent + 500, time: 1 }, // never arrived
      { type: "wait", message: "Away." },
      { type: "queue" },
    ];
    expect(run(...lost(0), ...lost(0), ...lost(0)).attempts).toBe(3);
    expect(run(...lost(0), ...lost(0), ...lost(500)).attempts).toBe(1);
  });

  test("an upload that was paused or cancelled meanwhile does not begin to wait", () => {
    expect(run({ type: "start" }, { type: "pause" }, { type: "wait", message: "Away." }).status).toBe("paused");
  });

  test("a finished upload stays finished", () => {
    const sent = run({ type: "start" }, { type: "created", assetId: "a1" }, { type: "finish" });
    expect(sent).toMatchObject({ status: "sent", sent: 10_000, assetId: "a1" });
    expect(reduceUpload(sent, { type: "pause" })).toBe(sent);
    expect(reduceUpload(sent, { type: "fail", message: "x" })).toBe(sent);
  });
});
