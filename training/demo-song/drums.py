"""The drum kit: every stroke is made of tones, noise and envelopes; the patterns are at the end."""

import numpy as np
from scipy import signal

from score import BAR, BARS, EIGHTH, section_of
from singer import RATE


def _time(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE)) / RATE


def _band(noise: np.ndarray, low: float, high: float) -> np.ndarray:
    return signal.sosfilt(signal.butter(2, (low, high), "bandpass", fs=RATE, output="sos"), noise)


def _end(x: np.ndarray) -> np.ndarray:
    """Fades the last 5 ms, so that no stroke ends in a step."""
    x[-220:] *= np.linspace(1.0, 0.0, 220)
    return x


def kick() -> np.ndarray:
    t = _time(0.38)
    phase = 2 * np.pi * (48.0 * t + 110.0 * 0.028 * (1 - np.exp(-t / 0.028)) + 400 * 0.004 * (1 - np.exp(-t / 0.004)))
    return _end(np.tanh(1.6 * np.sin(phase) * np.exp(-t / 0.13) * np.minimum(1.0, t / 0.001)))


def snare(rng: np.random.Generator) -> np.ndarray:
    t = _time(0.32)
    head = np.sin(2 * np.pi * 186 * t + 2.0 * np.exp(-t / 0.01)) * np.exp(-t / 0.075) + 0.5 * np.sin(
        2 * np.pi * 331 * t
    ) * np.exp(-t / 0.05)
    wires = _band(rng.standard_normal(len(t)), 1800, 9500) * (np.exp(-t / 0.075) + 0.35 * np.exp(-t / 0.012))
    return _end(0.55 * head + 0.75 * wires) * np.minimum(1.0, t / 0.0008)


def rim(rng: np.random.Generator) -> np.ndarray:
    t = _time(0.12)
    tones = np.sin(2 * np.pi * 1720 * t) * np.exp(-t / 0.012) + 0.7 * np.sin(2 * np.pi * 480 * t) * np.exp(-t / 0.02)
    return _end(0.7 * tones + 0.25 * _band(rng.standard_normal(len(t)), 900, 5000) * np.exp(-t / 0.015)) * np.minimum(
        1.0, t / 0.0006
    )


def hat(rng: np.random.Generator, decay: float) -> np.ndarray:
    """Six inharmonic square-like tones and noise, high-passed: closed or open by its decay."""
    t = _time(min(0.9, 7 * decay))
    tones = sum(
        np.sin(2 * np.pi * f * t + 3 * np.sin(2 * np.pi * f * 1.483 * t)) for f in (3137.0, 4211.0, 5390.0, 6203.0)
    )
    sound = signal.sosfilt(
        signal.butter(3, 6500, "highpass", fs=RATE, output="sos"), 0.35 * tones + rng.standard_normal(len(t))
    )
    return _end(0.5 * sound * np.exp(-t / decay)) * np.minimum(1.0, t / 0.001)


def crash(rng: np.random.Generator) -> np.ndarray:
    t = _time(2.6)
    noise = rng.standard_normal(len(t))
    return _end(
        0.5 * (_band(noise, 3000, 14000) * np.exp(-t / 0.75) + 0.6 * _band(noise, 900, 3500) * np.exp(-t / 0.3))
    ) * np.minimum(1.0, t / 0.002)


def tom(hertz: float) -> np.ndarray:
    t = _time(0.4)
    return _end(
        np.sin(2 * np.pi * (hertz * t + 0.35 * hertz * 0.04 * (1 - np.exp(-t / 0.04))))
        * np.exp(-t / 0.14)
        * np.minimum(1.0, t / 0.002)
    )


def shaker(rng: np.random.Generator) -> np.ndarray:
    t = _time(0.14)
    return _end(0.4 * _band(rng.standard_normal(len(t)), 5000, 12000) * np.sin(np.pi * np.clip(t / 0.11, 0, 1)) ** 2)


def _pattern(bar: int) -> list[tuple[str, float, float]]:
    """One bar as (drum, eighth, strength)."""
    section = section_of(bar)
    if section == "ending":
        return [("kick", 0, 1.0), ("crash", 0, 0.9)]
    hits: list[tuple[str, float, float]] = [("shaker", e / 2, 0.9 if e % 4 == 2 else 0.55) for e in range(16)]
    if bar < 2:
        return hits
    last = bar in (3, 7)
    if section in ("intro", "verse"):
        hits += [("kick", 0, 0.9), ("kick", 3, 0.6), ("kick", 4, 0.75), ("rim", 2, 0.8), ("rim", 6, 0.8)]
        hits += [("closed", e, 0.75 if e % 2 == 0 else 0.5) for e in range(8)]
    else:
        hits += [
            ("kick", 0, 1.0),
            ("kick", 3, 0.8),
            ("kick", 4, 0.6),
            ("kick", 5, 0.7),
            ("snare", 2, 1.0),
            ("snare", 6, 1.0),
        ]
        hits += [("open" if e == 7 else "closed", e, 0.8 if e % 2 == 0 else 0.55) for e in range(8)]
        if bar in (8, 12):
            hits.append(("crash", 0, 0.8))
        if bar == 15:
            hits += [("snare", 7, 0.6), ("snare", 7.5, 0.8)]
    if last:
        hits = [h for h in hits if h[1] < 5 or h[0] == "shaker"]
        hits += [
            ("snare", 5, 0.5),
            ("snare", 5.5, 0.6),
            ("high tom", 6, 0.8),
            ("high tom", 6.5, 0.7),
            ("low tom", 7, 0.9),
            ("low tom", 7.5, 0.8),
        ]
    return hits


PLACES = {
    "kick": 0.5,
    "snare": 0.53,
    "rim": 0.55,
    "closed": 0.68,
    "open": 0.68,
    "crash": 0.3,
    "high tom": 0.35,
    "low tom": 0.7,
    "shaker": 0.22,
}
"""Where each drum stands, 0 left to 1 right."""
LEVELS = {
    "kick": 1.0,
    "snare": 0.62,
    "rim": 0.45,
    "closed": 0.20,
    "open": 0.17,
    "crash": 0.35,
    "high tom": 0.6,
    "low tom": 0.7,
    "shaker": 0.22,
}


def kit(length: int, rng: np.random.Generator) -> np.ndarray:
    """The whole drum part, shape (2, length)."""
    out = np.zeros((2, length))
    make = {
        "kick": kick,
        "snare": lambda: snare(rng),
        "rim": lambda: rim(rng),
        "closed": lambda: hat(rng, 0.035),
        "open": lambda: hat(rng, 0.16),
        "crash": lambda: crash(rng),
        "high tom": lambda: tom(165),
        "low tom": lambda: tom(105),
        "shaker": lambda: shaker(rng),
    }
    for bar in range(BARS):
        for name, eighth, strength in _pattern(bar):
            stroke = make[name]() * LEVELS[name] * strength * rng.uniform(0.92, 1.03)
            late = 0.0 if name in ("kick", "snare", "crash") else 0.003 * abs(rng.standard_normal())
            at = int((bar * BAR + eighth * EIGHTH + late) * RATE)
            angle = 0.5 * np.pi * PLACES[name]
            n = min(len(stroke), length - at)
            out[0, at : at + n] += np.cos(angle) * stroke[:n]
            out[1, at : at + n] += np.sin(angle) * stroke[:n]
    return out
