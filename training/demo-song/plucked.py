"""The acoustic guitar (Karplus-Strong) and the bass (a filtered sawtooth)."""

import numpy as np
from scipy import signal

from score import BEAT, EIGHTH, chord_spans, hertz, section_of
from singer import RATE

SHAPES = {
    "G": (43, 47, 50, 55, 59, 67),
    "C": (48, 52, 55, 60, 64),
    "D": (50, 57, 62, 66),
    "Em": (40, 47, 52, 55, 59, 64),
}
"""Open guitar chords as MIDI notes, lowest string first."""

ROOTS = {"G": 43, "C": 36, "D": 38, "Em": 40}
STRUM = {0: (1, 1.0), 2: (1, 0.65), 3: (-1, 0.55), 5: (-1, 0.6), 6: (1, 0.75), 7: (-1, 0.5)}
"""Eighth of the bar: (1 down or -1 up, strength)."""


def string(midi: int, seconds: float, brightness: float, rng: np.random.Generator) -> np.ndarray:
    """A plucked string: Karplus & Strong (1983), tuned by Lagrange interpolation (Jaffe & Smith 1983)."""
    period = RATE / hertz(midi)
    soften = 0.12 + 0.16 * (1.0 - brightness)
    whole = int(period) - 2
    x = period - whole - 1.0  # the interpolator's share, between 1 and 2; the smoothing filter delays by 1
    lagrange = [
        -(x - 1) * (x - 2) * (x - 3) / 6,
        x * (x - 2) * (x - 3) / 2,
        -x * (x - 1) * (x - 3) / 2,
        x * (x - 1) * (x - 2) / 6,
    ]
    loss = 10 ** (-3.0 / (hertz(midi) * (3.2 - 0.025 * (midi - 40))))
    taps = loss * np.convolve(lagrange, [soften, 1.0 - 2 * soften, soften])
    feedback = np.zeros(whole + len(taps))
    feedback[0] = 1.0
    feedback[whole : whole + len(taps)] -= taps
    n = int(seconds * RATE)
    pluck = np.zeros(n)
    size = int(period)
    burst = rng.uniform(-1.0, 1.0, size)
    b, a = signal.butter(1, min(0.9, (1200.0 + 5500.0 * brightness) / (RATE / 2)))
    burst = signal.lfilter(b, a, burst - burst.mean())
    pluck[:size] = burst
    pick = int(0.17 * period)  # plucked at a sixth of the string: every sixth harmonic is weak
    pluck[pick : pick + size] -= burst
    out = signal.lfilter([1.0], feedback, pluck)
    b, a = signal.butter(1, 70.0 / (RATE / 2), "high")
    out = signal.lfilter(b, a, out)
    body = sum(
        g * signal.lfilter(*signal.iirpeak(f, q, RATE), out)
        for f, q, g in ((110, 3, 0.5), (215, 4, 0.5), (430, 5, 0.25))
    )
    return (out + body) / np.sqrt(np.mean(out[: RATE // 4] ** 2))


def guitar(length: int, rng: np.random.Generator) -> np.ndarray:
    """Two strummed guitars, left and right, shape (2, length)."""
    out = np.zeros((2, length))
    strings: dict[tuple[int, int, bool], np.ndarray] = {}

    def pluck(midi: int, side: int, soft: bool) -> np.ndarray:
        key = (midi, side, soft)
        if key not in strings:
            strings[key] = string(midi, 2.2, 0.3 if soft else 0.6, rng)
        return strings[key]

    for side in (0, 1):
        for span in chord_spans():
            section = section_of(span.bar)
            if side and section in ("intro", "verse"):
                continue
            first = round((span.start % (4 * BEAT)) / EIGHTH) % 8
            strokes = {0: (1, 1.0)} if section == "ending" else STRUM
            for eighth in range(first, first + round(span.duration / EIGHTH)):
                if eighth not in strokes or span.bar == 15 and eighth > 5:
                    continue
                way, strength = strokes[eighth]
                strength *= {"intro": 0.75, "verse": 0.6, "chorus": 0.9, "ending": 1.0}[section] * rng.uniform(
                    0.88, 1.05
                )
                shape = SHAPES[span.name]
                order = shape if way > 0 else shape[:1:-1]
                start = span.start + (eighth - first) * EIGHTH + 0.004 * rng.standard_normal()
                ring = span.start + span.duration + 0.05 - start if section != "ending" else 4.0
                for i, midi in enumerate(order):
                    at = max(0, int((start + i * (0.011 if way > 0 else 0.008)) * RATE))
                    tone = pluck(midi, side, strength < 0.5)
                    n = min(len(tone), length - at, int(ring * RATE))
                    damp = np.ones(n)
                    tail = min(n, 2600)
                    damp[n - tail :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, tail))
                    out[side, at : at + n] += strength * (0.9**i) * tone[:n] * damp
    near, far = out
    return np.stack([0.85 * near + 0.3 * far, 0.45 * near + 0.85 * far])


def bass_note(midi: int, seconds: float, strength: float) -> np.ndarray:
    """A sawtooth through a resonant low-pass that closes, made of harmonics so that nothing aliases."""
    time = np.arange(int(seconds * RATE)) / RATE
    cutoff = 240.0 + (500.0 + 600.0 * strength) * np.exp(-time / 0.16)
    f0 = hertz(midi)
    out = np.zeros_like(time)
    for k in range(1, int(2600 / f0)):
        ratio = k * f0 / cutoff
        out += np.sin(2 * np.pi * k * f0 * time) / k / np.sqrt((1 - ratio**2) ** 2 + (1.1 * ratio) ** 2)
    envelope = np.minimum(1.0, time / 0.006) * (0.65 + 0.35 * np.exp(-time / 0.3))
    envelope *= np.sin(0.5 * np.pi * np.clip((seconds - time) / 0.05, 0.0, 1.0)) ** 2
    return strength * np.tanh(0.9 * out) * envelope


def bass(length: int, rng: np.random.Generator) -> np.ndarray:
    """The bass line, mono."""
    out = np.zeros(length)
    spans = chord_spans()
    for span, after in zip(spans, [*spans[1:], None]):
        section = section_of(span.bar)
        if section == "intro" and span.bar < 2:
            continue
        root = ROOTS[span.name]
        walk = (
            root
            if after is None
            else ROOTS[after.name] + (2 if ROOTS[after.name] < root else -1 if ROOTS[after.name] > root else 7)
        )
        if section == "ending":
            pattern = [(0, 12, root)]
        elif span.duration < 3 * BEAT:
            pattern = [(0, 3, root), (3, 1, root + 12)]
        elif section == "chorus":
            pattern = [(0, 2, root), (2, 1, root), (3, 2, root), (5, 1, root + 12), (6, 1, root), (7, 1, walk)]
        else:
            pattern = [(0, 3, root), (3, 3, root), (6, 2, root + 7 if span.name != "D" else root + 12)]
        for eighth, eighths, midi in pattern:
            strength = (1.0 if eighth == 0 else 0.82) * rng.uniform(0.92, 1.0)
            tone = bass_note(midi, eighths * EIGHTH * 0.96, strength)
            at = int((span.start + eighth * EIGHTH) * RATE)
            n = min(len(tone), length - at)
            out[at : at + n] += tone[:n]
    return out
