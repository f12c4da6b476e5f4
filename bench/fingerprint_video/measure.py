#!/usr/bin/env python3
"""Recall of copies of films, beside plain vPDQ. See bench/README.md."""

import argparse
import collections
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

LONGEST = 310  # seconds of a film
BASELINE_SHARE = 0.25  # of the query's frames within 31 bits: a low bar, in the baseline's favour
# Films to cut clips from, the last two by steady cameras; and what plays around insets.
SOURCES = ("film", "camera_bottles.mp4", "wpt_movie_300.mp4", "nasa_13013_multistream.mp4",
           "camera_cars_street.mp4", "tmk_chair_orig_sd.mp4")
BACKGROUNDS = ("mozilla_street", "chaplin_bw_film", "frog", "eyevinn_prog_8s")
PAIRS = (("tmk_chair_orig_sd.mp4", "tmk_chair_grey.mp4", "tmk_chair_sepia.mp4",
          "tmk_chair_large_logo.mp4"), ("mdn_frog.mp4", "mdn_frog.webm"),
         ("flower_timelapse.mp4", "flower_timelapse.webm"), ("mdn_elf.mp4", "mdn_elf.webm"),
         ("film", "bbb_0-30s_webm.webm", "bbb_480p_30s_h264_aac.mp4"),
         ("wpt_counting.mp4", "wpt_counting.webm"))
PARTS = ["recall", "pairs", "negatives", "speed"]
SPEED = ("film", "camera_bottles.mp4", "camera_cars_street.mp4", "tmk_chair_orig_sd.mp4",
         "bbb_0-30s_webm.webm")

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


def duration_of(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of",
                          "csv=p=0", str(path)], capture_output=True, text=True).stdout.strip()
    try:
        return float(out)
    except ValueError:
        return 0.0


class Driver:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def query(self, path):
        """CPU ms, the segments found, and what vPDQ says."""
        answer = self.ask("query", path)
        found, base = [], []
        for word in answer[1:]:
            if word.startswith("BASE:"):
                _, name, share, shift = word.rsplit(":", 3)
                base.append((name, float(share), int(shift) / 1000))
            else:
                name, *numbers = word.rsplit(":", 5)
                found.append((name, *[int(n) / 1000 for n in numbers[:4]], float(numbers[4])))
        return float(answer[0]), found, base


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
    if stem == "film":
        return "bbb"
    for key in ("bbb", "tmk", "frog", "elf", "flower", "wpt_counting", "count", "asl", "chapters"):
        if key in stem:
            return key
    return stem


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    here = pathlib.Path(__file__).resolve()
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--driver", required=True, help="fingerprint_video_bench")
    parser.add_argument("--film", required=True, type=pathlib.Path)
    parser.add_argument("--clips", default=here.parents[3] / "shared/media/video", type=pathlib.Path)
    parser.add_argument("--queries", type=int, default=10, help="clips a row")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10], help="lengths of the clips")
    parser.add_argument("--only", help="rows whose name contains this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="tell what was missed")
    options = parser.parse_args()
    options.parts = options.parts or PARTS
    if not set(options.parts) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")

    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        driver = Driver(options.driver)
        films = {"film": options.film}
        for clip in sorted(options.clips.iterdir()):
            if 3 <= duration_of(clip) <= LONGEST:
                films[clip.name] = clip
        if "speed" in options.parts:
            speed(driver, films)
        if set(options.parts) == {"speed"}:
            return
        films = {name: path for name, path in films.items()
                 if driver.ask("index", name, path) == ["ok"]}
        size, tokens, seconds = map(float, driver.ask("size"))
        print(f"{len(films)} films of {seconds:.0f} s in all: {size / seconds:.0f} bytes and "
              f"{tokens / seconds:.0f} tokens a second")
        if "recall" in options.parts:
            recall(driver, scratch, films, options)
        if "pairs" in options.parts:
            pairs(driver, films)
        if "negatives" in options.parts:
            negatives(driver, films)


def recall(driver, scratch, films, options):
    backgrounds = [path for name, path in films.items() if family(name) in BACKGROUNDS]
    small = {}
    for name in SOURCES:  # small once, so that making the clips is quick
        small[name] = scratch / f"{len(small)}.mkv"
        ffmpeg("-i", films[name], "-map", "0:v:0", "-vf", "scale=854:-2:flags=area", "-c:v",
               "libx264", "-preset", "ultrafast", "-crf", 14, "-g", 24, "-y", small[name])
    clip = scratch / "clip.mp4"
    times = []
    print(f"{'change':28} {'s':>4} {'penstock':>9} {'vPDQ':>6} {'CPU ms':>7}")
    for seconds in options.seconds:
        for change, graph in CHANGES.items():
            if options.only and options.only not in change:
                continue
            hits = base_hits = 0
            row = []
            rng = random.Random(options.seed)
            for number in range(options.queries):
                name = SOURCES[number % len(SOURCES)]
                longest = duration_of(small[name]) - seconds * 1.1
                start = rng.uniform(0, max(0.1, longest - 0.5))
                background = backgrounds[number % len(backgrounds)]
                make_clip(small[name], start, seconds, graph, background, clip)
                match_ms, found, base = driver.query(clip)
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


def pairs(driver, films):
    """Films that are there twice: each asked for, found in the other file?"""
    for group in PAIRS:
        for name in group:
            _, found, base = driver.query(films[name])
            for other in group:
                if other == name:
                    continue
                own = sum(u1 - u0 for n, u0, u1, *_ in found if n == other)
                share = max((s for n, s, _ in base if n == other), default=0)
                print(f"pair: {name} in {other}: {own:.1f} of {duration_of(films[name]):.1f} s; "
                      f"vPDQ: {share:.2f} of the frames")


def negatives(driver, films):
    tried = wrong = own = 0
    listed = collections.Counter()
    for name, path in films.items():
        _, found, _ = driver.query(path)
        tried += 1
        own += any(n == name for n, *_ in found)
        others = {n for n, *_ in found if family(n) != family(name)}
        wrong += bool(others)
        for other in others:
            listed[tuple(sorted((name, other)))] += 1
    print(f"negatives: {tried} films against the others: {wrong} with a match; "
          f"{own} find themselves")
    for pair in sorted(listed):
        print("  match:", *pair)


def speed(driver, films):
    """CPU of the fingerprint pass, sound and pictures together."""
    print(f"{'fingerprint pass':28} {'media s':>8} {'CPU s':>7} {'x realtime':>11} "
          f"{'decoding sound, pictures':>25}")
    for name in SPEED:
        media, whole, sound, pictures = map(float, driver.ask("speed", films[name]))
        print(f"{name:28} {media:8.1f} {whole:7.2f} {media / whole:11.0f} {sound:12.2f} "
              f"{pictures:12.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
