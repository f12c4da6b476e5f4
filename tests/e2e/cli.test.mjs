// The command line as an operator uses it.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ffmpeg, workFolder } from "./support/media.mjs";
import { Penstock, program, until } from "./support/penstock.mjs";

let server;
before(async () => (server = await new Penstock().start()));
after(() => server.remove());

const run = (...args) => spawnSync(program, args, { encoding: "utf8" });

test("help names every command", () => {
  const { status, stdout } = run("--help");
  assert.equal(status, 0);
  for (const command of ["serve", "worker", "fingerprint", "match", "lists", "jobs", "workers", "token", "doctor", "config"]) {
    assert.match(stdout, new RegExp(`^ +${command} `, "m"));
  }
});

test("wrong usage ends with 2 and says what is wrong", () => {
  for (const args of [[], ["fly"], ["lists"], ["serve", "--set", "server.colour=red"], ["serve", "--set", "server.listen"]]) {
    const { status, stderr } = run(...args);
    assert.equal(status, 2, args.join(" "));
    assert.notEqual(stderr, "", args.join(" "));
  }
  assert.match(run("config", "check", "--set", "server.colour=red").stderr, /server\.colour/);
  for (const args of [["fly"], ["lists", "fly"]]) assert.match(run(...args).stderr, /"fly" is not known/);
  const { stderr } = run("config", "check", "--set", "server.listen=nowhere");
  assert.equal(stderr.match(/address:port/g).length, 1, stderr);
});

// What a command prints, one of every kind.
const printing = () => [
  ["--help"],
  ["config", "print"],
  ["config", "check"],
  ["doctor", "--json", "--data", server.data],
  ["jobs", "list", "--data", server.data],
  ["lists", "show", "--json", "--data", server.data],
  ["token", "create", "--data", server.data],
  ["fingerprint", "/nowhere.mp3"],
];

test("output that cannot be written is a failure that says so", () => {
  const full = openSync("/dev/full", "w");
  for (const args of printing()) {
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", full, "pipe"] });
    assert.equal(status, 1, args.join(" "));
    assert.match(stderr, /^penstock: write to standard output: .*\n$/, args.join(" "));
  }
  closeSync(full);
});

