"""What the import_*.py scripts share: made-up spectrogram patches, the small network's widths, and the files of values.

Each folder of values holds `values.json`: the shape of the arrays, the network's filters, what wrote it; `input.f32`
and `output.f32` beside it are (patches, bins, frames), float32, little-endian.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "import"
SMALL = (2, 3, 4, 5, 6, 7)
FULL = (16, 32, 64, 128, 256, 512)
SMALL_PATCH = (64, 64)
FULL_PATCH = (512, 128)


def decoder_filters(filters: tuple[int, ...]) -> tuple[int, ...]:
    return (*reversed(filters[:-1]), 1)


def make_patches(rng: np.random.Generator, count: int, bins: int, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Mixtures and the voices in them, each (count, bins, frames) in [0, 1]: gliding harmonics over strokes and chords."""
    mixtures, voices = [], []
    bin_, time = np.arange(bins)[:, None], np.arange(frames)[None, :]
    for _ in range(count):
        pitch = rng.uniform(0.03, 0.09) * bins * (1 + 0.1 * np.sin(time * rng.uniform(0.05, 0.2) + rng.uniform(0, 6)))
        sung = np.clip(np.sin(time * rng.uniform(0.05, 0.1) + rng.uniform(0, 6)) + 0.6, 0, 1)
        voice = sum(np.exp(-((bin_ - k * pitch) ** 2)) / k for k in range(1, 9)) * sung
        chord = sum(np.exp(-((bin_ - tone) ** 2) / 2) for tone in rng.uniform(2, 0.6 * bins, 5))
        stroke = np.exp(-((time + rng.integers(16)) % 16) / 3) * (1 - bin_ / bins) ** 2
        backing = rng.uniform(0.2, 0.8) * chord + rng.uniform(0.1, 0.5) * stroke * rng.uniform(0.3, 1, (bins, frames))
        mixture = voice + backing
        mixtures.append(mixture / mixture.max())
        voices.append(voice / mixture.max())
    return np.stack(mixtures).astype(np.float32), np.stack(voices).astype(np.float32)


def write_values(folder: Path, x: np.ndarray, y: np.ndarray, filters: tuple[int, ...], about: str, **more) -> None:
    for name, array in (("input", x), ("output", y)):
        (folder / f"{name}.f32").write_bytes(np.ascontiguousarray(array, "<f4").tobytes())
    facts = {
        "about": about,
        "shape": list(x.shape),
        "encoderFilters": list(filters),
        "decoderFilters": list(decoder_filters(filters)),
        **more,
    }
    (folder / "values.json").write_text(json.dumps(facts) + "\n")
    print(f"{folder}: input to {x.max():.3f}, output {y.min():.4f} to {y.max():.4f}, spread {y.std():.4f}")


def filters_beside(checkpoint: Path) -> tuple[int, ...]:
    return tuple(json.loads((checkpoint.parent / "values.json").read_text())["encoderFilters"])


def parse_arguments(about: str, steps: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--full", type=Path, metavar="DIR", help="write at full size to this folder, not the fixtures")
    parser.add_argument("--steps", type=int, help="steps of training (%d for the fixtures, 2 at full size)" % steps)
    parser.add_argument(
        "--predict", nargs=3, type=Path, metavar=("CHECKPOINT", "INPUT", "OUTPUT"),
        help="write nothing else, but the network's output for patches (n, bins, frames), both .npy",
    )
    arguments = parser.parse_args()
    if arguments.steps is None:
        arguments.steps = 2 if arguments.full else steps
    return arguments
