#!/usr/bin/env python3
"""Downloads music, makes distorted clips of it with FFmpeg and lists them for audio_recall.

Everything is drawn from one seed: the same packages give the same clips.
"""
import argparse
import array
import concurrent.futures
import hashlib
import io
import math
import pathlib
import random
import subprocess
import tarfile
import wave
import zipfile

RATE = 11025
LONGEST = 20  # seconds of a clip; shorter ones are cut from its start
SHORTEST_TRACK = 40
SMALLEST_TRACK = 150_000  # bytes: what is smaller is a noise or a spoken line
WITHIN = 5, 15  # where the copy lies in clips of the rows "within"
# Music to index and music that is nowhere in it, for tuning and for the report: four sets of whole
# packages, as tracks of one game share their loops and some are another mix of a track that is.
HALVES = {
    "tuning": (["drascula-music", "singularity-music", "warzone2100-music", "wesnoth-1.16-music"],
               ["asc-music", "btanks-data", "fillets-ng-data", "lincity-ng-data",
                "marsshooter-data", "pushover-data", "starfighter-data"]),
    "report": (["colobot-common-sounds", "hedgewars-data", "hyperrogue-music", "ufoai-music"],
               ["freedroidrpg-data", "nexuiz-music", "supertux-data"]),
}
HELD_OUT_EVERY = 3  # of a table of packages
SUFFIXES = {".ogg", ".mp3", ".opus", ".flac", ".wav", ".m4a"}
QUIETEST = 30 ** 2  # power of a second that is not silence, -61 dB of full scale
ARCHIVES = {".pk3", ".pk4", ".zip"}
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
        if not (tracks / package).exists():
            unpack_music(next(debs.glob(package + "_*.deb")), tracks / package)
    return sorted(path for package in packages for path in (tracks / package).rglob("*")
                  if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink()
                  and path.stat().st_size >= SMALLEST_TRACK)


def unpack_music(deb, target):
    """Only the music, also of archives within; the directory appears when it is whole."""
    temporary = target.with_suffix(".part")
    temporary.mkdir(parents=True, exist_ok=True)

    def keep(name, read):
        path = pathlib.PurePosixPath(name)
        if path.suffix.lower() in SUFFIXES:
            place = temporary.joinpath(*(part for part in path.parts if part not in ("/", "..")))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(read())
        elif path.suffix.lower() in ARCHIVES:
            with zipfile.ZipFile(io.BytesIO(read())) as archive:
                for entry in archive.namelist():
                    keep(entry, lambda entry=entry: archive.read(entry))

    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            for member in archive:
                if member.isfile():
                    keep(member.name, lambda: archive.extractfile(member).read())
    temporary.rename(target)


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


# A row is (kind, its filters, encoder options or decibel, rate at which the reference's time runs).
def filtered(filters, speed=1.0):
    return ("filter", filters, speed)


def within(filters, speed=1.0):
    return ("within", filters, speed)


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
    "within other music": within("anull"),
    "within, tempo -5 %": within("atempo=0.95", 0.95),
    "within, pitch +4 %": within("rubberband=pitch=1.04"),
    "within, speed +4 %": within("asetrate=45864,aresample=44100", 1.04),
}


def make_clip(row, source, start, other, target, room, seed):
    """other: another track, for the rows that need one."""
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
        filters = {"filter": value, "within": value, "equaliser": equaliser(rng)}.get(kind, "anull")
        pcm = run(cut + ["-map", "0:a:0", "-af", "aresample=44100," + filters] + raw + ["-"])
    samples = array.array("h", pcm)[:LONGEST * RATE]
    if kind == "noise":
        samples = mix(samples, [rng.gauss(0, 1000) for _ in range(len(samples))], value)
    elif kind == "speech":
        samples = mix(samples, speech(target.parent, rng), value)
    elif kind == "within":
        begin, end = (at * RATE for at in WITHIN)
        around = samples_of(other)
        samples = around[:begin] + samples[:end - begin] + around[end:LONGEST * RATE]
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


def decoded(source, work):
    """The track as 16-bit samples, or None when it is too short or no sound."""
    name = hashlib.sha256(str(source.relative_to(work)).encode()).hexdigest()[:16]
    target = work / "tracks" / (name + ".s16")
    try:
        if not target.exists():
            temporary = target.with_suffix(".part")
            decode(source, temporary)
            temporary.rename(target)
    except subprocess.CalledProcessError:
        return None
    return (source, target) if target.stat().st_size >= SHORTEST_TRACK * 2 * RATE else None


