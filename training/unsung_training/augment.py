"""What a voice or an accompaniment goes through before it is mixed. Signals are mono float32 at the network's rate."""

from __future__ import annotations

import numpy as np
from scipy import signal as dsp

Rng = np.random.Generator


def fold_to_mono(sound: np.ndarray, rng: Rng) -> np.ndarray:
    """(channels, samples) → (samples,): the middle, one side (pan), or any weights of the two, sides swapped at random."""
    if len(sound) == 1:
        return sound[0]
    left, right = (0.5, 0.5) if rng.random() < 0.5 else (lambda p: (p, 1.0 - p))(rng.random())
    return left * sound[0] + right * sound[1]


def vary_speed(sound: np.ndarray, ratio: float, samples: int) -> np.ndarray:
    """Plays `ratio` times as fast (pitch moves with it) and gives the first `samples` samples."""
    at = np.arange(samples, dtype=np.float64) * ratio
    whole = np.minimum(at.astype(np.int64), len(sound) - 3)
    part = (at - whole).astype(np.float32)
    # Cubic (Catmull-Rom) interpolation: −60 dB of images at voice frequencies, a tenth of a filter bank's time.
    p0, p1, p2, p3 = (sound[np.clip(whole + k, 0, len(sound) - 1)] for k in (-1, 0, 1, 2))
    return p1 + 0.5 * part * (p2 - p0 + part * (2 * p0 - 5 * p1 + 4 * p2 - p3 + part * (3 * (p1 - p2) + p3 - p0)))


def room(rng: Rng, rate: int, channels: int = 1) -> np.ndarray:
    """Synthetic impulse responses (channels, samples): direct sound, then noise that dies away exponentially (RT60 0.2 to
    1.8 s). The direct sound is the same in all channels, the noise is not: a voice in the middle has its room around it.
    """
    rt60 = float(np.exp(rng.uniform(np.log(0.2), np.log(1.8))))
    length = int(rate * min(rt60, 1.5))
    t = np.arange(length) / rate
    tail = rng.standard_normal((channels, length)).astype(np.float32) * 10.0 ** (-3.0 * t / rt60).astype(np.float32)
    # Rooms swallow treble: one-pole low-pass on the tail.
    tail = dsp.lfilter([0.5], [1, -rng.uniform(0.1, 0.7)], tail).astype(np.float32)
    tail[:, : int(rate * rng.uniform(0.002, 0.03))] = 0.0
    tail *= 10.0 ** (rng.uniform(-18, -3) / 20) / (np.linalg.norm(tail, axis=1, keepdims=True) + 1e-9)
    tail[:, 0] += 1.0
    if rng.random() < 0.25:  # an echo, as producers like it on voices
        at = int(rate * rng.uniform(0.08, 0.4))
        if at < length:
            tail[:, at] += rng.uniform(0.1, 0.5)
    return tail


def convolve(sound: np.ndarray, response: np.ndarray) -> np.ndarray:
    """(samples,) through an impulse response, cut to its own length."""
    return dsp.fftconvolve(sound, response)[: len(sound)].astype(np.float32)
