"""The singing voice: glottal harmonics and noise through a vocal tract of resonances.

The voiced part is a sum of harmonics whose complex amplitudes are the glottal pulse's spectrum times the tract's
transfer function at that frequency: a cascade formant synthesiser (Klatt 1980) without aliasing and without clicks,
as every amplitude moves in straight lines between frames and the phase never jumps.
"""

import numpy as np

from glottis import HARMONICS, RD_GRID, harmonic_table
from phonemes import NOISES
from singer import FRAME, RATE, Noise, Tracks

TOP = 16500.0
"""No harmonics above this frequency, in Hz."""
_BLOCK = 512
"""Frames rendered at a time: bounds the memory."""


def _resonance(s: np.ndarray, frequency: np.ndarray, bandwidth: np.ndarray) -> np.ndarray:
    """Second-order resonance of gain 1 at 0 Hz; `s` is j·2π·Hz, shape (frames, frequencies)."""
    pole = (2 * np.pi * frequency) ** 2 + (np.pi * bandwidth) ** 2
    pole = pole[:, None]
    return pole / (s * s + s * (2 * np.pi * bandwidth)[:, None] + pole)


def tract(t: Tracks, rows: slice, hertz: np.ndarray) -> np.ndarray:
    """Transfer function of the vocal tract at `hertz`, shape (frames, frequencies), complex."""
    s = 2j * np.pi * hertz
    h = np.ones_like(s)
    for i in range(t.formants.shape[1]):
        h = h * _resonance(s, t.formants[rows, i], t.bandwidths[rows, i])
    ones = np.ones(len(hertz))
    spacing = t.formants[rows, 4] / 4.45
    for i in range(6, 21):  # the resonances above the fifth, without which the treble would be missing
        h = h * _resonance(s, (i - 0.5) * spacing, (220.0 + 40.0 * (i - 5)) * ones)
    # Presence, as of a close microphone: +7 dB at 5 kHz, +13 dB at 8 kHz.
    h = h * ((s + 2 * np.pi * 4600.0) / (0.4 * s + 2 * np.pi * 4600.0)) ** 3
    # A nasal's side branch: a zero within a wide pole, as deep as the velum is open.
    zero = t.zero[rows]
    deep = _resonance(s, zero, 700.0 - 620.0 * t.zero_depth[rows])
    return h * _resonance(s, zero, 700.0 * ones) / deep


def _ear(hertz: np.ndarray) -> np.ndarray:
    """Rough loudness weight of power, 0 to 1: less below 400 Hz."""
    return hertz**2 / (hertz**2 + 400.0**2)


def _glottis(rd: np.ndarray, table: np.ndarray, count: int) -> np.ndarray:
    """Harmonics of the source, interpolated between the rows of the table, shape (frames, count)."""
    x = np.clip((rd - RD_GRID[0]) / (RD_GRID[1] - RD_GRID[0]), 0, len(RD_GRID) - 1.001)
    i = x.astype(int)
    part = (x - i)[:, None]
    return table[i, :count] * (1 - part) + table[i + 1, :count] * part


def _rise(x: np.ndarray) -> np.ndarray:
    """Track to samples, by straight lines: shape (frames + 1, …) to (frames · FRAME, …)."""
    ramp = np.arange(FRAME, dtype=np.float32) / FRAME
    return (x[:-1, None] + (x[1:] - x[:-1])[:, None] * ramp.reshape((1, -1) + (1,) * (x.ndim - 1))).reshape(
        (-1,) + x.shape[1:]
    )


def _loudness(t: Tracks, table: np.ndarray) -> np.ndarray:
    """Gain of each frame that gives every sound the same weighted power at voice = 1."""
    out = np.ones(len(t.f0))
    for a in range(0, len(out), _BLOCK):
        rows = slice(a, min(a + _BLOCK, len(out)))
        k = np.arange(1, 41)
        hertz = t.calm_f0[rows, None] * k
        power = np.abs(_glottis(t.rd[rows], table, 40) * tract(t, rows, hertz)) ** 2
        out[rows] = 1.0 / np.sqrt(np.sum(power * _ear(hertz), axis=1))
    return out


