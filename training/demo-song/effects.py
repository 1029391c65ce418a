"""Room, equaliser, compressor, limiter and loudness: what a mixing desk does."""

import numpy as np
from scipy import ndimage, signal

from singer import RATE


def pan(mono: np.ndarray, place: float) -> np.ndarray:
    """Equal-power panning, 0 left to 1 right, shape (2, samples); the centre has gain 1."""
    angle = 0.5 * np.pi * place
    return np.sqrt(2.0) * np.stack([np.cos(angle) * mono, np.sin(angle) * mono])


def high_pass(x: np.ndarray, hertz: float) -> np.ndarray:
    return signal.sosfilt(signal.butter(2, hertz, "highpass", fs=RATE, output="sos"), x)


def reverb(x: np.ndarray, seconds: float, before: float, rng: np.random.Generator) -> np.ndarray:
    """A room, wet only: decaying noise whose treble dies first, after `before` seconds. (2, samples) in and out."""
    n = int(1.1 * seconds * RATE)
    t = np.arange(n) / RATE
    impulse = np.zeros((2, n))
    for low, high, share in ((150, 900, 1.0), (900, 3500, 0.85), (3500, 9000, 0.5)):
        band = signal.butter(2, (low, high), "bandpass", fs=RATE, output="sos")
        impulse += signal.sosfilt(band, rng.standard_normal((2, n))) * np.exp(-6.9 * t / (seconds * share))
    impulse *= np.minimum(1.0, t / 0.012) * np.cos(0.5 * np.pi * t / t[-1]) ** 2
    for k in range(8):  # early reflections
        impulse[rng.integers(2), int((0.007 + 0.006 * k + 0.004 * rng.random()) * RATE)] += 4.0 * 0.82**k
    impulse /= np.sqrt(np.sum(impulse**2, axis=1, keepdims=True))
    wet = signal.oaconvolve(x, impulse, axes=-1)[:, : x.shape[1]]
    delay = int(before * RATE)
    return np.pad(wet, ((0, 0), (delay, 0)))[:, : x.shape[1]]


def _follow(level: np.ndarray, attack: float, release: float, hop: int) -> np.ndarray:
    """Gain reduction in dB (>= 0) with separate attack and release, on blocks of `hop` samples."""
    up, down = np.exp(-hop / (attack * RATE)), np.exp(-hop / (release * RATE))
    out, state = np.empty_like(level), 0.0
    for i, x in enumerate(level):
        state = x + (state - x) * (up if x > state else down)
        out[i] = state
    return out


def compressor_gain(x: np.ndarray, threshold: float, ratio: float, attack: float, release: float) -> np.ndarray:
    """Linear gain for every sample of (2, samples): threshold in dB of RMS, times in seconds, soft knee of 6 dB."""
    hop = 64
    blocks = -(-x.shape[1] // hop)
    power = np.pad(np.mean(x**2, axis=0), (0, blocks * hop - x.shape[1])).reshape(blocks, hop).mean(axis=1)
    power = ndimage.uniform_filter1d(power, 7)
    over = 10 * np.log10(power + 1e-9) - threshold
    over = np.where(np.abs(over) < 3, (over + 3) ** 2 / 12, np.maximum(over, 0.0))
    reduction = _follow(over * (1 - 1 / ratio), attack, release, hop)
    return 10 ** (-np.interp(np.arange(x.shape[1]), np.arange(blocks) * hop, reduction) / 20)


def limiter_gain(x: np.ndarray, ceiling: float) -> np.ndarray:
    """Linear gain that holds the peaks (4 times oversampled) of (2, samples) below `ceiling`, looking 5 ms ahead."""
    peak = np.max(np.abs(signal.resample_poly(x, 4, 1, axis=1)), axis=0).reshape(-1, 4).max(axis=1)[: x.shape[1]]
    wanted = np.minimum(1.0, ceiling / np.maximum(peak, 1e-9))
    width = int(0.005 * RATE) | 1
    held = ndimage.minimum_filter1d(wanted, 2 * width + 1)
    return ndimage.uniform_filter1d(ndimage.uniform_filter1d(held, width), width)


def loudness(x: np.ndarray) -> float:
    """Integrated loudness of (2, samples) in LUFS: ITU-R BS.1770-4, with its two gates."""
    weighted = x
    for f, q, db, kind in ((1681.974, 0.7072, 3.99984, "shelf"), (38.1355, 0.5003, 0.0, "high")):
        k = np.tan(np.pi * f / RATE)
        norm = 1 + k / q + k * k
        if kind == "shelf":
            vh, vb = 10 ** (db / 20), 10 ** (db / 20 * 0.4996667741545416)
            b = [(vh + vb * k / q + k * k) / norm, 2 * (k * k - vh) / norm, (vh - vb * k / q + k * k) / norm]
        else:
            b = [1.0, -2.0, 1.0]
        weighted = signal.lfilter(b, [1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm], weighted, axis=1)
    step = RATE // 10
    tenths = np.sum(weighted**2, axis=0)[: x.shape[1] // step * step].reshape(-1, step).mean(axis=1)
    blocks = np.convolve(tenths, np.ones(4) / 4, "valid")
    blocks = blocks[-0.691 + 10 * np.log10(blocks + 1e-12) > -70]
    gate = -0.691 + 10 * np.log10(blocks.mean()) - 10
    return -0.691 + 10 * np.log10(blocks[-0.691 + 10 * np.log10(blocks) > gate].mean())
