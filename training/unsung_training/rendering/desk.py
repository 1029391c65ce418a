"""A piece of music to stereo sound: every part its instrument, place and level; a room, a compressor, a limit."""

from __future__ import annotations

import numpy as np
from scipy import signal

from ..effects.dynamics import compress
from .instruments import RATE, Instrument, drum_kit, instrument, string
from .music import Note, Piece, write_piece

# After the instruments, which put the demo's folder on the path.
from effects import pan, reverb  # isort: skip

Rng = np.random.Generator

LEVELS_DB = {"drums": (-6, 3), "bass": (-7, 1), "chords": (-12, -3), "pad": (-16, -6), "arpeggio": (-14, -5),
             "lead": (-12, -1), "strums": (-12, -3)}
"""RMS of each part while it plays, in decibels."""
TAIL = 1.5


def _add(out: np.ndarray, sound: np.ndarray, start: float) -> None:
    at = int(start * RATE)
    count = min(len(sound), out.shape[-1] - at)
    if count > 0:
        out[at : at + count] += sound[:count]


def _played(notes: tuple[Note, ...], play: Instrument, count: int) -> np.ndarray:
    """Mono. A note of the same pitch, length and (coarse) strength is rendered once."""
    out, known = np.zeros(count), {}
    for note in notes:
        key = (note.midi, round(note.seconds, 2), round(note.strength * 5))
        if key not in known:
            known[key] = play(note.midi, note.seconds, note.strength)
        _add(out, known[key], note.start)
    return out


def _strummed(piece: Piece, count: int, rng: Rng) -> np.ndarray:
    """Mono: strings one after the other, each stroke damping the one before."""
    out, play, known = np.zeros(count), string(rng, float(rng.uniform(0.2, 0.9))), {}
    ends = [*(strum[0] for strum in piece.strums[1:]), piece.seconds]
    for (start, seconds, notes, down), end in zip(piece.strums, ends):
        ring = max(0.08, min(seconds, end - start + 0.05, 2.0))
        for k, midi in enumerate(notes if down else notes[:1:-1]):
            if midi not in known:
                known[midi] = play(midi, 2.0, 0.9)
            sound = known[midi][: int(ring * RATE)].copy()
            tail = min(len(sound), 2200)
            sound[-tail:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, tail))
            _add(out, sound * 0.93**k * (0.9 if down else 0.65), start + 0.009 * k)
    return out


def _drummed(piece: Piece, count: int, rng: Rng) -> np.ndarray:
    """Stereo: each drum at its own random place, the kick in the middle."""
    kit = drum_kit(rng)
    places = {name: 0.5 if name == "kick" else float(np.clip(rng.normal(0.5, 0.15), 0.1, 0.9)) for name in kit}
    lanes = {name: np.zeros(count) for name in {stroke.drum for stroke in piece.strokes}}
    for stroke in piece.strokes:
        _add(lanes[stroke.drum], stroke.strength * kit[stroke.drum], stroke.start)
    return sum((pan(lane, places[name]) for name, lane in lanes.items()), np.zeros((2, count)))


def _levelled(sound: np.ndarray, decibels: float) -> np.ndarray:
    """To that RMS, measured where the sound is within 40 dB of its peak."""
    loud = np.abs(sound) > 0.01 * (np.abs(sound).max() + 1e-12)
    rms = np.sqrt(np.mean(sound[loud] ** 2)) if loud.any() else 1.0
    return sound * (10 ** (decibels / 20) / rms)


def _tilted(sound: np.ndarray, rng: Rng) -> np.ndarray:
    """Brighter or darker: some of a first-order low- or high-pass mixed in."""
    kind = "low" if rng.random() < 0.5 else "high"
    b, a = signal.butter(1, float(np.exp(rng.uniform(np.log(300), np.log(5000)))), kind, fs=RATE)
    return sound + rng.uniform(0, 1.5) * signal.lfilter(b, a, sound)


def render_piece(seconds: float, rng: Rng) -> np.ndarray:
    """(2, samples) float32 at 44.1 kHz, peak 0.9: a random piece of at most `seconds` and the ringing after it."""
    piece = write_piece(seconds, rng)
    count = int((seconds + TAIL) * RATE)
    stems = {name: _played(notes, instrument(name, rng), count) for name, notes in piece.parts.items() if notes}
    if piece.strums:
        stems["strums"] = _strummed(piece, count, rng)
    dry, send = np.zeros((2, count)), np.zeros((2, count))
    for name, sound in stems.items():
        place = 0.5 if name == "bass" else float(np.clip(rng.normal(0.5, 0.18), 0.05, 0.95))
        part = pan(_levelled(_tilted(sound, rng), rng.uniform(*LEVELS_DB[name])), place)
        dry += part
        send += part * (0.0 if name == "bass" else rng.uniform(0, 0.5))
    if piece.strokes:
        kit = _levelled(_drummed(piece, count, rng), rng.uniform(*LEVELS_DB["drums"]))
        dry += kit
        send += kit * rng.uniform(0, 0.25)
    mixed = dry + rng.uniform(0.2, 0.9) * reverb(send, rng.uniform(0.5, 2.2), rng.uniform(0.0, 0.03), rng)
    mixed = (mixed / (np.abs(mixed).max() + 1e-9)).astype(np.float32)
    level = 20 * np.log10(np.sqrt(np.mean(mixed**2)) + 1e-9)
    mixed = compress(mixed, level - rng.uniform(0, 6), rng.uniform(1.2, 4), 0.015, 0.15, RATE)
    return (0.9 * mixed / (np.abs(mixed).max() + 1e-9)).astype(np.float32)
