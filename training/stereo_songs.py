"""Writes songs in stereo of unseen parts: voices of the validation songs, in the middle, over a wide accompaniment of another.

    python training/stereo_songs.py --songs DIR/valid/songs --accompaniment everythingisfree/caesium \\
      --voice mir1k/Kenshin_1 mir1k/davidson_1 mir1k/heycat_1 mir1k/heycat_4 narwhalingus/political-captain --out DIR
    npm run evaluate -- --data DIR --model paper studio

Most of the validation songs are in mono, professional mixes are not. Each song is `--seconds` long and has the voice
`--level` decibels over the accompaniment, by their powers while they sound.
"""

import argparse
import sys
import wave
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from unsung_training.decode import decode  # noqa: E402
from unsung_training.mixing import active_rms  # noqa: E402

RATE = 44100


def stem(folder, name):
    found = sorted(folder.glob(f"{name}.*"))
    if not found:
        sys.exit(f"{folder} has no {name}")
    return decode(found[0], RATE, 2)


def write(path, sound):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(sound.T * 32767).clip(-32768, 32767).astype("<i2").tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--songs", type=Path, required=True)
    parser.add_argument("--accompaniment", required=True)
    parser.add_argument("--voice", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=55.0)
    parser.add_argument("--level", type=float, default=-3.0)
    args = parser.parse_args()
    samples = int(args.seconds * RATE)
    whole = stem(args.songs / args.accompaniment, "accompaniment")
    for n, voice in enumerate(args.voice):
        # Another part of the accompaniment for each voice.
        start = n * max(0, whole.shape[1] - samples) // max(1, len(args.voice) - 1)
        backing = whole[:, start : start + samples]
        vocals = stem(args.songs / voice, "vocals")[:, : backing.shape[1]]
        backing = backing[:, : vocals.shape[1]]
        vocals = vocals / active_rms(vocals) * 10 ** (args.level / 20)
        backing = backing / active_rms(backing)
        scale = 0.9 / np.abs(vocals + backing).max()
        folder = args.out / "stereo" / voice.replace("/", "-")
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / "vocals.wav", vocals * scale)
        write(folder / "accompaniment.wav", backing * scale)


if __name__ == "__main__":
    main()
