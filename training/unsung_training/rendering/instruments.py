"""The demo song's instruments (training/demo), and synthesisers with random sounds. Everything at 44.1 kHz, mono."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import signal

# The demo's files are a program of their own and import each other by their bare names.
sys.path.append(str(Path(__file__).resolve().parents[2] / "demo"))
import drums  # noqa: E402
import keys  # noqa: E402
import plucked  # noqa: E402
from score import hertz  # noqa: E402
from singer import RATE  # noqa: E402

Rng = np.random.Generator
# (MIDI note, seconds, strength) → samples.
Instrument = Callable[[int, float, float], np.ndarray]


def _saw(phase: np.ndarray, step: float) -> np.ndarray:
    """A sawtooth of phase in periods, its steps rounded off over one sample (PolyBLEP: Välimäki & Huovilainen 2007)."""
    p = phase % 1.0
    out = 2 * p - 1
    late, early = p < step, p > 1 - step
    x = p[late] / step
    out[late] -= 2 * x - x * x - 1
    x = (p[early] - 1) / step
    out[early] -= x * x + 2 * x + 1
    return out


def _envelope(count: int, attack: float, decay: float, sustain: float, release: float) -> np.ndarray:
    """Attack, decay to `sustain`, release at the end; seconds."""
    time = np.arange(count) / RATE
    level = sustain + (1 - sustain) * np.exp(-time / decay)
    ends = (count / RATE - time) / release
    return np.minimum(1.0, time / attack) * level * np.sin(0.5 * np.pi * np.clip(ends, 0, 1)) ** 2


def synthesiser(rng: Rng, kind: str) -> Instrument:
    """A subtractive synthesiser with a random patch for one part: bass, chords, pad, arpeggio or lead.

    One to five saw or pulse oscillators, a low-pass that closes (a cross-fade of two filters), an envelope, and for leads
    vibrato and a slide into the note, so that not everything which wavers is a voice.
    """
    slow, bass, lead = kind == "pad", kind == "bass", kind == "lead"
    unison = 1 if bass else int(rng.choice([1, 2, 3, 5]))
    detune = rng.uniform(2, 18)
    pulse = rng.uniform(0.1, 0.5) if rng.random() < 0.4 else 0.0
    sine = rng.uniform(0.0, 1.0) if rng.random() < 0.3 else 0.0
    octave = 0.5 * (rng.random() < 0.3)
    dark, bright = rng.uniform(1.5, 4), rng.uniform(4, 20)
    closing = rng.uniform(0.05, 0.6)
    attack = rng.uniform(0.15, 0.6) if slow else rng.uniform(0.002, 0.03)
    decay, sustain = rng.uniform(0.1, 0.9), rng.uniform(0.5, 0.9) if slow or lead else rng.uniform(0.0, 0.8)
    release = rng.uniform(0.3, 0.9) if slow else rng.uniform(0.03, 0.2)
    vibrato, vibrato_hertz = (rng.uniform(0, 0.5), rng.uniform(4.2, 6.8)) if lead else (0.0, 5.0)
    slide = rng.uniform(0, 2.5) * (rng.random() < 0.5) if lead else 0.0

    def play(midi: int, seconds: float, strength: float) -> np.ndarray:
        count = int((seconds + release) * RATE)
        time = np.arange(count) / RATE
        bend = vibrato * np.clip((time - 0.2) / 0.3, 0, 1) * np.sin(2 * np.pi * vibrato_hertz * time)
        bend -= slide * np.exp(-time / 0.04)
        out = np.zeros(count)
        for voice in range(unison):
            cents = detune * (voice - (unison - 1) / 2)
            f = hertz(midi + cents / 100) * 2 ** (bend / 12)
            phase = np.cumsum(f) / RATE + rng.random()
            step = float(f[-1]) / RATE
            wave = _saw(phase, step) - (_saw(phase + pulse, step) if pulse else 0.0)
            out += (1 - 0.7 * sine) * wave + sine * np.sin(2 * np.pi * phase)
            out += octave * np.sin(np.pi * phase)
        low, high = (signal.lfilter(*signal.butter(2, 2 * min(0.45, hertz(midi) * times / RATE)), out)
                     for times in (dark, bright))
        share = np.exp(-time / closing) * strength
        sound = high * share + low * (1 - share)
        return strength * sound / np.sqrt(unison) * _envelope(count, attack, decay, sustain, release)

    return play


def organ(rng: Rng) -> Instrument:
    """Nine drawbars at random, with a rotating loudspeaker's tremolo."""
    bars = rng.uniform(0, 1, 9) * (rng.random(9) < 0.7)
    bars[2] = 1.0
    speed, depth = rng.uniform(0.7, 6.5), rng.uniform(0, 0.3)
    ratios = (0.5, 1.5, 1, 2, 3, 4, 5, 6, 8)

    def play(midi: int, seconds: float, strength: float) -> np.ndarray:
        count = int((seconds + 0.03) * RATE)
        time = np.arange(count) / RATE
        out = sum(bar * np.sin(2 * np.pi * ratio * hertz(midi) * time)
                  for bar, ratio in zip(bars, ratios) if ratio * hertz(midi) < 15000)
        out = out * (1 + depth * np.sin(2 * np.pi * speed * time))
        return 0.4 * strength * out * _envelope(count, 0.006, 1.0, 1.0, 0.025)

    return play