def music_of(packages, work, pool):
    """Pairs of file and samples, each track once, in an order of chance."""
    seen, music = set(), []
    for pair in pool.map(lambda source: decoded(source, work), download(packages, work)):
        key = pair and hashlib.sha256(pair[1].read_bytes()[:60 * RATE]).digest()
        if pair and key not in seen:
            seen.add(key)
            music.append(pair)
    random.Random(len(music)).shuffle(music)
    return music


def packages_of(table, half):
    if not table:
        return HALVES[half]
    names = [line.split("\t")[0] for line in table.read_text().splitlines()[1:]]
    names = names[half == "report"::2]
    held_out = names[1::HELD_OUT_EVERY]
    return [name for name in names if name not in held_out], held_out


def length_of(track):
    return track.stat().st_size / 2 / RATE


def draw_excerpt(draw, music, seconds):
    """A track's index and a start in it, so that each second of the excerpt holds sound."""
    while True:
        index = draw.randrange(len(music))
        track = music[index][1]
        start = draw.uniform(0, max(0, length_of(track) - seconds - 1))
        with track.open("rb") as file:
            file.seek(2 * int(start * RATE))
            samples = array.array("h", file.read(2 * RATE * math.ceil(seconds)))
        pieces = (samples[i * RATE:(i + 1) * RATE:16] for i in range(int(seconds)))
        if all(power(piece) >= QUIETEST for piece in pieces):
            return index, start


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    comma_separated = lambda text: text.split(",")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="directory to work in")
    parser.add_argument("--half", choices=HALVES, default="report",
                        help="thresholds are chosen on one half of the packages and measured on "
                        "the other")
    parser.add_argument("--packages", type=pathlib.Path,
                        help="a table whose first column names the packages, to be halved; without "
                        "it a choice of 18")
    parser.add_argument("--clips", type=int, default=60, help="clips a row")
    parser.add_argument("--negatives", type=int, default=1000, help="negative clips a length")
    parser.add_argument("--seconds", type=comma_separated, default=["5", "10", "20"],
                        help="lengths of clips, at most 20; default: 5,10,20")
    parser.add_argument("--rows", type=comma_separated, default=[],
                        help="only rows whose name begins so, for instance reverb,speech")
    parser.add_argument("--no-pairs", action="store_true", help="without the baseline")
    parser.add_argument("--no-landmarks", action="store_true",
                        help="references hold Chromaprint's items only, as those of fpcalc")
    parser.add_argument("--curve", action="store_true",
                        help="also what other thresholds would find")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main():
    args = arguments()
    work = args.work.resolve()
    for directory in "clips", "tracks":
        (work / directory).mkdir(parents=True, exist_ok=True)
    room = work / "room.wav"
    write_room(room)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        indexed, held_out = (music_of(packages, work, pool)
                             for packages in packages_of(args.packages, args.half))
    rows = [row for row in ROWS if row.startswith(tuple(args.rows or [""]))]
    lines = [f"length\t{seconds}" for seconds in args.seconds]
    lines += [] if args.no_pairs else ["pairs"]
    lines += ["curve"] if args.curve else []
    lines += ["no-landmarks"] if args.no_landmarks else []
    lines += [f"reference\t{target}" for _, target in indexed]
    jobs = []
    for row in rows:
        begin, end = WITHIN if ROWS[row][0] == "within" else (0, LONGEST)
        for number in range(args.clips):
            seed = f"{args.half} {args.seed} {row} {number}"
            draw = random.Random(seed)
            reference, start = draw_excerpt(draw, indexed, LONGEST * 1.15)
            source = indexed[reference][0]
            other = draw.choice(held_out)[1]
            name = f"{seed} {start:.3f}.s16".replace(" ", "_").replace("/", "")
            clip = work / "clips" / name
            jobs.append((row, source, start, other, clip, room, seed))
            lines.append(f"clip\t{row}\t{clip}\t0\t{reference}\t{start:.3f}\t{ROWS[row][2]}"
                         f"\t{begin}\t{end}")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for made in [pool.submit(make_clip, *job) for job in jobs if not job[4].exists()]:
            made.result()
    for number in range(args.negatives):
        draw = random.Random(f"{args.seed} negative {number}")
        index, start = draw_excerpt(draw, held_out, LONGEST)
        target = held_out[index][1]
        lines.append(f"clip\tnegative\t{target}\t{start:.3f}\t-1\t0\t1\t0\t{LONGEST}")
    lines += [f"whole\t{target}" for _, target in held_out]
    (work / "list.tsv").write_text("\n".join(lines) + "\n")
    hours = [sum(length_of(target) for _, target in music) / 3600 for music in (indexed, held_out)]
    print(f"{len(indexed)} tracks to index, {hours[0]:.1f} h; {len(held_out)} held out, "
          f"{hours[1]:.1f} h; {len(jobs)} clips in {len(rows)} rows; {args.negatives} negatives")


if __name__ == "__main__":
    main()
