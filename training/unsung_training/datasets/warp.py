"""Reads a sound at places between its samples, by a windowed sinc."""

from __future__ import annotations

import numpy as np
from scipy import signal

HALF = 24
"""Samples on either side of a place that are weighed."""
KAISER = 9.0
BLOCK = 1 << 15


def _weights(part: np.ndarray) -> np.ndarray:
    """(places,) fractions in [0, 1) → (places, 2·HALF) weights of samples −HALF + 1 … HALF around the whole part."""
    distance = part[:, None] - np.arange(-HALF + 1, HALF + 1)
    window = np.i0(KAISER * np.sqrt(np.maximum(0.0, 1 - (distance / HALF) ** 2))) / np.i0(KAISER)
    return (np.sinc(distance) * window).astype(np.float32)


def warp(sound: np.ndarray, start: float, step: float, count: int) -> np.ndarray:
    """(channels, samples) → (channels, count): the sound at start + step·n samples; silence beyond its ends.

    `step` is near 1: nothing is filtered against aliasing. Flat to 0.01 dB up to 0.93 of the Nyquist frequency.
    """
    out = np.zeros((len(sound), count), np.float32)
    if step == 1.0:
        whole = int(np.floor(start))
        taps = _weights(np.array([start - whole]))[0]
        first = whole - HALF + 1
        # Output n is the sum of taps[k] · sound[first + n + k].
        low, high = max(0, first), min(sound.shape[1], first + count + 2 * HALF)
        if high > low:
            piece = np.pad(sound[:, low:high], ((0, 0), (low - first, first + count + 2 * HALF - high)))
            out[:] = signal.oaconvolve(piece, taps[None, ::-1], axes=-1)[:, 2 * HALF - 1 : 2 * HALF - 1 + count]
        return out
    for begin in range(0, count, BLOCK):
        places = start + step * np.arange(begin, min(begin + BLOCK, count))
        whole = np.floor(places).astype(np.int64)
        weights = _weights(places - whole)
        index = whole[:, None] + np.arange(-HALF + 1, HALF + 1)
        inside = (index >= 0) & (index < sound.shape[1])
        weights *= inside
        index = np.where(inside, index, 0)
        for channel, target in zip(sound, out):
            target[begin : begin + len(places)] = np.einsum("nk,nk->n", channel[index], weights)
    return out
