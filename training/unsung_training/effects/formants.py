"""Moves the formants of a voice and leaves its pitch, or the other way round."""

from __future__ import annotations

import numpy as np
from scipy import fft, signal

SMOOTH_SECONDS = (0.0011, 0.0022)
"""Quefrencies up to the first are the envelope, beyond the second none is: harmonics from 450 Hz up are not traced."""
FLOOR = 1e-3
"""Of a frame's largest magnitude (−60 dB): what is below is noise, whose envelope means nothing."""
LARGEST_GAIN = 10.0 ** (24 / 20)


def _size(rate: int) -> int:
    return 1 << int(np.ceil(np.log2(0.046 * rate)))


def shift_formants(sound: np.ndarray, ratio: float, rate: int) -> np.ndarray:
    """Formants times `ratio` (0.7 to 1.4 sounds human), pitch and time as they were. Same shape.

    Every frame of 46 to 62 ms is multiplied by E(f / ratio) / E(f), E being the envelope by the cepstrum (Oppenheim &
    Schafer 1989, ch. 12). Played at another speed by r and then moved by 1 / r, a voice changes its pitch and keeps
    its formants. 1 leaves the sound as it is, to float precision.
    """
    size = _size(rate)
    hop = size // 2
    # The square root of Hann before and after: squared it adds up to 1 at half overlap.
    window = np.sqrt(signal.get_window("hann", size)).astype(np.float32)
    count = sound.shape[-1]
    frames = -(-count // hop) + 1
    padded = np.zeros((*sound.shape[:-1], (frames + 1) * hop), np.float32)
    padded[..., hop : hop + count] = sound
    cut = np.lib.stride_tricks.sliding_window_view(padded, size, axis=-1)[..., ::hop, :]
    spectrum = fft.rfft(cut * window, axis=-1)
    spectrum *= _gain(np.abs(spectrum), ratio, size, rate)
    pieces = fft.irfft(spectrum, size, axis=-1) * window
    out = np.zeros_like(padded).reshape(*sound.shape[:-1], frames + 1, hop)
    out[..., :-1, :] += pieces[..., :hop]
    out[..., 1:, :] += pieces[..., hop:]
    return out.reshape(padded.shape)[..., hop : hop + count]


def _gain(magnitude: np.ndarray, ratio: float, size: int, rate: int) -> np.ndarray:
    """E(f / ratio) / E(f) of every frame, (…, bins) as the magnitudes are."""
    low, high = (seconds * rate for seconds in SMOOTH_SECONDS)
    quefrency = np.minimum(np.arange(size), size - np.arange(size))
    lifter = (0.5 + 0.5 * np.cos(np.pi * np.clip((quefrency - low) / (high - low), 0, 1))).astype(np.float32)
    level = np.log(np.maximum(magnitude, FLOOR * magnitude.max(axis=-1, keepdims=True) + 1e-9))
    envelope = fft.rfft(fft.irfft(level, size, axis=-1) * lifter, axis=-1).real
    bins = magnitude.shape[-1]
    at = np.minimum(np.arange(bins) / ratio, bins - 1)
    whole = np.minimum(at.astype(int), bins - 2)
    part = (at - whole).astype(np.float32)
    moved = envelope[..., whole] * (1 - part) + envelope[..., whole + 1] * part
    return np.clip(np.exp(moved - envelope), 1 / LARGEST_GAIN, LARGEST_GAIN)
