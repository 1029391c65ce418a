"""Loss of treble: low sample rates, and humming."""

from __future__ import annotations

import numpy as np
from scipy import fft, signal


def band_limit(sound: np.ndarray, cutoff: float, rate: int) -> np.ndarray:
    """What a recording at 2 · `cutoff` hertz keeps: flat to 0.95 of the cutoff, nothing above it, no delay. Same shape."""
    count = sound.shape[-1]
    length = fft.next_fast_len(count + int(0.02 * rate), real=True)
    hertz = fft.rfftfreq(length, 1 / rate)
    slope = np.clip((hertz / cutoff - 0.95) / 0.05, 0, 1)
    gain = (0.5 + 0.5 * np.cos(np.pi * slope)).astype(np.float32)
    return fft.irfft(fft.rfft(sound, length, axis=-1) * gain, length, axis=-1)[..., :count].astype(np.float32)


def hum(sound: np.ndarray, cutoff: float, rate: int) -> np.ndarray:
    """A voice with its mouth closed: second-order Butterworth low-pass at `cutoff` (350 to 900 Hz). Same shape.

    The nasal murmur falls by about 12 dB an octave above its first resonance (Fant 1960), and the words are gone.
    """
    sections = signal.butter(2, min(cutoff, 0.45 * rate), fs=rate, output="sos")
    return signal.sosfilt(sections, sound, axis=-1).astype(np.float32)
