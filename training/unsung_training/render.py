"""Renders minutes of random backing music, without a voice, to widen the accompaniments.

    python -m unsung_training.render --out DIR/accompaniments/rendered --minutes 60 --seed 1

Grooves, bass lines, chords, pads, arpeggios and tunes of a random key, tempo and metre, played by the demo song's
instruments and by synthesisers with random sounds (rendering/). The n-th piece of a seed is always the same.
"""

from __future__ import annotations

import argparse
import subprocess
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

PIECE_SECONDS = (40.0, 90.0)


def _render(folder: Path, seed: int, rate: int, number: int) -> Path:
    """Writes piece `number`, if it is not there, and says where."""
    from .rendering.desk import RATE, render_piece  # puts training/demo on the path: only where it is needed

    target = folder / f"{seed:03d}-{number:04d}-{rate}.flac"
    if target.exists():
        return target
    rng = np.random.default_rng([seed, number])
    sound = render_piece(_seconds(seed, number), rng)
    unfinished = target.with_suffix(".partial")
    command = ["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "-",
               "-af", "aresample=resampler=soxr:precision=24", "-ar", str(rate), "-c:a", "flac", "-sample_fmt", "s16",
               "-f", "flac", unfinished]
    subprocess.run(command, input=np.ascontiguousarray(sound.T).tobytes(), check=True)
    unfinished.rename(target)
    return target


def _seconds(seed: int, number: int) -> float:
    return float(np.random.default_rng([seed, number, 0]).uniform(*PIECE_SECONDS))


def fill(folder: Path, minutes: float, seed: int = 1, rate: int = 44100, workers: int = 1) -> list[Path]:
    """At least `minutes` of stereo FLAC in `folder`, pieces of 40 to 90 s at `rate` hertz. What is there already stays.
    Asking for more minutes adds pieces; another seed gives other music."""
    folder.mkdir(parents=True, exist_ok=True)
    count, total = 0, 0.0
    while total < minutes * 60:
        total += _seconds(seed, count)
        count += 1
    render = partial(_render, folder, seed, rate)
    if workers <= 1:
        return [render(number) for number in range(count)]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(render, range(count)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="unsung_training.render", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files: a pool of accompaniments/")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=int, default=44100)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    paths = fill(options.out, options.minutes, options.seed, options.rate, options.workers)
    print(f"{len(paths)} pieces in {options.out}")


if __name__ == "__main__":
    main()