def string(rng: Rng, brightness: float) -> Instrument:
    """The demo's plucked string; `brightness` 0 to 1."""
    def play(midi: int, seconds: float, strength: float) -> np.ndarray:
        sound = 0.35 * strength * plucked.string(midi, max(0.3, min(2.5, seconds + 0.1)), brightness, rng)
        tail = min(len(sound), RATE // 20)
        sound[-tail:] *= np.linspace(1, 0, tail)
        return sound

    return play


def _bowed(rng: Rng) -> Instrument:
    return lambda midi, seconds, strength: 0.15 * strength * keys.string_note(midi, seconds, rng).mean(axis=0)


def instrument(part: str, rng: Rng) -> Instrument:
    """A random instrument that can play the part."""
    brightness = float(rng.uniform(0.2, 0.9))
    choices: dict[str, tuple[Instrument, ...]] = {
        "bass": (plucked.bass_note, string(rng, 0.4 * brightness), synthesiser(rng, "bass")),
        "chords": (keys.electric_piano, organ(rng), synthesiser(rng, "chords"), string(rng, brightness)),
        "pad": (_bowed(rng), synthesiser(rng, "pad"), organ(rng)),
        "arpeggio": (synthesiser(rng, "arpeggio"), string(rng, brightness), keys.bell, keys.electric_piano),
        "lead": (synthesiser(rng, "lead"), synthesiser(rng, "lead"), keys.bell, string(rng, brightness),
                 keys.electric_piano),
    }
    return choices[part][int(rng.integers(len(choices[part])))]


def _clap(rng: Rng) -> np.ndarray:
    time = np.arange(int(0.3 * RATE)) / RATE
    noise = signal.sosfilt(signal.butter(2, (900, 6000), "bandpass", fs=RATE, output="sos"), rng.standard_normal(len(time)))
    bursts = sum(np.exp(-np.maximum(time - at, 0) / 0.006) * (time >= at) for at in (0.0, 0.011, 0.021))
    return noise * (bursts + 0.6 * np.exp(-time / 0.09))


def drum_kit(rng: Rng) -> dict[str, np.ndarray]:
    """One sample of each drum of the demo's kit, tuned, driven and shortened at random."""
    made = {
        "kick": drums.kick(), "snare": drums.snare(rng), "rim": drums.rim(rng), "clap": _clap(rng),
        "closed": drums.hat(rng, rng.uniform(0.02, 0.06)), "open": drums.hat(rng, rng.uniform(0.1, 0.3)),
        "crash": drums.crash(rng), "high tom": drums.tom(rng.uniform(140, 200)), "low tom": drums.tom(rng.uniform(75, 125)),
        "shaker": drums.shaker(rng),
    }
    tuned = {}
    for name, sample in made.items():
        tuning = np.exp(rng.uniform(np.log(0.75), np.log(1.35)))
        places = np.arange(int(len(sample) / tuning)) * tuning
        sound = np.interp(places, np.arange(len(sample)), sample)
        drive = rng.uniform(0.5, 4.0)
        sound = np.tanh(drive * sound) / drive
        sound *= np.exp(-np.arange(len(sound)) / RATE / rng.uniform(0.1, 1.5))
        tuned[name] = sound / (np.abs(sound).max() + 1e-9) * drums.LEVELS.get(name, 0.5)
    return tuned
