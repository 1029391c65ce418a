"""Speed without pitch, and pitch without speed."""

from __future__ import annotations

import numpy as np
from scipy import signal

from .formants import shift_formants

FRAME_SECONDS = 0.060
SEARCH_SECONDS = 0.012
"""Either way: half a period of 42 Hz, so that every voice finds its next period."""
SEARCH_RATE = 8000


def stretch(sound: np.ndarray, ratio: float, rate: int) -> np.ndarray:
    """`ratio` times as long (0.5 to 2), pitch as it was; the last axis becomes round(samples · ratio).

    WSOLA (Verhelst & Roelands 1993): frames of 60 ms at half overlap, each taken from where, within 12 ms of its place,
    it goes on best from the frame before. Good for one voice; chords lose some of their bloom. All channels move alike.
    """
    count = sound.shape[-1]
    wanted = int(round(count * ratio))
    half = int(FRAME_SECONDS * rate) // 2
    frame, search = 2 * half, int(SEARCH_SECONDS * rate)
    window = signal.get_window("hann", frame).astype(np.float32)
    before = search + half
    padded = np.zeros((*sound.shape[:-1], count + before + 2 * (frame + search)), np.float32)
    padded[..., before : before + count] = sound
    # The best place is looked for in mono, at a rate that tells a voice's periods apart and not more.
    step = max(1, rate // SEARCH_RATE)
    mono = padded.reshape(-1, padded.shape[-1]).sum(axis=0)
    coarse = mono[: len(mono) // step * step].reshape(-1, step).mean(axis=1)
    frames = wanted // half + 2
    out = np.zeros((*sound.shape[:-1], (frames + 1) * half), np.float32)
    last = len(mono) - frame - search - step
    at = None
    for m in range(frames):
        place = min(int(m * half / ratio) + search, last)
        if at is not None:
            follow = (at + half) // step
            template = coarse[follow : follow + frame // step]
            start = (place - search) // step
            heard = coarse[start : start + len(template) + 2 * search // step]
            # Correlation over the candidate's norm would be better for attacks; the plain one is as good for voices.
            place = min((start + int(np.argmax(np.correlate(heard, template)))) * step + (at + half) % step, last)
        at = place
        out[..., m * half : m * half + frame] += padded[..., at : at + frame] * window
    return out[..., half : half + wanted]


def resample(sound: np.ndarray, ratio: float) -> np.ndarray:
    """Played `ratio` times as fast, pitch and speed together, band-limited: round(samples / ratio) samples."""
    return signal.resample(sound, max(1, int(round(sound.shape[-1] / ratio))), axis=-1).astype(np.float32)


def shift_pitch(sound: np.ndarray, semitones: float, rate: int, keep_formants: bool) -> np.ndarray:
    """`semitones` (−12 to 12) higher, as long as before. Same shape. Formants stay, or move along with the pitch."""
    ratio = 2.0 ** (semitones / 12)
    moved = resample(stretch(sound, ratio, rate), ratio)
    if keep_formants:
        moved = shift_formants(moved, 1.0 / ratio, rate)
    out = np.zeros_like(sound, dtype=np.float32)
    kept = min(sound.shape[-1], moved.shape[-1])
    out[..., :kept] = moved[..., :kept]
    return out
