"""Random music as data: key, tempo, chords, and the notes and strokes of each part. No sound here; times in seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Rng = np.random.Generator

SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10), "dorian": (0, 2, 3, 5, 7, 9, 10),
          "mixolydian": (0, 2, 4, 5, 7, 9, 10)}
# Degrees, from 0, of four or eight bars; common in pop, rock, folk and blues.
PROGRESSIONS = ((0, 4, 5, 3), (5, 3, 0, 4), (0, 5, 3, 4), (0, 3, 4, 4), (0, 3, 0, 4), (1, 4, 0, 0), (0, 6, 3, 0),
                (0, 6, 5, 4), (0, 2, 3, 4), (0, 0, 3, 3), (0, 5, 1, 4), (3, 4, 0, 5), (0, 4, 5, 2, 3, 0, 3, 4),
                (0, 0, 0, 0, 3, 3, 0, 4))


CHANCES = {"drums": 0.85, "bass": 0.85, "chords": 0.5, "strums": 0.4, "pad": 0.4, "arpeggio": 0.3, "lead": 0.5}
"""That a part plays in a section of eight bars."""


@dataclass(frozen=True)
class Note:
    start: float
    seconds: float
    midi: int
    strength: float


@dataclass(frozen=True)
class Stroke:
    start: float
    drum: str
    strength: float


@dataclass(frozen=True)
class Piece:
    """One piece: `parts` are notes by the part's name (bass, chords, pad, arpeggio, lead), strums are chords in `strums`."""

    seconds: float
    beat: float
    parts: dict[str, tuple[Note, ...]]
    strums: tuple[tuple[float, float, tuple[int, ...], bool], ...]
    """(start, seconds, notes, downwards)."""
    strokes: tuple[Stroke, ...]