def _voiced(t: Tracks, gain: np.ndarray, phase: np.ndarray, table: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The sum of harmonics; `phase` is that of the fundamental at every sample, 0 where the glottis closes."""
    frames = len(t.f0) - 1
    out = np.zeros(frames * FRAME, dtype=np.float32)
    # Upper harmonics of a voice are as much noise as tone.
    shake = rng.standard_normal((frames + 1, HARMONICS, 2), dtype=np.float32) @ np.array(
        [0.7, 0.7j], dtype=np.complex64
    )
    for a in range(0, frames, _BLOCK):
        b = min(a + _BLOCK, frames)
        rows = slice(a, b + 1)
        if t.voice[rows].max() < 1e-4:
            continue
        count = min(HARMONICS, int(TOP / t.f0[rows].min()))
        hertz = t.f0[rows, None] * np.arange(1, count + 1)
        h = tract(t, rows, hertz) * _glottis(t.rd[rows], table, count)
        h *= 1.0 + 0.55 * np.clip((hertz - 1800.0) / 6000.0, 0.0, 1.0) * shake[rows, :count]
        h *= np.clip((TOP - hertz) / 2500.0, 0.0, 1.0) * (gain[rows] * t.voice[rows])[:, None]
        turn = np.exp(1j * phase[a * FRAME : b * FRAME]).astype(np.complex64)
        z = turn.copy()
        for k in range(count):
            out[a * FRAME : b * FRAME] += (_rise(h[:, k].astype(np.complex64)) * z).real
            z *= turn
    return out


def _breath(t: Tracks, gain: np.ndarray, phase: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise of the air in the glottis, strongest just before it closes, through the moving tract."""
    frames, size = len(t.f0) - 1, 4 * FRAME
    noise = rng.standard_normal(frames * FRAME)
    open_ = 0.5 + 0.5 * np.cos(phase + 0.9)
    voiced = np.clip(_rise(t.voice / (t.voice + 3.0 * t.breath + 1e-9)), 0.0, 1.0)
    noise *= 1.0 - voiced * (1.0 - 1.6 * open_**2)
    padded = np.pad(noise, size)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    shape = np.sqrt(_ear(hertz)) * hertz / (hertz + 900.0) * np.clip((20000.0 - hertz) / 6000.0, 0.0, 1.0)
    window = np.hanning(size + 1)[:-1]
    out = np.zeros(len(padded) + size)
    for a in range(0, frames, _BLOCK):
        b = min(a + _BLOCK, frames)
        rows = slice(a, b)
        if t.breath[rows].max() < 1e-4:
            continue
        h = np.abs(tract(t, rows, np.tile(hertz, (b - a, 1)))) * shape
        h *= (t.breath[rows] / np.sqrt(np.mean(h**2 * _ear(hertz), axis=1)))[:, None]
        starts = (np.arange(a, b) * FRAME) + size // 2
        pieces = np.fft.irfft(np.fft.rfft(padded[starts[:, None] + np.arange(size)] * window) * h, size)
        for start, piece in zip(starts, pieces):
            out[start : start + size] += piece
    return 0.5 * out[size : size + frames * FRAME]


def _hiss(noises: list[Noise], length: int, rng: np.random.Generator) -> np.ndarray:
    """Friction and bursts: noise of a fixed spectrum under an envelope."""
    out = np.zeros(length)
    for event in noises:
        n = int(event.seconds * RATE)
        start = int(event.start * RATE)
        size = n + 1024
        hertz = np.fft.rfftfreq(size, 1 / RATE)
        spectrum = sum(
            10 ** (db / 20) * np.exp(-0.5 * ((hertz - centre) / (0.6 * width)) ** 2)
            for centre, width, db in NOISES[event.name]
        )
        noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * spectrum, size)[512 : 512 + n]
        time = np.arange(n) / RATE
        rise = np.clip(time / event.attack, 0.0, 1.0)
        fall = np.clip((event.seconds - time) / event.release, 0.0, 1.0)
        envelope = np.sin(0.5 * np.pi * rise) ** 2 * np.sin(0.5 * np.pi * fall) ** 2
        out[start : start + n] += 10 ** (event.level / 20) * noise / noise.std() * envelope
    return out


def sing(t: Tracks, seed: int) -> np.ndarray:
    """The voice as mono samples at RATE; an open vowel has a power of about 1/2 (weighted)."""
    rng = np.random.default_rng(seed)
    table = harmonic_table()
    gain = _loudness(t, table)
    phase = 2 * np.pi * np.cumsum(_rise(t.f0)) / RATE
    voiced = _voiced(t, gain, phase, table, rng)
    return voiced + _breath(t, gain, phase, rng) + _hiss(t.noises, len(voiced), rng)
