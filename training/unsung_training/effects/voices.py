"""More voices out of one: doubling and harmonies."""

from __future__ import annotations

import numpy as np

from .stretch import shift_pitch

INTERVALS = (-12.0, -5.0, -4.0, -3.0, 3.0, 4.0, 5.0, 7.0, 12.0)
"""Semitones: thirds, fourths and fifths, octaves."""


def read_at(sound: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The sound at `places` (samples, any real), cubic between samples (Catmull-Rom), its ends held beyond them."""
    whole = np.floor(places).astype(np.int64)
    part = (places - whole).astype(np.float32)
    last = sound.shape[-1] - 1
    p0, p1, p2, p3 = (sound[..., np.clip(whole + k, 0, last)] for k in (-1, 0, 1, 2))
    return p1 + 0.5 * part * (p2 - p0 + part * (2 * p0 - 5 * p1 + 4 * p2 - p3 + part * (3 * (p1 - p2) + p3 - p0)))


def delayed_copy(sound: np.ndarray, seconds: float, cents: float, wobble: float, phase: float, rate: int) -> np.ndarray:
    """The sound `seconds` later, its pitch swinging by ±`cents` at `wobble` hertz: artificial double tracking.

    The delay is d(t) = seconds + depth · sin(2π · wobble · t + phase); pitch is 1 − d′(t), so
    depth = (2^(cents/1200) − 1) / (2π · wobble). Same shape. Silence before the copy begins.
    """
    depth = (2.0 ** (cents / 1200) - 1) / (2 * np.pi * wobble)
    time = np.arange(sound.shape[-1]) / rate
    places = (time - seconds - depth * np.sin(2 * np.pi * wobble * time + phase)) * rate
    return read_at(sound, places) * (places >= 0)


def double(sound: np.ndarray, rng: np.random.Generator, rate: int) -> np.ndarray:
    """One or two copies, 10 to 40 ms late, ±3 to ±20 cents, 12 to 2 dB below the voice, added to it. Same shape."""
    out = sound.astype(np.float32, copy=True)
    for _ in range(int(rng.integers(1, 3))):
        copy = delayed_copy(sound, rng.uniform(0.010, 0.040), rng.uniform(3, 20), rng.uniform(0.1, 1.5),
                            rng.uniform(0, 2 * np.pi), rate)
        out += np.float32(10.0 ** (rng.uniform(-12, -2) / 20)) * copy
    return out


def harmonise(sound: np.ndarray, rng: np.random.Generator, rate: int) -> np.ndarray:
    """A second voice a third to an octave away, its formants kept, 5 to 30 ms late, 12 to 3 dB softer, added. Same shape."""
    second = shift_pitch(sound, float(rng.choice(INTERVALS)), rate, keep_formants=True)
    second = delayed_copy(second, rng.uniform(0.005, 0.030), rng.uniform(2, 10), rng.uniform(0.1, 1.0),
                          rng.uniform(0, 2 * np.pi), rate)
    return sound + np.float32(10.0 ** (rng.uniform(-12, -3) / 20)) * second
