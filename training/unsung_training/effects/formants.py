"""Moves the formants of a voice and leaves its pitch, or the other way round."""

from __future__ import annotations

import numpy as np
from scipy import fft, ndimage, signal

PERIODS = (0.0012, 0.0143)
"""Seconds: the periods of 70 to 830 Hz, among which a frame's pitch is looked for."""
UNVOICED = 0.0022
"""The period that is taken where there is no pitch."""
VOICED = 0.10
"""Height of the cepstrum's peak from which on a frame has a pitch."""
LIFTER = (0.5, 0.9)
"""In periods: quefrencies up to the first are the envelope, beyond the second none is, so that no harmonic is traced."""
ROUNDS = 2
"""Times that the envelope is raised to the harmonics that stand out of it."""
FLOOR = 1e-4
"""Of a frame's largest magnitude (−80 dB): what is below is noise, whose envelope means nothing."""
LARGEST_GAIN = 10.0 ** (24 / 20)


def _size(rate: int) -> int:
    return 1 << int(np.ceil(np.log2(0.030 * rate)))


def shift_formants(sound: np.ndarray, ratio: float, rate: int) -> np.ndarray:
    """Formants times `ratio` (0.7 to 1.4 sounds human), pitch and time as they were. Same shape.

    Every frame of 30 to 60 ms is multiplied by E(f / ratio) / E(f), E being the "true envelope": the cepstrum below the
    pitch period, raised until it runs along the harmonics' tops (Röbel & Rodet 2005). Played at another speed by r and
    then moved by 1 / r, a voice changes its pitch and keeps its formants. 1 leaves the sound as it is, to float
    precision.
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
    level = np.log(np.maximum(magnitude, FLOOR * magnitude.max(axis=-1, keepdims=True) + 1e-9))
    cepstrum = fft.irfft(level, size, axis=-1)
    quefrency = np.minimum(np.arange(size), size - np.arange(size))
    share = (quefrency / _period(cepstrum, rate)[..., None] - LIFTER[0]) / (LIFTER[1] - LIFTER[0])
    lifter = 0.5 + 0.5 * np.cos(np.float32(np.pi) * np.clip(share.astype(np.float32), 0, 1))
    envelope = fft.rfft(cepstrum * lifter, axis=-1).real
    for _ in range(ROUNDS):
        envelope = fft.rfft(fft.irfft(np.maximum(level, envelope), size, axis=-1) * lifter, axis=-1).real
    bins = magnitude.shape[-1]
    at = np.minimum(np.arange(bins) / ratio, bins - 1)
    whole = np.minimum(at.astype(int), bins - 2)
    part = (at - whole).astype(np.float32)
    moved = envelope[..., whole] * (1 - part) + envelope[..., whole + 1] * part
    return np.clip(np.exp(moved - envelope), 1 / LARGEST_GAIN, LARGEST_GAIN)


def _period(cepstrum: np.ndarray, rate: int) -> np.ndarray:
    """Every frame's pitch period in samples (Noll 1967), a median over five frames; (…, size) → (…,)."""
    low, high = (int(seconds * rate) for seconds in PERIODS)
    part = cepstrum[..., low:high]
    best = part.argmax(axis=-1)
    height = np.take_along_axis(part, best[..., None], axis=-1)[..., 0]
    period = np.where(height > VOICED, best + low, UNVOICED * rate)
    return ndimage.median_filter(period, size=(1,) * (period.ndim - 1) + (5,), mode="nearest")
