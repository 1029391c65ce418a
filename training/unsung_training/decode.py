"""Audio files to arrays, by ffmpeg."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

# The SoX resampler with its stop-band below −120 dB; linear phase, so nothing moves.
RESAMPLER = "aresample=resampler=soxr:precision=24"


def _channel_count(path: Path, stream: int) -> int:
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", f"a:{stream}", "-show_entries", "stream=channels",
         "-of", "csv=p=0", path], capture_output=True, text=True, check=False,
    )
    if probe.returncode or not probe.stdout.strip():
        which = f" as stream {stream}" if stream else ""
        raise RuntimeError(f"{path}: no audio in it{which} ({probe.stderr.strip()})")
    return int(probe.stdout.strip().split("\n")[0].strip(","))


def decode(path: Path, rate: int, channels: int | None = None, stream: int = 0,
           pick: tuple[int, ...] | None = None) -> np.ndarray:
    """(channels, samples) float32, full scale 1, at `rate` hertz, of one audio stream of a file.

    One or two channels, as the file has; `channels` makes it one (their mean) or two. `pick` takes those channels, counted
    from 0, as they are instead. Raises RuntimeError with ffmpeg's words, or when the file has no such stream or channel.
    """
    count = _channel_count(path, stream)
    if pick is not None and max(pick) >= count:
        raise RuntimeError(f"{path}: channel {max(pick)} is wanted, and it has {count}")
    kept = count if pick is not None else min(2, count)
    command = ["ffmpeg", "-v", "error", "-i", path, "-map", f"0:a:{stream}", "-af", RESAMPLER,
               "-ac", str(kept), "-ar", str(rate), "-f", "f32le", "-"]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{path}: {result.stderr.decode().strip()}")
    sound = np.frombuffer(result.stdout, np.float32).reshape(-1, kept).T
    if pick is not None:
        return sound[list(pick)]
    # Not by ffmpeg, which lets a mono mix grow by 3 dB when it writes floating point.
    return sound.mean(axis=0, keepdims=True) if channels == 1 else np.repeat(sound, (channels or kept) // kept, axis=0)
