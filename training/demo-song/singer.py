"""A singer, and the tracks by which a singer's movements are handed to the synthesis."""

from dataclasses import dataclass, field

import numpy as np

RATE = 44100
FRAME = 128
"""Samples between two values of a track (2.9 ms)."""


@dataclass(frozen=True)
class Singer:
    """One singer: the size of the head and the habits of the throat."""

    seed: int
    tract: float = 1.07
    """Formants against an average man's: 1.07 is a light tenor, 1.17 an average woman."""
    second_voice: bool = False
    cents: float = 0.0
    vibrato_hertz: float = 5.5
    vibrato_semitones: float = 0.40
    looseness: float = 0.007
    """Standard deviation of the onsets, in seconds."""
    rd: tuple[tuple[str, float], ...] = (("verse", 1.05), ("chorus", 0.8))
    """Rd of the glottal pulse by section: lower is brighter and more pressed."""


@dataclass
class Noise:
    """A burst or hiss made at a narrowing of the mouth."""

    name: str
    start: float
    seconds: float
    level: float
    attack: float
    release: float


@dataclass
class Tracks:
    """All that the synthesis needs, one row a FRAME. Gains are linear, frequencies in Hz."""

    f0: np.ndarray
    calm_f0: np.ndarray
    """f0 without vibrato and jitter: what loudness is made equal at."""
    voice: np.ndarray
    breath: np.ndarray
    rd: np.ndarray
    formants: np.ndarray
    bandwidths: np.ndarray
    zero: np.ndarray
    zero_depth: np.ndarray
    noises: list[Noise] = field(default_factory=list)
