"""Some seconds of the demo song, and how references of its stems are stored: excerpts of int16, see `write_excerpts`.

Requires numpy and ffmpeg.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


def decode(start: float, seconds: float, rate: int, channels: int) -> np.ndarray:
    """(channels, samples), int16."""
    command = ["ffmpeg", "-v", "error", "-ss", str(start), "-t", str(seconds), "-i", str(ROOT / "public/demo/mixture.mp3"),
               "-af", "aresample=resampler=soxr", "-ac", str(channels), "-ar", str(rate), "-f", "s16le", "-"]
    try:
        sound = subprocess.run(command, capture_output=True, check=True).stdout
    except subprocess.CalledProcessError:
        # An ffmpeg without soxr: its own resampler.
        command[command.index("-af") : command.index("-af") + 2] = []
        sound = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(sound, "<i2").reshape(-1, channels).T


def excerpt_starts(samples: int, length: int) -> list[int]:
    """Beginning, middle and end; one where that is all."""
    return [0] if length >= samples else [0, (samples - length) // 2, samples - length]


def excerpts(sound: np.ndarray, starts: list[int], length: int) -> np.ndarray:
    """(channels, samples) → (channels, samples of the excerpts, one after the other)."""
    return np.concatenate([sound[:, start : start + length] for start in starts], axis=1)


def write_excerpts(path: Path, sound: np.ndarray, starts: list[int], length: int) -> float:
    """Writes int16 with interleaved channels. Returns the value of one step."""
    parts = excerpts(sound, starts, length)
    step = float(np.abs(parts).max() / 32767)
    path.write_bytes(np.round(parts.T / step).astype("<i2").tobytes())
    return step
