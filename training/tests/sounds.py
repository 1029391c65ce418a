"""Signals and files that the tests write; no test in here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from scipy.io import wavfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RATE = 8000


def tone(hertz: float, seconds: float = 1.0, level: float = 0.2, rate: int = RATE) -> np.ndarray:
    """(samples,) float32."""
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def write_wav(path: Path, *channels: np.ndarray, rate: int = RATE) -> Path:
    """32-bit float, so that the samples come back as they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, rate, np.stack(channels, axis=1).astype(np.float32))
    return path


def write_stem_container(path: Path, streams: list[np.ndarray]) -> Path:
    """An mp4 of several audio streams; lossless, so that the samples can be compared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [write_wav(path.parent / f"{n}.wav", stream, stream) for n, stream in enumerate(streams)]
    inputs = [argument for file in files for argument in ("-i", file)]
    maps = [argument for n in range(len(files)) for argument in ("-map", f"{n}:a")]
    subprocess.run(["ffmpeg", "-v", "error", *inputs, *maps, "-c:a", "alac", "-f", "mp4", path], check=True)
    for file in files:
        file.unlink()
    return path


def loudest_hertz(sound: np.ndarray, rate: int = RATE) -> float:
    """The frequency of a steady tone, by the parabola through the peak of a windowed, zero-padded spectrum."""
    count = 1 << int(np.ceil(np.log2(8 * len(sound))))
    level = np.log(np.abs(np.fft.rfft(sound * np.hanning(len(sound)), count)) + 1e-12)
    at = int(np.argmax(level))
    before, here, after = level[at - 1 : at + 2]
    return (at + 0.5 * (before - after) / (before - 2 * here + after)) * rate / count