test("a command whose reader has gone ends quietly by SIGPIPE", () => {
  const path = join(workFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, "w");
  closeSync(reader);
  for (const args of printing()) {
    const { signal, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", writer, "pipe"] });
    assert.equal(signal, "SIGPIPE", args.join(" "));
    assert.equal(stderr, "", args.join(" "));
  }
  closeSync(writer);
});

test("a second server on the same data is refused and disturbs nothing", async () => {
  const { status, stderr } = run("serve", "--data", server.data, "--listen", "127.0.0.1:0");
  assert.equal(status, 1);
  assert.match(stderr, /data_directory_in_use/);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
});

test("another account's token may upload, but neither load lists nor settle reviews", async () => {
  const token = run("token", "create", "--account", "uploader", "--data", server.data).stdout.trim();
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${server.url}/v1/uploads`, { headers })).status, 200);
  assert.equal((await fetch(`${server.url}/v1/reference-lists`, { method: "POST", headers, body: "{}" })).status, 403);
});

// Signs in as a browser does; the headers of its next requests.
async function signIn(link) {
  const response = await fetch(link, { redirect: "manual" });
  return { Cookie: response.headers.get("set-cookie").split(";")[0], "Sec-Fetch-Site": "same-origin" };
}

test("a sign-in link leads to the running server, with an uploader's scopes for all but the operator", async () => {
  const link = (...args) => run("token", "sign-in", "--data", server.data, ...args).stdout.trim();
  const scopes = async (headers) => (await (await fetch(`${server.url}/v1/session`, { headers })).json()).scopes;
  assert.ok(link("--account", "mallory").startsWith(`${server.url}/sign-in?token=psi_`));
  assert.match(link("--set", "server.public_url=https://media.example"), /^https:\/\/media\.example\/sign-in/);

  const mallory = await signIn(link("--account", "mallory"));
  assert.deepEqual(await scopes(mallory), ["assets:read", "assets:write", "uploads:write"]);
  const upload = await fetch(`${server.url}/v1/uploads?filename=own.mp4`, { method: "POST", headers: mallory, body: "no media" });
  assert.equal(upload.status, 201);
  const own = (await upload.json()).asset_id;
  const settled = await fetch(`${server.url}/v1/assets/${own}/decision`, { method: "POST", headers: mallory, body: '{"action":"allow"}' });
  assert.equal(settled.status, 403);
  assert.equal((await settled.json()).code, "missing_scope");

  assert.deepEqual(await scopes(await signIn(link("--account", "judge", "--scopes", "claims:write"))), ["claims:write"]);
  assert.equal((await scopes(await signIn(link()))).length, 8);
});

test("a server on all addresses is reached by the loopback one", async () => {
  const home = new Penstock();
  const child = spawn(program, ["serve", "--listen", "0.0.0.0:0", ...home.flags()], { stdio: ["ignore", "pipe", "ignore"] });
  let out = "";
  child.stdout.on("data", (bytes) => (out += bytes));
  await until("the link", () => out.includes("sign-in?token="), 30);
  const [url] = out.match(/http:\S+/);
  assert.match(url, /^http:\/\/127\.0\.0\.1:/);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  home.child = child;
  await home.remove();
});

test("an address that is given twice, or is none of this machine, is told as that", async () => {
  const twice = run("serve", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:1");
  assert.equal(twice.status, 2);
  assert.match(twice.stderr, /--listen: is given more than once/);
  const home = new Penstock();
  const { status, stderr } = run("serve", "--listen", "192.0.2.1:8080", ...home.flags());
  await home.remove();
  assert.equal(status, 1);
  assert.match(stderr, /listen on 192\.0\.2\.1 port 8080: .*an address of this machine.*\(bad_address\)/);
});

test("every mistake of the configuration is told", () => {
  const { status, stderr } = run("serve", "--set", "server.colour=red", "--set", "pipeline.workers=many");
  assert.equal(status, 2);
  assert.match(stderr, /server\.colour is not known\n.*pipeline\.workers must be a whole number/);
});

test("a new installation is told as such, and only the first time", async (t) => {
  const home = await new Penstock().start();
  t.after(() => home.remove());
  assert.ok(home.out.startsWith(`New installation made at ${home.data}\n`), home.out);
  await home.kill("SIGTERM");
  await home.start();
  assert.ok(home.out.startsWith("Penstock is at "), home.out);
});

test("a port in use has its own code", async () => {
  const home = new Penstock();
  const { status, stderr } = run("serve", "--listen", `127.0.0.1:${server.port}`, ...home.flags());
  await home.remove();
  assert.equal(status, 1);
  assert.match(stderr, /\(address_in_use\)/);
});

test("a token that is dead at once is not made", () => {
  const { status, stdout, stderr } = run("token", "create", "--expires", "0s", "--data", server.data);
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /expires/);
});

test("a full disk takes no uploads, is not ready, and serves on", async (t) => {
  const home = await new Penstock({ "storage.min_free": "1024TiB" }).start();
  t.after(() => home.remove());
  const ready = await fetch(`${home.url}/readyz`);
  assert.equal(ready.status, 503);
  assert.match((await ready.json()).detail, /free_space/);
  const refused = await home.fetch("/v1/uploads", { method: "POST", body: "bytes" });
  assert.equal(refused.status, 507);
  assert.equal((await refused.json()).field, "storage.min_free");
  assert.equal((await fetch(`${home.url}/healthz`)).status, 200);
  assert.equal((await home.fetch("/v1/assets")).status, 200);
});

test("a query that does not decode is refused, not taken for absent", async () => {
  const response = await server.fetch("/v1/uploads?visibility=private%ff", { method: "POST", body: "bytes" });
  assert.equal(response.status, 400);
});

test("a missing file ends with 1 and is named", () => {
  const { status, stderr } = run("lists", "import", "/nowhere.ndjson", "--data", server.data);
  assert.equal(status, 1);
  assert.match(stderr, /nowhere\.ndjson/);
  assert.equal(run("fingerprint", "/nowhere.mp3").status, 1);
});

test("the doctor finds a healthy installation, its worker is alive", () => {
  const doctor = run("doctor", "--json", "--data", server.data);
  assert.equal(doctor.status, 0, doctor.stdout);
  assert.ok(JSON.parse(doctor.stdout).every((finding) => finding.ok));
  const workers = JSON.parse(run("workers", "--json", "--data", server.data).stdout);
  assert.equal(workers.length, 1);
});

test("a failed asset is listed with its reason and can be tried again", async () => {
  const id = await server.upload("no media at all", "text.mp4");
  await server.settled(id);
  const jobs = JSON.parse(run("jobs", "list", "--json", "--data", server.data).stdout);
  const job = jobs.find((item) => item.asset === id);
  assert.equal(job.stage, "errored");
  assert.equal(run("jobs", "retry", id, "--data", server.data).status, 0);
  assert.equal((await server.settled(id)).status, "errored");
});

test("a token without a scope may not do what needs it", async () => {
  const token = run("token", "create", "--scopes", "assets:read", "--data", server.data).stdout.trim();
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${server.url}/v1/assets`, { headers })).status, 200);
  const refused = await fetch(`${server.url}/v1/reference-lists`, { method: "POST", headers, body: "{}" });
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, "missing_scope");
  assert.equal((await fetch(`${server.url}/v1/assets`)).status, 401);
});

test("a stopped server ends with 0, and a worker alone finishes what it had begun", async (t) => {
  const home = await new Penstock().start();
  t.after(() => home.remove());
  const path = join(workFolder(), "clip.mp4");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=20", "-c:v", "libx264", "-preset", "ultrafast", path);
  const id = await home.upload(readFileSync(path), "clip.mp4");
  await home.kill("SIGTERM");
  assert.equal(home.child.exitCode, 0);
  const worker = spawn(program, ["worker", ...home.flags()], { stdio: "ignore" });
  try {
    await until("the worker's work", () => JSON.parse(home.run("jobs", "list", "--json")).length === 0);
  } finally {
    worker.kill("SIGTERM");
  }
  await home.start();
  assert.equal((await home.asset(id)).status, "ready");
});
