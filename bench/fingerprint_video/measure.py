#!/usr/bin/env python3
"""Recall of copies of films, beside plain vPDQ. See bench/README.md."""

import argparse
import collections
import functools
import pathlib
import random
import statistics
import subprocess
import sys

LONGEST = 310  # seconds of a film
BASELINE_SHARE = 0.25  # of the query's frames within 31 bits: a low bar, in the baseline's favour
STEP = 1.25  # seconds from one window of the negatives to the next
# Films to cut clips from, and what plays around insets.
SOURCES = ("film", "camera_bottles.mp4", "wpt_movie_300.mp4", "nasa_13013_multistream.mp4",
           "camera_cars_street.mp4", "tmk_chair_orig_sd.mp4", "count_video.mp4",
           "chroma_key_person.mp4", "chaplin_bw_film.mp4", "mdn_frog.mp4", "mdn_elf.mp4",
           "video_failing_audio_track.mp4", "butterfly.mp4")
BACKGROUNDS = ("mozilla_street.mp4", "chaplin_bw_film.mp4", "mdn_frog.mp4", "eyevinn_prog_8s.mp4")
# Files of one work whose names do not tell.
SAME_WORK = (("av1_in_mkv", "chapters", "padded_dimensions"), ("avi_unflagged_keyframes", "sample_avi"),
             ("mozilla_sample", "multitrack"), ("multitrack_fragment", "ts_h265"),
             ("muxjs_segment", "ts_declared_audio_no_packets"))
PAIRS = (("tmk_chair_orig_sd.mp4", "tmk_chair_grey.mp4", "tmk_chair_sepia.mp4",
          "tmk_chair_large_logo.mp4"), ("mdn_frog.mp4", "mdn_frog.webm"),
         ("flower_timelapse.mp4", "flower_timelapse.webm"), ("mdn_elf.mp4", "mdn_elf.webm"),
         ("film", "bbb_0-30s_webm.webm", "bbb_480p_30s_h264_aac.mp4"),
         ("wpt_counting.mp4", "wpt_counting.webm"))
PARTS = ["recall", "pairs", "speed"]
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

# What ../shared/design/fingerprints.md asks of clips of 10 s.
GOALS = {"none": 1, "recompressed 240p": 1, "180p, blur": 1, "colours": 1, "speed +10 %": .99,
         "logo": .98, "banner": .98, "letterbox": .98, "mirrored": .98, "crop 10 %": .9,
         "crop 25 %": .7, "picture in picture, half": .6, "picture in picture, third": .6}


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-v", "fatal", "-nostdin", "-threads", "2", *map(str, arguments)],
                          check=False, capture_output=True).stdout


@functools.cache
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
        self.last = self.process.stdout.readline().split()
        return self.last

    def windows(self, path, seconds, step):
        """What each stretch of a film is found in."""
        found = [[] for _ in range(int(self.ask("windows", path, seconds, step)[0]))]
        for word in self.last[1:]:
            number, name = word.split(":", 1)
            found[int(number)].append((name,))
        return found

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
    """A copy of a stretch of film, changed and encoded anew; what was made before is kept."""
    if out.exists():
        return
    unfinished = out.with_suffix(".part.mp4")
    source = ["-ss", start, "-t", seconds, "-i", film]
    if change.startswith("PIP:"):
        _, scale, x, y = change.split(":")
        graph = (f"[1:v]scale=854:480,setsar=1,fps=24[b];[0:v]scale=854*{scale}:480*{scale},setsar=1[p];"
                 f"[b][p]overlay=x=W*{x}:y=H*{y}:shortest=1")
        ffmpeg(*source, "-stream_loop", -1, "-i", background, "-filter_complex", graph, "-an",
               "-c:v", "libx264", "-preset", "ultrafast", "-crf", 26, "-t", seconds, "-y", unfinished)
    else:
        ffmpeg(*source, "-vf", f"scale=854:-2,{change},scale=trunc(iw/2)*2:trunc(ih/2)*2", "-an",
               "-c:v", "libx264", "-preset", "ultrafast", "-crf", 28, "-y", unfinished)
    unfinished.rename(out)


def make_small(film, out):
    """Small once, so that making the clips is quick."""
    if not out.exists():
        unfinished = out.with_suffix(".part.mkv")
        ffmpeg("-i", film, "-map", "0:v:0", "-vf", "scale=854:-2:flags=area", "-c:v", "libx264",
               "-preset", "ultrafast", "-crf", 14, "-g", 24, "-y", unfinished)
        unfinished.rename(out)
    return out


def stretch(name, duration, seconds, number, seed):
    """Where a copy starts and how long it is: of a film that is too short, all but a second."""
    length = min(seconds, duration - 1)
    return round(random.Random(f"{seed} {name} {number}").uniform(0, duration - length - 0.2), 2), length


