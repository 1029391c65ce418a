"""Finds position, speed and level of an instrumental version in the original, by cross-correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft, signal

from .warp import warp

RATE = 8000
"""Rate in hertz that `align` listens at."""
WINDOW = 4.0
"""Length of the excerpts of the original that are searched for in the instrumental, in seconds."""
MOST_WINDOWS = 24
LOWEST = 150.0
"""Hertz below which nothing is compared."""
CLEAR = 0.2
"""A window counts when its normalised cross-correlation peak reaches this: with the voice 10 dB over the rest, 0.3."""
TOLERANCE = 1e-3
"""Seconds by which a window's lag may miss the line and still agree with it."""
LARGEST_DRIFT = 3e-4
"""Two clocks differ by less than 100 millionths; more than three times that is another version or a tape's speed."""


class NotAligned(ValueError):
    """The two are not the same recording; the message says why."""


@dataclass(frozen=True)
class Alignment:
    """The original's time t (seconds) is the instrumental's time t + delay + drift·t; the instrumental times `gain` is
    what the original holds of it. `agreement` is the share of the clear windows that lie on that line."""

    delay: float
    drift: float
    gain: float
    agreement: float


def _peak(values: np.ndarray) -> tuple[float, float]:
    """Place, by a parabola through the largest magnitude and its neighbours, and signed height."""
    at = int(np.argmax(np.abs(values)))
    if not 0 < at < len(values) - 1:
        return float(at), float(values[at])
    before, here, after = (float(v) for v in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend else 0.0), here


def _windows(original: np.ndarray, instrumental: np.ndarray) -> list[tuple[float, float, float]]:
    """(centre in the original, lag, gain), in seconds, of every window that is clearly found in the instrumental."""
    # Without the lowest bass, whose peaks are broad; the treble stays as weak as it is, for a voice is strong there.
    high_pass = signal.butter(2, LOWEST, "highpass", fs=RATE, output="sos")
    x, y = signal.sosfilt(high_pass, original), signal.sosfilt(high_pass, instrumental)
    size = min(int(WINDOW * RATE), len(x))
    padded = fft.next_fast_len(len(y) + size, real=True)
    spectrum = fft.rfft(y, padded)
    energy = np.concatenate([np.zeros(size), np.cumsum(y.astype(np.float64) ** 2)])
    energy = np.concatenate([energy, np.full(size, energy[-1])])
    count = int(np.clip(2 * len(x) // size, 1, MOST_WINDOWS))
    found = []
    for start in np.linspace(0, len(x) - size, count).astype(int):
        piece = x[start : start + size]
        power = float(np.sum(piece.astype(np.float64) ** 2))
        if power < 1e-9 * size:
            continue
        correlation = fft.irfft(spectrum * np.conj(fft.rfft(piece, padded)), padded)
        # Lags −size + 1 … len(y) − 1: the window may hang over either end of the instrumental.
        correlation = np.concatenate([correlation[-size + 1 :], correlation[: len(y)]])
        first = -size + 1
        held = energy[size : size + len(correlation)] - energy[: len(correlation)]
        scaled = correlation / np.sqrt(power * np.maximum(held, 0.05 * held.max() + 1e-12))
        at, height = _peak(scaled)
        if abs(height) >= CLEAR:
            where = int(round(at))
            gain = float(correlation[where] / max(held[where], 1e-12))
            found.append(((start + size / 2) / RATE, (at + first - start) / RATE, gain))
    if len(found) < max(1, count // 3):
        raise NotAligned(f"only {len(found)} of {count} passages of the original are found in the instrumental")
    return found


def _line(times: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """Mask of the windows on the line (lag = delay + drift·time) that most agree with."""
    best = np.abs(lags - np.median(lags)) < TOLERANCE
    for i in range(len(times)):
        for j in range(i + 1, len(times)):
            slope = (lags[j] - lags[i]) / (times[j] - times[i])
            if abs(slope) <= 2 * LARGEST_DRIFT:
                near = np.abs(lags - lags[i] - slope * (times - times[i])) < TOLERANCE
                if near.sum() > best.sum():
                    best = near
    return best


def _gain(original: np.ndarray, moved: np.ndarray, time: float) -> float:
    """What the instrumental, moved into place, has to be multiplied by to explain the window around `time` best."""
    window = slice(max(0, int((time - WINDOW / 2) * RATE)), int((time + WINDOW / 2) * RATE))
    return float(np.dot(original[window], moved[window]) / max(np.dot(moved[window], moved[window]), 1e-12))


def align(original: np.ndarray, instrumental: np.ndarray) -> Alignment:
    """Both mono at RATE. Raises NotAligned when fewer than 60 % of the clear passages agree on one line, or when the
    two drift apart by more than LARGEST_DRIFT."""
    times, lags, gains = (np.array(column) for column in zip(*_windows(original, instrumental)))
    near = _line(times, lags)
    agreement = float(near.mean())
    if agreement < 0.6:
        raise NotAligned(f"only {agreement:.0%} of its passages lie where the instrumental has them")
    drift, delay = np.polyfit(times[near], lags[near], 1) if near.sum() > 2 else (0.0, float(np.median(lags[near])))
    if abs(drift) > LARGEST_DRIFT:
        raise NotAligned(f"it runs {abs(drift) * 100:.3f} % {'faster' if drift > 0 else 'slower'} than the instrumental")
    # Less than a tenth of a sample at 44.1 kHz over the song is no drift but the measurement's grain.
    if abs(drift) * len(original) / RATE < 2e-5:
        return Alignment(float(np.median(lags[near])), 0.0, float(np.median(gains[near])), agreement)
    # Drift within the windows has weakened their correlation, and so the gain: measured again where it is undone.
    moved = warp(instrumental[None], delay * RATE, 1 + drift, len(original))[0]
    gains = np.array([_gain(original, moved, time) for time in times[near]])
    return Alignment(float(delay), float(drift), float(np.median(gains)), agreement)
