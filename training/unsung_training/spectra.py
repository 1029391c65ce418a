"""The short-time Fourier transform that network and page share: Hann, centred, zero padding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft
from scipy.signal import get_window


@dataclass(frozen=True)
class PatchConfig:
    """The network's input. Paper, section 3.2: 8192 Hz, window 1024, hop 768, 512 bins × 128 frames."""

    rate: int = 8192
    # 2: left and right are two channels of one input, and each gets a mask.
    channels: int = 1
    fft_size: int = 1024
    hop: int = 768
    frames: int = 128
    # Bin 0 has no voice; the input has bins 1 to 512.
    first_bin: int = 1
    bins: int = 512

    def __post_init__(self) -> None:
        if self.first_bin + self.bins > self.fft_size // 2 + 1:
            raise ValueError(f"{self.bins} bins from {self.first_bin} do not fit an FFT of {self.fft_size}")

    @property
    def samples(self) -> int:
        """Samples that make exactly `frames` frames without padding."""
        return (self.frames - 1) * self.hop + self.fft_size

    @property
    def band(self) -> slice:
        """The input's bins among those of the transform."""
        return slice(self.first_bin, self.first_bin + self.bins)

    @property
    def fine_hop(self) -> int:
        """Hop of the STFT that a mask is applied to.

        At the paper's own hop the frames hardly overlap, and the inverse divides by nearly nothing between them: it would
        raise the mask's errors by many decibels.
        """
        return self.fft_size * 3 // 16

    def bin_hertz(self) -> np.ndarray:
        """Upper edge of each bin in hertz, (bins,)."""
        return (self.first_bin + 1 + np.arange(self.bins)) * self.rate / self.fft_size


def window(config: PatchConfig) -> np.ndarray:
    return get_window("hann", config.fft_size).astype(np.float32)


def stft(signal: np.ndarray, config: PatchConfig) -> np.ndarray:
    """(samples,) → (frames, fft_size/2+1) complex64, no padding: frame m begins at sample m·hop."""
    frames = np.lib.stride_tricks.sliding_window_view(signal, config.fft_size)[:: config.hop]
    return fft.rfft(frames * window(config), axis=1)


def centred(signal: np.ndarray, config: PatchConfig) -> np.ndarray:
    """stft with frame m centred on sample m·hop, zeros around the signal; covers every sample."""
    half = config.fft_size // 2
    count = 1 + -(-len(signal) // config.hop)
    length = (count - 1) * config.hop + config.fft_size
    padded = np.zeros(length, np.float32)
    padded[half : half + len(signal)] = signal
    return stft(padded, config)


def inverse(spectrum: np.ndarray, samples: int, config: PatchConfig) -> np.ndarray:
    """Inverse of `centred`: weighted overlap-add with the least-squares normalisation (Griffin & Lim 1984, eq. 6)."""
    w = window(config)
    frames = fft.irfft(spectrum, config.fft_size, axis=1) * w
    length = (len(frames) - 1) * config.hop + config.fft_size
    total, weight = np.zeros(length, np.float64), np.zeros(length, np.float64)
    for m, frame in enumerate(frames):
        at = m * config.hop
        total[at : at + config.fft_size] += frame
        weight[at : at + config.fft_size] += w * w
    half = config.fft_size // 2
    kept = slice(half, half + samples)
    return (total[kept] / np.maximum(weight[kept], 1e-8)).astype(np.float32)
