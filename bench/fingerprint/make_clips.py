#!/usr/bin/env python3
"""Downloads music, makes distorted clips of it with FFmpeg and lists them for audio_recall.

Everything is drawn from one seed: the same packages give the same clips.
"""
import argparse
import array
import concurrent.futures
import hashlib
import math
import pathlib
import random
import subprocess
import wave

RATE = 11025
LONGEST = 20  # seconds of a clip; shorter ones are cut from its start
SMALL = ["asc-music", "drascula-music", "singularity-music", "wesnoth-1.16-music",
         "pushover-data", "warzone2100-music", "btanks-data", "lincity-ng-data", "starfighter-data"]
# Negatives come from whole packages that are not indexed: tracks of one game share their loops, and
# some are another mix of a track that is.
HELD_OUT_SMALL = {"asc-music", "pushover-data", "lincity-ng-data", "btanks-data",
                  "starfighter-data"}
HELD_OUT_EVERY = 3  # of a list of packages
SUFFIXES = {".ogg", ".mp3", ".opus", ".flac", ".wav", ".m4a"}
FFMPEG = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1"]
TEXT = ("the harbour master counted seven boats before the storm and wrote their names into the "
        "great book while his daughter told the story of the lighthouse to anybody who cared to "
        "listen that evening nobody slept and in the morning the sea was as flat as a table")


