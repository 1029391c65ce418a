"""What each speech sound is made of: formant targets, voicing, noise. Data only.

Vowel formants: Peterson & Barney (1952), "Control methods used in a study of the vowels", table II, men.
Consonant targets, bandwidths and antiresonances: Klatt (1980), "Software for a cascade/parallel
formant synthesizer", table III; Fant (1960), "Acoustic theory of speech production"; rounded and
moved a little towards sung vowels (open, held first part of diphthongs).
"""

from dataclasses import dataclass

VOWELS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "IY": ((290, 2250, 2950),),
    "IH": ((400, 1950, 2550),),
    "EH": ((550, 1800, 2480),),
    "AE": ((690, 1680, 2430),),
    "AH": ((630, 1200, 2400),),
    "AA": ((740, 1120, 2450),),
    "AO": ((570, 860, 2420),),
    "UW": ((320, 1000, 2250),),
    "ER": ((490, 1330, 1720),),
    "EY": ((490, 1900, 2500), (340, 2200, 2750)),
    "AY": ((740, 1180, 2450), (400, 2000, 2600)),
    "OW": ((540, 960, 2400), (390, 800, 2300)),
}
"""F1, F2, F3 in Hz; diphthongs have a first (held) and a last target."""

VOWEL_LEVEL = {"IY": -1.5, "UW": -2.0, "IH": -1.0, "ER": -1.0}
"""dB against an open vowel, after the loudness of all sounds was made equal."""


@dataclass(frozen=True)
class Consonant:
    """Targets of one consonant; levels in dB against an open vowel of the same effort."""

    seconds: float
    formants: tuple[float, float, float] | None = None
    """Locus of F1, F2, F3; None takes those of the neighbouring vowel."""
    pull: float = 1.0
    """How far F2 and F3 go towards the locus (1) rather than stay with the vowel (0): locus equations."""
    voice: float = -99.0
    breath: float = -99.0
    """Noise from the glottis, shaped by the formants."""
    antiresonance: float = 0.0
    """Frequency of the nasal zero in Hz; 0 for none."""
    noise: str = ""
    """Name of the friction or burst spectrum in NOISES."""
    noise_level: float = -99.0
    closure: float = 0.0
    """Seconds of closed mouth at the start of a stop."""


CONSONANTS = {
    "M": Consonant(0.070, (270, 1050, 2200), 0.8, voice=-8, antiresonance=1000),
    "N": Consonant(0.062, (270, 1550, 2600), 0.7, voice=-8, antiresonance=1700),
    "NG": Consonant(0.080, (280, 1900, 2700), 0.5, voice=-9, antiresonance=3200),
    "L": Consonant(0.065, (370, 1050, 2800), 0.8, voice=-5),
    "R": Consonant(0.075, (400, 1120, 1600), 0.9, voice=-4),
    "W": Consonant(0.075, (310, 660, 2200), 0.95, voice=-6),
    "V": Consonant(0.058, (280, 1150, 2150), 0.6, voice=-9, noise="F", noise_level=-31),
    "Z": Consonant(0.078, (280, 1650, 2550), 0.6, voice=-12, noise="S", noise_level=-21),
    "DH": Consonant(0.048, (290, 1350, 2550), 0.6, voice=-9, noise="F", noise_level=-33),
    "S": Consonant(0.115, (330, 1700, 2600), 0.6, noise="S", noise_level=-13),
    "SH": Consonant(0.110, (330, 1850, 2600), 0.6, noise="SH", noise_level=-12),
    "F": Consonant(0.095, (340, 1100, 2150), 0.6, noise="F", noise_level=-22),
    "HH": Consonant(0.070, None, voice=-20, breath=-17),
    "T": Consonant(0.090, (330, 1750, 2650), 0.55, breath=-24, noise="T", noise_level=-11, closure=0.048),
    "K": Consonant(0.095, (330, 1600, 2300), 0.4, breath=-22, noise="K", noise_level=-9, closure=0.050),
    "D": Consonant(0.058, (270, 1750, 2650), 0.55, voice=-18, noise="T", noise_level=-19, closure=0.046),
}

NOISES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "S": ((6200, 1800, 0), (8800, 2800, -2), (4300, 900, -14), (12500, 4000, -12)),
    "SH": ((2700, 600, 0), (4300, 1500, -3), (6500, 2500, -10)),
    "F": ((1500, 1500, -10), (7500, 6000, 0), (3500, 3000, -6)),
    "T": ((4200, 1800, 0), (7000, 3000, -2), (2600, 900, -8)),
    "K": ((1800, 450, 0), (3900, 1500, -10), (6500, 3000, -18)),
    "inhale": ((1100, 500, -2), (1900, 700, 0), (3100, 900, -3), (5200, 2500, -9)),
}
"""Noise spectra as humps: (centre in Hz, width in Hz, dB)."""


def is_vowel(phoneme: str) -> bool:
    return phoneme in VOWELS
