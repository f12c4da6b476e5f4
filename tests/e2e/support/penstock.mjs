// The real server as a child process: started on a free port over a directory of its own, killed and started again.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const program = process.env.PENSTOCK_PROGRAM;
if (!program) throw new Error("PENSTOCK_PROGRAM has to name the built program");

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Asks until the answer is truthy; an error past the time names what was waited for.
export async function until(what, ask, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(100);
  }
}

export class Penstock {
  // Extra keys of the configuration, e.g. {"transcode.preset": "ultrafast"}.
  constructor(keys = {}) {
    this.data = mkdtempSync(join(tmpdir(), "penstock-e2e-"));
    this.keys = { "transcode.preset": "ultrafast", "pipeline.lease": "3s", "pipeline.sweep_interval": "500ms", "server.max_connections_per_address": "1000", ...keys };
    this.port = 0;
    this.log = "";
  }

  flags() {
    return ["--data", this.data, ...Object.entries(this.keys).flatMap(([key, value]) => ["--set", `${key}=${value}`])];
  }

  async start() {
    this.child = spawn(program, ["serve", "--listen", `127.0.0.1:${this.port}`, ...this.flags()], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const child = this.child;
    child.stderr.on("data", (bytes) => (this.log += bytes));
    let out = "";
    child.stdout.on("data", (bytes) => (out += bytes));
    await until(
      "the server's sign-in link",
      () => {
        if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${this.log.slice(-2000)}`);
        return out.includes("sign-in?token=");
      },
      30,
    );
    this.out = out;
    this.url = out.match(/Penstock is at (\S+)/)[1];
    this.signInLink = out.match(/http\S+sign-in\?token=\S+/)[0];
    this.port = Number(new URL(this.url).port);
    this.token ??= this.run("token", "create").trim();
    return this;
  }

  // A command on the same data, to its end; what it printed.
  run(command, subcommand, ...args) {
    return execFileSync(program, [command, subcommand, ...this.flags(), ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  }

  ended() {
    return new Promise((done) => (this.child.exitCode !== null || this.child.signalCode ? done() : this.child.once("exit", done)));
  }

  async kill(signal = "SIGKILL") {
    const ended = this.ended();
    this.child.kill(signal);
    await ended;
  }

  async remove() {
    if (this.child && this.child.exitCode === null && !this.child.signalCode) await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  async fetch(path, options = {}) {
    // A command that was waited for has held up the news that the server closed idle connections.
    await sleep(5);
    const headers = { Authorization: `Bearer ${this.token}`, ...options.headers };
    return fetch(this.url + path, { ...options, headers });
  }

  async json(path, options) {
    const response = await this.fetch(path, options);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  // One request with the whole file; the asset's id.
  async upload(bytes, name, fields = "") {
    const response = await this.fetch(`/v1/uploads?filename=${encodeURIComponent(name)}${fields}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: bytes,
    });
    if (response.status !== 201) throw new Error(`upload ${name}: ${response.status} ${await response.text()}`);
    return (await response.json()).asset_id;
  }

  asset(id) {
    return this.json(`/v1/assets/${id}`);
  }

  // Waits until nothing moves any more: ready, blocked, errored or in review.
  settled(id, seconds = 120) {
    return until(
      `asset ${id}`,
      async () => {
        const asset = await this.asset(id);
        const resting = asset.status !== "preparing" || asset.progress.stage === "review";
        return resting && asset;
      },
      seconds,
    );
  }
}
