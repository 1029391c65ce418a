"""Composes and renders the demo song: mixture, its true stems, and what is known about them.

    python training/demo-song/compose.py --out public/demo [--wav DIRECTORY]

Needs numpy, scipy and an `ffmpeg` with libmp3lame on the PATH. The same seeds give the same song every time.
score.py holds the music; articulation.py, glottis.py, voice.py and phonemes.py sing it; drums.py, plucked.py and
keys.py play it; effects.py and mix.py put it together. check.py measures the result.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
from scipy.io import wavfile

import score
from mix import mix
from singer import RATE

STEMS = ("mixture", "vocals", "accompaniment")
BITRATE = "160k"


def to_int16(x: np.ndarray) -> np.ndarray:
    return np.round(x * 32767.0).astype(np.int16)


def encode(samples: np.ndarray, path: Path, title: str) -> None:
    """Writes (samples, 2) int16 as an MP3 whose header says how much padding a decoder has to drop."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", "-"]
    command += ["-c:a", "libmp3lame", "-b:a", BITRATE, "-compression_level", "0"]
    command += ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
    command += [
        "-metadata",
        f"title={title}",
        "-metadata",
        f"artist={score.ARTIST}",
        "-metadata",
        "copyright=CC0-1.0",
        str(path),
    ]
    subprocess.run(command, input=samples.tobytes(), check=True)


def description() -> dict:
    """song.json: everything that the score knows, with times in seconds."""

    def r(seconds: float) -> float:
        return round(seconds, 3)

    return {
        "title": score.TITLE,
        "artist": score.ARTIST,
        "licence": "CC0-1.0",
        "files": {name: f"{name}.mp3" for name in STEMS},
        "sampleRate": RATE,
        "channels": 2,
        "samples": int(score.SECONDS * RATE),
        "seconds": r(int(score.SECONDS * RATE) / RATE),
        "bpm": score.BPM,
        "beatsPerBar": 4,
        "key": score.KEY,
        "sections": [
            {"name": name, "start": r(first * score.BAR), "end": r((first + count) * score.BAR)}
            for name, first, count in score.SECTIONS
        ],
        "bars": [
            {
                "bar": bar + 1,
                "start": r(bar * score.BAR),
                "end": r((bar + 1) * score.BAR),
                "section": score.section_of(bar),
                "chords": [
                    {"name": c.name, "start": r(c.start), "end": r(c.start + c.duration)}
                    for c in score.chord_spans()
                    if c.bar == bar
                ],
            }
            for bar in range(score.BARS)
        ],
        "lyrics": [
            {
                "text": line.text,
                "section": line.section,
                "start": r(line.notes[0].start),
                "end": r(line.notes[-1].start + line.notes[-1].duration),
                "syllables": [
                    {
                        "text": note.text,
                        "phonemes": note.phonemes,
                        "start": r(note.start),
                        "end": r(note.start + note.duration),
                        "midi": note.midi,
                        **({} if note.harmony is None else {"harmony": note.harmony}),
                    }
                    for note in line.notes
                ],
            }
            for line in score.LINES
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Compose and render the demo song.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the MP3 files and song.json")
    parser.add_argument(
        "--wav", type=Path, help="folder for 16-bit WAV files of the same stems, and of the dry lead voice"
    )
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sounds = mix()
    stems = {name: to_int16(sounds[name].T) for name in ("vocals", "accompaniment")}
    stems["mixture"] = stems["vocals"] + stems["accompaniment"]  # the sum of the rounded stems: exact
    for name in STEMS:
        encode(stems[name], args.out / f"{name}.mp3", score.TITLE if name == "mixture" else f"{score.TITLE} ({name})")
    (args.out / "song.json").write_text(json.dumps(description(), indent=1) + "\n", encoding="utf-8")
    if args.wav:
        args.wav.mkdir(parents=True, exist_ok=True)
        for name in STEMS:
            wavfile.write(args.wav / f"{name}.wav", RATE, stems[name])
        lead = sounds["lead"]
        wavfile.write(args.wav / "lead-dry.wav", RATE, to_int16(0.7 * lead / np.abs(lead).max()))


if __name__ == "__main__":
    main()
