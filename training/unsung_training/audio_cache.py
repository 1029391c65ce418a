"""Decodes the audio once, at the network's rate, to memory-mapped int16 arrays."""

from __future__ import annotations

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

FULL_SCALE = 32767.0


def decode(path: Path, rate: int, channels: int | None = None) -> np.ndarray:
    """(channels, samples) float32 in [-1, 1] at `rate` hertz.

    ffmpeg with the SoX resampler (stop-band below −120 dB). Raises RuntimeError with ffmpeg's words.
    """
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=channels", "-of", "csv=p=0", path],
        capture_output=True, text=True, check=False,
    )
    if probe.returncode or not probe.stdout.strip():
        raise RuntimeError(f"{path}: no audio in it ({probe.stderr.strip()})")
    count = channels or min(2, int(probe.stdout.strip().split("\n")[0].strip(",")))
    command = ["ffmpeg", "-v", "error", "-i", path, "-af", "aresample=resampler=soxr:precision=24",
               "-ac", str(count), "-ar", str(rate), "-f", "f32le", "-"]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{path}: {result.stderr.decode().strip()}")
    return np.frombuffer(result.stdout, np.float32).reshape(-1, count).T


class AudioCache:
    """Arrays of (channels, samples) int16, one .npy a source file, made on first use."""

    def __init__(self, folder: Path, rate: int) -> None:
        self.folder = folder
        self.rate = rate
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, source: Path) -> Path:
        stat = source.stat()
        key = hashlib.sha256(f"{source.resolve()}:{stat.st_size}:{self.rate}".encode()).hexdigest()[:20]
        return self.folder / f"{key}.npy"

    def load(self, source: Path) -> np.ndarray:
        """Memory-mapped (channels, samples) int16."""
        target = self.path(source)
        if not target.exists():
            sound = decode(source, self.rate)
            peak = max(1.0, float(np.abs(sound).max(initial=0.0)))
            partial = target.with_suffix(".partial.npy")
            np.save(partial, np.round(sound / peak * FULL_SCALE).astype(np.int16))
            partial.rename(target)
        return np.load(target, mmap_mode="r")

    def fill(self, sources: list[Path], workers: int) -> None:
        """Decodes what is missing, several files at a time."""
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(self.load, sources))