def run(command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def download(packages, work):
    debs, tracks = work / "debs", work / "packages"
    debs.mkdir(parents=True, exist_ok=True)
    for package in packages:
        if not list(debs.glob(package + "_*.deb")):
            print("downloading", package, flush=True)
            run(["apt-get", "download", package], cwd=debs)
        target = tracks / package
        if not target.exists():
            target.mkdir(parents=True)
            run(["dpkg-deb", "-x", str(next(debs.glob(package + "_*.deb"))), str(target)])
    return sorted(path for package in packages for path in (tracks / package).rglob("*")
                  if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink())


def decode(source, target, filters="anull"):
    run(FFMPEG + ["-i", str(source), "-map", "0:a:0", "-af", filters, "-ac", "1", "-ar", str(RATE),
                  "-f", "s16le", str(target)])


def samples_of(path):
    return array.array("h", path.read_bytes())


def power(samples):
    return sum(s * s for s in samples) / max(1, len(samples))


def mix(samples, other, decibel):
    """Adds other, repeated, so that samples lie decibel above it; scaled down to fit."""
    gain = math.sqrt(power(samples) / max(1, power(other)) / 10 ** (decibel / 10))
    both = [s + gain * other[i % len(other)] for i, s in enumerate(samples)]
    scale = min(1, 32000 / max(1, max(map(abs, both))))
    return array.array("h", (round(s * scale) for s in both))


def equaliser(rng):
    bands = [31 * 2 ** i for i in range(10)]
    entries = ";".join(f"entry({f},{rng.choice([-12, -6, 6, 12])})" for f in bands)
    return f"firequalizer=gain_entry='{entries}'"


def write_room(path, seconds=0.8):
    """An impulse response: the direct sound, then noise that falls by 60 dB in seconds."""
    rng = random.Random(3)
    tail = [rng.gauss(0, 1) * 10 ** (-3 * i / RATE / seconds) for i in range(int(seconds * RATE))]
    energy = math.sqrt(sum(s * s for s in tail))
    room = [1.0] + [s / energy for s in tail]
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(array.array("h", (round(12000 * s) for s in room)).tobytes())


# name: (filters, encoder options and container, rate at which the reference's time runs)
def filtered(filters, speed=1.0):
    return ("filter", filters, speed)


def coded(*options):
    return ("code", list(options), 1.0)


ROWS = {
    "none": filtered("anull"),
    "mp3 32 kb/s": coded("-ac", "1", "-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3"),
    "opus 16 kb/s": coded("-ac", "1", "-c:a", "libopus", "-b:a", "16k", "-f", "ogg"),
    "noise 10 dB": ("noise", 10, 1.0),
    "tempo +2 %": filtered("atempo=1.02", 1.02),
    "tempo +4 %": filtered("atempo=1.04", 1.04),
    "tempo +8 %": filtered("atempo=1.08", 1.08),
    "tempo -5 %": filtered("atempo=0.95", 0.95),
    "pitch +2 %": filtered("rubberband=pitch=1.02"),
    "pitch +4 %": filtered("rubberband=pitch=1.04"),
    "pitch -3.3 %": filtered("rubberband=pitch=0.967"),
    "speed +2 %": filtered("asetrate=44982,aresample=44100", 1.02),
    "speed +4 %": filtered("asetrate=45864,aresample=44100", 1.04),
    "speed +2.75 %": filtered("asetrate=45313,aresample=44100", 1.0275),
    "speed -5.25 %": filtered("asetrate=41785,aresample=44100", 0.9475),
    "equaliser": ("equaliser", None, 1.0),
    "reverb 0.8 s": ("reverb", None, 1.0),
    "telephone": coded("-af", "highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400",
                       "-ac", "1", "-ar", "8000", "-c:a", "pcm_mulaw", "-f", "wav"),
    "speech 0 dB": ("speech", 0, 1.0),
    "speech 6 dB above": ("speech", -6, 1.0),
}


def make_clip(row, source, start, target, room, seed):
    kind, value, speed = ROWS[row]
    rng = random.Random(seed)
    cut = FFMPEG + ["-ss", f"{start:.3f}", "-t", f"{LONGEST * 1.15:.3f}", "-i", str(source)]
    raw = ["-ac", "1", "-ar", str(RATE), "-f", "s16le"]
    if kind == "code":
        coded_bytes = run(cut + ["-map", "0:a:0", "-vn"] + value + ["-"])
        pcm = run(FFMPEG + ["-i", "-"] + raw + ["-"], input=coded_bytes)
    elif kind == "reverb":
        pcm = run(cut + ["-i", str(room), "-filter_complex",
                         f"[0:a:0]aformat=sample_rates={RATE}:channel_layouts=mono[a];[a][1:a]afir"]
                  + raw + ["-"])
    else:
        filters = {"filter": value, "equaliser": equaliser(rng)}.get(kind, "anull")
        pcm = run(cut + ["-map", "0:a:0", "-af", "aresample=44100," + filters] + raw + ["-"])
    samples = array.array("h", pcm)[:LONGEST * RATE]
    if kind == "noise":
        samples = mix(samples, [rng.gauss(0, 1000) for _ in range(len(samples))], value)
    elif kind == "speech":
        samples = mix(samples, speech(target.parent, rng), value)
    target.write_bytes(samples.tobytes())


def speech(directory, rng):
    """Half a minute of a spoken text, from a word of chance on."""
    voice = rng.choice(["slt", "rms", "awb", "kal"])
    path = directory / f"speech-{voice}.s16"
    if not path.exists():
        temporary = path.with_suffix(f".{rng.random()}")
        decode_lavfi = FFMPEG + ["-f", "lavfi", "-i", f"flite=voice={voice}:text='{TEXT}'", "-ac", "1",
                                 "-ar", str(RATE), "-f", "s16le", str(temporary)]
        run(decode_lavfi)
        temporary.rename(path)
    spoken = samples_of(path)
    first = rng.randrange(len(spoken))
    return spoken[first:] + spoken[:first]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="directory to work in")
    parser.add_argument("--small", action="store_true", help="the small choice (the default)")
    parser.add_argument("--packages", type=pathlib.Path, help="music-packages.tsv; without it the "
                        "small choice of nine packages, 8 h")
    parser.add_argument("--clips", type=int, default=60, help="clips a row")
    parser.add_argument("--negatives", type=int, default=1000, help="negative clips a length")
    parser.add_argument("--row", action="append", help="only these rows")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    packages, held_out_packages = SMALL, HELD_OUT_SMALL
    if args.packages:
        packages = [line.split("\t")[0] for line in
                    args.packages.read_text().splitlines()[1:]]
        held_out_packages = set(packages[1::HELD_OUT_EVERY])
    work = args.work.resolve()
    clips, tracks = work / "clips", work / "tracks"
    clips.mkdir(parents=True, exist_ok=True)
    tracks.mkdir(exist_ok=True)
    room = work / "room.wav"
    write_room(room)
    rng = random.Random(args.seed)

    def decoded(source):
        target = tracks / (hashlib.sha256(str(source.relative_to(work)).encode()).hexdigest()[:16]
                           + ".s16")
        try:
            if not target.exists():
                decode(source, target)
        except subprocess.CalledProcessError:
            return None
        return (source, target) if target.stat().st_size >= 40 * 2 * RATE else None

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = [pair for pair in pool.map(decoded, download(packages, work)) if pair]
    seen, music = set(), []
    for source, target in found:  # some packages hold a track twice
        key = hashlib.sha256(target.read_bytes()[:60 * RATE]).digest()
        if key not in seen:
            seen.add(key)
            music.append((source, target))
    rng.shuffle(music)

    def is_held_out(source):
        return source.relative_to(work / "packages").parts[0] in held_out_packages

    indexed = [pair for pair in music if not is_held_out(pair[0])]
    held_out = [pair for pair in music if is_held_out(pair[0])]
    lines = [f"reference\t{target}" for _, target in indexed]
    jobs = []
    for row in args.row or ROWS:
        for number in range(args.clips):
            draw = random.Random(f"{args.seed} {row} {number}")
            reference = draw.randrange(len(indexed))
            source, target = indexed[reference]
            length = target.stat().st_size / 2 / RATE
            start = draw.uniform(0, max(0, length - LONGEST * 1.15 - 1))
            clip = clips / f"{row.replace(' ', '_').replace('/', '')}-{number}.s16"
            jobs.append((row, source, start, clip, room, f"{args.seed} {row} {number}"))
            lines.append(f"clip\t{row}\t{clip}\t0\t{reference}\t{start:.3f}\t{ROWS[row][2]}")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for made in [pool.submit(make_clip, *job) for job in jobs if not job[3].exists()]:
            made.result()
    for number in range(args.negatives):
        draw = random.Random(f"{args.seed} negative {number}")
        _, target = draw.choice(held_out)
        start = draw.uniform(0, target.stat().st_size / 2 / RATE - LONGEST - 1)
        lines.append(f"clip\tnegative\t{target}\t{start:.3f}\t-1\t0\t1")
    (work / "list.tsv").write_text("\n".join(lines) + "\n")
    hours = sum(target.stat().st_size for _, target in indexed) / 2 / RATE / 3600
    print(f"{len(indexed)} references, {hours:.1f} h; {len(held_out)} tracks held out; "
          f"{len(jobs)} clips in {len(args.row or ROWS)} rows; {args.negatives} negatives")


if __name__ == "__main__":
    main()
