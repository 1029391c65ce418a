"""Electric piano, bells and strings: the instruments that hold the harmony."""

import numpy as np

from score import BEAT, EIGHTH, HOOK, chord_spans, hertz, section_of
from singer import RATE

VOICINGS = {"G": (55, 59, 62, 67), "Em": (55, 59, 64, 67), "C": (55, 60, 64, 67), "D": (57, 62, 66, 69)}
"""Close voicings that move by small steps."""


def _release(time: np.ndarray, seconds: float, fade: float) -> np.ndarray:
    return np.cos(0.5 * np.pi * np.clip((time - seconds) / fade, 0.0, 1.0)) ** 2


def electric_piano(midi: int, seconds: float, strength: float) -> np.ndarray:
    """Two-operator FM pairs (Chowning 1973): a warm body and the short ring of the tine."""
    time = np.arange(int((seconds + 0.25) * RATE)) / RATE
    f = 2 * np.pi * hertz(midi) * time
    body = np.sin(f + (0.5 + 1.3 * strength) * np.exp(-time / 0.45) * np.sin(f))
    tine = 0.22 * strength * np.exp(-time / 0.09) * np.sin(f + 0.6 * np.sin(14.0 * f)) * (midi < 90)
    second = 0.18 * np.exp(-time / 0.7) * np.sin(2.003 * f)
    decay = np.exp(-time / (1.9 - 0.012 * (midi - 55)))
    return strength * (body + tine + second) * decay * np.minimum(1.0, time / 0.004) * _release(time, seconds, 0.22)


def bell(midi: int, seconds: float, strength: float) -> np.ndarray:
    """A glockenspiel-like bar: the partials of a free bar, 1 : 2.756 : 5.404 (Fletcher & Rossing)."""
    time = np.arange(int((seconds + 1.2) * RATE)) / RATE
    f = 2 * np.pi * hertz(midi + 12) * time
    out = sum(
        a * np.exp(-time / d) * np.sin(r * f) for r, a, d in ((1, 1.0, 0.7), (2.756, 0.25, 0.22), (5.404, 0.10, 0.08))
    )
    return strength * out * np.minimum(1.0, time / 0.0015) * _release(time, seconds + 0.9, 0.3)


def string_note(midi: int, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """A section of five detuned bowed strings: soft sawtooths with slow attack, stereo."""
    time = np.arange(int((seconds + 0.5) * RATE)) / RATE
    out = np.zeros((2, len(time)))
    for player in range(5):
        f = hertz(midi + 0.09 * (player - 2) / 2)
        drift = 2 * np.pi * f * time + 0.5 * np.sin(2 * np.pi * rng.uniform(0.3, 0.9) * time + rng.uniform(0, 6))
        start = rng.uniform(0, 2 * np.pi)
        tone = sum(np.sin(k * (drift + start)) / k / (1 + (k * f / 1300.0) ** 2) for k in range(1, int(4500 / f)))
        pan = player / 4
        out += np.array([[np.cos(0.5 * np.pi * pan)], [np.sin(0.5 * np.pi * pan)]]) * tone
    swell = np.sin(0.5 * np.pi * np.minimum(1.0, time / 0.35)) ** 2
    return out * swell * _release(time, seconds, 0.45)


def _add(out: np.ndarray, tone: np.ndarray, start: float) -> None:
    at = max(0, int(start * RATE))
    n = min(tone.shape[-1], out.shape[-1] - at)
    out[..., at : at + n] += tone[..., :n]


def piano_part(length: int, rng: np.random.Generator) -> np.ndarray:
    """Chords on the electric piano with its slow stereo tremolo, shape (2, length)."""
    mono = np.zeros(length)
    for span in chord_spans():
        section = section_of(span.bar)
        if section == "ending":
            hits = [(0, 12, 1.0)]
        elif span.duration < 3 * BEAT:
            hits = [(0, 4, 0.8)]
        elif section == "chorus":
            hits = [(0, 3, 0.85), (3, 3, 0.7), (6, 2, 0.65)]
        else:
            hits = [(0, 5, 0.7), (5, 3, 0.5)]
        for eighth, eighths, strength in hits:
            for i, midi in enumerate(VOICINGS[span.name]):
                tone = electric_piano(midi, eighths * EIGHTH * 0.97, strength * rng.uniform(0.9, 1.0))
                _add(
                    mono, tone, span.start + eighth * EIGHTH + 0.006 * i * (section == "ending") + 0.003 * rng.random()
                )
    wave = 0.22 * np.sin(2 * np.pi * 4.6 * np.arange(length) / RATE)
    return mono * np.stack([1.0 + wave, 1.0 - wave])


def bell_part(length: int) -> np.ndarray:
    """The hook on the bells, mono."""
    out = np.zeros(length)
    for first, eighths, midi in HOOK:
        _add(out, bell(midi, eighths * EIGHTH, 0.8), first * EIGHTH)
    return out


def string_part(length: int, rng: np.random.Generator) -> np.ndarray:
    """Strings behind the chorus and the ending, shape (2, length)."""
    out = np.zeros((2, length))
    notes: dict[tuple[int, float], np.ndarray] = {}
    for span in chord_spans():
        if section_of(span.bar) not in ("chorus", "ending"):
            continue
        for midi in VOICINGS[span.name][:3]:
            key = (midi, round(span.duration, 3))
            if key not in notes:
                notes[key] = string_note(midi, span.duration, rng)
            _add(out, notes[key], span.start)
    return out