def _chord(scale: tuple[int, ...], tonic: int, degree: int, size: int) -> tuple[int, ...]:
    """Stacked thirds on a degree of the scale, as MIDI notes from `tonic` on."""
    steps = [degree + 2 * k for k in range(size)]
    return tuple(tonic + 12 * (step // 7) + scale[step % 7] for step in steps)


def _into(notes: tuple[int, ...], low: int) -> tuple[int, ...]:
    """The notes in the octave above `low`: a close voicing."""
    return tuple(sorted(low + (note - low) % 12 for note in notes))


@dataclass(frozen=True)
class _Groove:
    """What stays the same through a section: on which sixteenths what falls."""

    kick: tuple[int, ...]
    snare: tuple[int, ...]
    snare_drum: str
    hats: tuple[int, ...]
    shaker: bool
    bass: tuple[int, ...]
    comping: tuple[int, ...]
    strums: tuple[int, ...]


def _groove(rng: Rng, steps: int) -> _Groove:
    half = steps // 2
    straight = rng.random() < 0.3
    loose = tuple(s for s in range(2, steps) if rng.random() < (0.28 if s % 2 == 0 else 0.06))
    kick = tuple(range(0, steps, 4)) if straight else (0, *loose)
    snare = (half,) if rng.random() < 0.2 else tuple(s for s in range(4, steps, 8))
    every, busy = int(rng.choice([1, 2, 2, 2, 4])), rng.choice([0.15, 0.4, 0.95])
    return _Groove(
        kick, snare, str(rng.choice(["snare", "snare", "snare", "rim", "clap"])), tuple(range(0, steps, every)),
        bool(rng.random() < 0.3),
        kick if rng.random() < 0.4 else tuple(s for s in range(0, steps, 2) if s == 0 or rng.random() < busy),
        tuple(s for s in range(0, steps, 2) if s == 0 or rng.random() < 0.25),
        tuple(s for s in range(0, steps, 2) if s % 4 == 0 or rng.random() < 0.5),
    )


class _Writer:
    """Writes one piece bar by bar; the state is the music so far."""

    def __init__(self, rng: Rng, seconds: float) -> None:
        self.rng = rng
        self.beat = 60.0 / float(np.exp(rng.uniform(np.log(66), np.log(172))))
        self.steps = 16 if rng.random() < 0.85 else 12
        self.step = self.beat / 4
        self.swing = float(rng.choice([0.0, 0.0, 0.0, rng.uniform(0.1, 0.35)]))
        self.scale = SCALES[str(rng.choice(list(SCALES), p=[0.4, 0.35, 0.125, 0.125]))]
        self.key = int(rng.integers(12))
        self.seventh = rng.random() < 0.3
        self.bars = max(1, int(seconds / (self.steps * self.step)))
        self.parts: dict[str, list[Note]] = {name: [] for name in ("bass", "chords", "pad", "arpeggio", "lead")}
        self.strums: list[tuple[float, float, tuple[int, ...], bool]] = []
        self.strokes: list[Stroke] = []
        self.melody = int(rng.integers(60, 76))

    def at(self, bar: int, step: float) -> float:
        late = self.swing * self.step * 2 / 3 if int(step) % 2 else 0.0
        return (bar * self.steps + step) * self.step + late + abs(float(self.rng.normal(0, 0.003)))

    def piece(self, seconds: float) -> Piece:
        rng = self.rng
        playing: dict[str, bool] = {}
        for bar in range(self.bars):
            if bar % 8 == 0:
                playing = {name: bool(rng.random() < chance) for name, chance in CHANCES.items()}
                if not any(playing[name] for name in ("chords", "strums", "pad", "arpeggio")):
                    playing["chords"] = True
                groove = _groove(rng, self.steps)
                progression = PROGRESSIONS[int(rng.integers(len(PROGRESSIONS)))]
            degree = progression[bar % len(progression)]
            following = progression[(bar + 1) % len(progression)]
            if playing["drums"]:
                self._drums(bar, groove, fill=bar % 8 == 7 or rng.random() < 0.05, crash=bar % 8 == 0)
            self._harmony(bar, degree, following, groove, playing)
            if playing["lead"]:
                self._lead(bar, degree)
        parts = {name: tuple(notes) for name, notes in self.parts.items()}
        return Piece(seconds, self.beat, parts, tuple(self.strums), tuple(self.strokes))

    def _drums(self, bar: int, groove: _Groove, fill: bool, crash: bool) -> None:
        rng, steps = self.rng, self.steps
        end = steps - 4 if fill else steps
        hits = [(s, "kick", 1.0 if s == 0 else 0.8) for s in groove.kick]
        hits += [(s, groove.snare_drum, 0.95) for s in groove.snare]
        hits += [(s, "open" if s % 8 == 6 and rng.random() < 0.15 else "closed", 0.9 if s % 4 == 0 else 0.6)
                 for s in groove.hats]
        hits += [(s, "snare", 0.25) for s in range(steps) if rng.random() < 0.04]
        hits += [(s, "shaker", 0.9 if s % 4 == 2 else 0.5) for s in range(steps)] if groove.shaker else []
        hits = [hit for hit in hits if hit[0] < end]
        if fill:
            drums = [str(rng.choice(["snare", "high tom", "low tom"])) for _ in range(4)]
            hits += [(end + k, drum, 0.6 + 0.1 * k) for k, drum in enumerate(drums) if rng.random() < 0.85]
        if crash and rng.random() < 0.7:
            hits.append((0, "crash", 0.8))
        self.strokes += [Stroke(self.at(bar, s), drum, strength * rng.uniform(0.85, 1.05)) for s, drum, strength in hits]

    def _harmony(self, bar: int, degree: int, following: int, groove: _Groove, playing: dict[str, bool]) -> None:
        rng, step, steps = self.rng, self.step, self.steps
        notes = _chord(self.scale, 48 + self.key, degree, 4 if self.seventh else 3)
        close = _into(notes, 52 + self.key % 5)
        whole = steps * step
        if playing["bass"]:
            root = 28 + (notes[0] - 28) % 12
            after = 28 + (_chord(self.scale, 48 + self.key, following, 1)[0] - 28) % 12
            places = (*groove.bass, steps)
            for here, there in zip(places, places[1:]):
                midi = root + int(rng.choice([0, 0, 0, 0, 12, 7]))
                if there == steps and here and rng.random() < 0.4:
                    midi = after + int(rng.choice([-1, 1, 2, -2]))
                strength = float(rng.uniform(0.8, 1.0))
                self.parts["bass"].append(Note(self.at(bar, here), (there - here) * step * 0.94, midi, strength))
        if playing["chords"]:
            for here, there in zip(groove.comping, (*groove.comping[1:], steps)):
                length = (there - here) * step * float(rng.choice([0.5, 0.95]))
                self.parts["chords"] += [Note(self.at(bar, here), length, midi, float(rng.uniform(0.6, 0.95)))
                                         for midi in close]
        if playing["pad"]:
            self.parts["pad"] += [Note(self.at(bar, 0), whole, midi + 12, 0.8) for midi in close[:3]]
        if playing["arpeggio"]:
            row = [*close, *(midi + 12 for midi in close)]
            order = rng.permutation(len(row)) if rng.random() < 0.3 else np.arange(len(row))
            for k, s in enumerate(range(0, steps, 2)):
                midi, strength = row[int(order[k % len(row)])], float(rng.uniform(0.6, 0.9))
                self.parts["arpeggio"].append(Note(self.at(bar, s), 2 * step, midi, strength))
        if playing["strums"]:
            upper = (n + octave for n in _into(notes, 45) for octave in (0, 12) if n + octave < 70)
            strings = tuple(sorted({40 + (notes[0] - 40) % 12, *upper}))[:6]
            for k, s in enumerate(groove.strums):
                self.strums.append((self.at(bar, s), whole - s * step, strings, k % 2 == 0))

    def _lead(self, bar: int, degree: int) -> None:
        """A tune as a singer might have it: steps, a few leaps, chord notes on the beat, rests between phrases."""
        rng, step = self.rng, self.step
        if bar % 4 == 3 and rng.random() < 0.6:
            return
        chord = {n % 12 for n in _chord(self.scale, 48 + self.key, degree, 3)}
        tones = {(self.key + s) % 12 for s in self.scale}
        s = 0
        while s < self.steps:
            length = int(rng.choice([1, 2, 2, 2, 4, 4, 6, 8]))
            if rng.random() < 0.78:
                wanted = self.melody + int(rng.choice([-5, -3, -2, -2, -1, 0, 1, 2, 2, 3, 4, 7]))
                allowed = chord if s % 4 == 0 else tones
                self.melody = min((m for m in range(55, 87) if m % 12 in allowed), key=lambda m: abs(m - wanted))
                strength = float(rng.uniform(0.7, 1.0))
                self.parts["lead"].append(Note(self.at(bar, s), length * step * 0.96, self.melody, strength))
            s += length


def write_piece(seconds: float, rng: Rng) -> Piece:
    """Whole bars of random music, not longer than `seconds` (one bar at least)."""
    return _Writer(rng, seconds).piece(seconds)