def rate_of(change):
    return float(change.split("PTS/")[1]) if "PTS/" in change else 1.0


def right(found, name, start, rate):
    """Is some segment of the reference, and both its ends within 0.5 s of the truth?"""
    return any(family(n) == family(name) and abs(start + rate * u0 - r0) <= 0.5
               and abs(start + rate * u1 - r1) <= 0.5 for n, u0, u1, r0, r1, _ in found)


def family(name):
    """Clips of one work under several names are no negatives of each other."""
    stem = name.split(".")[0].lower()
    if stem in ("film", "sample_keyindex"):
        return "bbb"
    for names in SAME_WORK:
        if stem in names:
            return names[0]
    for key in ("bbb", "tmk", "frog", "elf", "flower", "wpt_counting", "count_", "asl"):
        if key in stem:
            return key
    return stem


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    here = pathlib.Path(__file__).resolve()
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--driver", required=True, help="fingerprint_video_bench")
    parser.add_argument("--film", required=True, type=pathlib.Path)
    parser.add_argument("--kept", required=True, type=pathlib.Path, help="where copies are kept")
    parser.add_argument("--clips", default=here.parents[3] / "shared/media/video", type=pathlib.Path)
    parser.add_argument("--queries", type=int, default=52, help="copies a row")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10], help="lengths of the copies")
    parser.add_argument("--only", nargs="+", help="rows whose name contains one of these")
    parser.add_argument("--goals", action="store_true", help="only rows that have a goal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="tell what was missed")
    options = parser.parse_args()
    options.parts = options.parts or PARTS
    if not set(options.parts) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    options.kept.mkdir(parents=True, exist_ok=True)

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
        recall(driver, films, options)
    if "pairs" in options.parts:
        pairs(driver, films)


def others(found, *own):
    """The films found that are of another work."""
    works = {family(name) for name in own}
    return sorted({n for n, *_ in found if family(n) not in works})


class Negatives:
    """Queries against the films that they are not of."""

    def __init__(self):
        self.queries = self.wrong = 0
        self.listed = collections.Counter()

    def add(self, found, *own):
        wrong = others(found, *own)
        self.queries += 1
        self.wrong += bool(wrong)
        for name in wrong:
            self.listed[own[0], name] += 1

    def report(self, what):
        print(f"negatives: {self.queries} {what}: {self.wrong} with a match of another work")
        for (own, name), number in sorted(self.listed.items()):
            print(f"  {number} of {own} match {name}")


def recall(driver, films, options):
    copies, windows = Negatives(), Negatives()
    times, base_wrong = [], 0
    print(f"{'change':28} {'s':>4} {'copies':>7} {'penstock':>9} {'goal':>5} {'vPDQ':>6} "
          f"{'CPU ms':>7}")
    for seconds in options.seconds:
        for change, graph in CHANGES.items():
            if options.only and not any(word in change for word in options.only):
                continue
            if options.goals and change not in GOALS:
                continue
            hits = base_hits = 0
            row = []
            for number in range(options.queries):
                name = SOURCES[number % len(SOURCES)]
                small = make_small(films[name], options.kept / f"{name}.mkv")
                start, length = stretch(name, duration_of(small), seconds, number, options.seed)
                backgrounds = [b for b in BACKGROUNDS if family(b) != family(name)]
                background = backgrounds[number % len(backgrounds)]
                words = "".join(c if c.isalnum() or c in "+-" else "_" for c in change)
                clip = options.kept / f"{words}-{name}-{start}-{length:.2f}.mp4"
                make_clip(small, start, length, graph, films[background], clip)
                match_ms, found, base = driver.query(clip)
                row.append(match_ms)
                hit = right(found, name, start, rate_of(graph))
                hits += hit
                base_hits += any(family(n) == family(name) and share >= BASELINE_SHARE
                                 for n, share, _ in base)
                inset = [background] if graph.startswith("PIP:") else []
                copies.add(found, name, *inset)
                base_wrong += bool(others([b for b in base if b[1] >= BASELINE_SHARE], name, *inset))
                if options.verbose and not hit:
                    print("  missed", change, clip.name, found)
            times += row
            print(f"{change:28} {seconds:4.0f} {len(row):7} {hits / len(row):9.3f} "
                  f"{GOALS.get(change, ''):>5} {base_hits / len(row):6.2f} {statistics.median(row):7.1f}", flush=True)
    if times:
        print(f"CPU a query: median {statistics.median(times):.1f} ms, "
              f"highest {max(times):.1f} ms")
    for name, path in films.items():
        for found in driver.windows(path, 10, STEP):
            windows.add(found, name)
    copies.report("copies against the films they are not of")
    windows.report(f"windows of 10 s, one each {STEP} s of every film, against the others")
    print(f"vPDQ: {base_wrong} of the copies with a match of another work")


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
