// The pictures in docs/images, taken of the real server over a directory that is gone afterwards.
import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launch } from "./support/browser.mjs";
import { ffmpeg, makeFilm, makeMusic, workFolder } from "./support/media.mjs";
import { plays } from "./support/page.mjs";
import { Penstock, sleep } from "./support/penstock.mjs";

const { values: options } = parseArgs({ options: { film: { type: "string" }, own: { type: "string" }, holder: { type: "string", default: "Harbour Films" } } });
const images = fileURLToPath(new URL("../../docs/images", import.meta.url));
const largest = 300_000;
const folder = workFolder();
const server = await new Penstock().start();
const browser = await launch();

// The given file under its own name, or one that `make` makes.
function media(given, name, make) {
  if (given) {
    const path = join(folder, basename(given));
    copyFileSync(given, path);
    return path;
  }
  const path = join(folder, name);
  make(path);
  return path;
}

const film = media(options.film, "Night Ferry.mp4", makeFilm);
const own = media(options.own, "Evening light.mp4", (path) =>
  ffmpeg("-f", "lavfi", "-i", "gradients=size=640x360:rate=25:c0=teal:c1=navy:c2=gold:nb_colors=3:seed=4", "-f", "lavfi", "-i", "anoisesrc=amplitude=0.05",
         "-t", "6", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", path));

// One's own upload for 5 s, then 14 s of the film's picture from 8 s on, small and encoded anew.
function makeCompilation(path) {
  const shape = "fps=25,scale=480:270:force_original_aspect_ratio=decrease,pad=480:270:-1:-1,setsar=1,setpts=PTS-STARTPTS";
  ffmpeg("-t", "5", "-i", own, "-ss", "8", "-t", "14", "-i", film, "-filter_complex", `[0:v]${shape}[a];[1:v]${shape}[b];[a][b]concat=n=2:v=1:a=0`,
         "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "30", "-pix_fmt", "yuv420p", path);
}
const compilation = media(null, "Best of the week.mp4", makeCompilation);

function list(name, holder, files) {
  const path = join(folder, `${name}.ndjson`);
  writeFileSync(path, server.run("fingerprint", ...files, "--holder", holder));
  return path;
}

function importList(path, name, policy) {
  server.run("lists", "import", path, "--list", name, "--policy", policy);
}

const song = (name, seed) => media(null, `${name}.wav`, (path) => makeMusic(path, seed, 20));

async function take(page, name) {
  const path = join(images, name);
  // Nothing may be on its way in or out in a picture, and nothing under the pointer.
  await page.mouse.move(640, 300);
  await sleep(1000);
  const whole = join(folder, name);
  await page.screenshot({ path: whole, animations: "disabled" });
  if (statSync(whole).size <= largest) copyFileSync(whole, path);
  else ffmpeg("-i", whole, "-filter_complex", "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=bayer:bayer_scale=3", path);
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${name}: ${size} bytes, more than ${largest}`);
  console.log(`${path}: ${size} bytes`);
}

// Several uploads one after the other, each to its end, all on the start page.
async function upload(page, files) {
  for (const file of files) {
    await page.getByTestId("file-input").setInputFiles(file);
    const card = page.getByRole("article", { name: basename(file, extname(file)), exact: true });
    await card.locator("[data-testid=stepper]:is([data-stage=ready], [data-stage=blocked])").waitFor({ timeout: 120_000 });
  }
}

try {
  mkdirSync(images, { recursive: true });
  importList(list("films", options.holder, [film]), "Films", "block");
  importList(list("stage", "Lantern Theatre", [song("Overture", 21), song("Curtain", 22)]), "Stage music", "review");
  importList(list("label", "Tidemark Records", [song("Low Tide", 23), song("Quay Lights", 24), song("Breakwater", 25)]), "Catalogue 2026", "track");

  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(server.signInLink);
  await page.getByTestId("drop-zone").waitFor();
  await upload(page, [own, compilation]);
  await page.getByTestId("match-timeline").first().waitFor();
  await take(page, "upload.png");

  await page.getByTestId("watch-link").first().click();
  await plays(page, 2);
  await page.locator("media-controller video").evaluate((video) => video.pause());
  await take(page, "watch.png");

  await page.goto(`${server.url}/lists`);
  await page.getByTestId("list-row").nth(2).waitFor();
  await take(page, "lists.png");
} finally {
  await browser.close();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
