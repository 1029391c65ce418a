"""What lossy codecs and Rubber Band make of a sound: by ffmpeg, slow, so computed once and cached (variants.py)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from ..decode import RESAMPLER, decode

CODECS = {
    # name: (ffmpeg's encoder, file ending, rate that it runs at)
    "mp3": ("libmp3lame", ".mp3", 44100),
    "opus": ("libopus", ".opus", 48000),
    "aac": ("aac", ".m4a", 44100),
    "vorbis": ("libvorbis", ".ogg", 44100),
}


def _run(arguments: list, data: bytes = b"") -> bytes:
    """Raises RuntimeError with ffmpeg's words."""
    result = subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], input=data, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"ffmpeg: {result.stderr.decode().strip()}")
    return result.stdout


def _raw(sound: np.ndarray, rate: int) -> tuple[list[str], bytes]:
    """ffmpeg's input arguments and bytes of (channels, samples)."""
    return (["-f", "f32le", "-ar", str(rate), "-ac", str(len(sound)), "-i", "-"],
            np.ascontiguousarray(sound.T, np.float32).tobytes())


def _fitted(sound: np.ndarray, count: int) -> np.ndarray:
    return np.pad(sound, ((0, 0), (0, max(0, count - sound.shape[1]))))[:, :count]


def through_codec(sound: np.ndarray, rate: int, codec: str, kilobits: int) -> np.ndarray:
    """(channels, samples) → the same shape, encoded and decoded, aligned to the sample.

    `codec` is mp3, opus, aac or vorbis, which runs at its own rate of 44.1 or 48 kHz; `kilobits` a second for all
    channels. The file says how much padding its decoder has to drop, so it is a file and no pipe.
    """
    encoder, ending, own_rate = CODECS[codec]
    if codec == "vorbis":
        # libvorbis refuses less at its rate.
        kilobits = max(kilobits, 32 if len(sound) == 1 else 48)
    arguments, data = _raw(sound, rate)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sound{ending}"
        _run([*arguments, "-af", RESAMPLER, "-ar", str(own_rate), "-c:a", encoder, "-b:a", f"{kilobits}k", path], data)
        return _fitted(decode(path, rate, channels=len(sound)), sound.shape[1])


def rubber_band(sound: np.ndarray, rate: int, semitones: float, tempo: float, keep_formants: bool) -> np.ndarray:
    """(channels, samples) → (channels, samples / tempo): pitch, tempo and formants each by themselves.

    Better than effects.stretch on chords and drums, and slower. Needs an ffmpeg with the rubberband filter, which is
    GPL: to train with, nothing of it is in the model or in the page. Raises RuntimeError without it.
    """
    formant = "preserved" if keep_formants else "shifted"
    filters = (f"rubberband=pitch={2 ** (semitones / 12):.8f}:tempo={tempo:.8f}:formant={formant}"
               ":pitchq=quality:channels=together")
    # Of a sound of a few samples the filter gives none, and ffmpeg calls that an error.
    arguments, data = _raw(np.pad(sound, ((0, 0), (0, rate // 4))), rate)
    out = _run([*arguments, "-af", filters, "-f", "f32le", "-"], data)
    return _fitted(np.frombuffer(out, np.float32).reshape(-1, len(sound)).T, int(round(sound.shape[1] / tempo)))
