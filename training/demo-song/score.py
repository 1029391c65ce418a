"""The song as data: tempo, form, chords, melody and words. Nothing here makes sound.

"Sing It to the Sea", G major, 100 beats a minute, 17 bars of 4/4:
intro (4), verse (4), chorus (8), last chord (1).
Pitches are MIDI note numbers (69 = A4 = 440 Hz), phonemes are ARPAbet, times are seconds.
"""

from dataclasses import dataclass

TITLE = "Sing It to the Sea"
ARTIST = "Unsung"
KEY = "G major"
BPM = 100
BEAT = 60 / BPM
EIGHTH = BEAT / 2
BAR = 4 * BEAT
BARS = 17
TAIL = 2.4
"""Seconds after the last bar, in which the last chord and the room ring out."""
SECONDS = BARS * BAR + TAIL

SECTIONS = (("intro", 0, 4), ("verse", 4, 4), ("chorus", 8, 8), ("ending", 16, 1))
"""(name, first bar, bars)."""

CHORDS = (
    (("G", 4),), (("Em", 4),), (("C", 4),), (("D", 4),),
    (("Em", 4),), (("C", 4),), (("G", 4),), (("D", 4),),
    (("G", 4),), (("D", 4),), (("Em", 4),), (("C", 4),),
    (("G", 4),), (("D", 4),), (("C", 2), ("D", 2)), (("G", 4),),
    (("G", 4),),
)  # fmt: skip
"""One entry a bar: (chord, beats) in order."""


@dataclass(frozen=True)
class Note:
    """One sung syllable."""

    text: str
    phonemes: str
    start: float
    duration: float
    midi: int
    harmony: int | None
    """Pitch of the second voice, or None where only the lead sings."""


@dataclass(frozen=True)
class Line:
    """One line of the words: a phrase sung on one breath."""

    section: str
    text: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class ChordSpan:
    name: str
    bar: int
    start: float
    duration: float


def _line(section: str, text: str, bar: int, syllables: str) -> Line:
    """Reads `text|PHONEMES|first eighth|eighths|midi[|harmony]`, one syllable a row."""
    notes = []
    for row in syllables.strip().splitlines():
        word, phonemes, first, length, midi, *harmony = (field.strip() for field in row.split("|"))
        notes.append(
            Note(
                word,
                phonemes,
                bar * BAR + int(first) * EIGHTH,
                int(length) * EIGHTH,
                int(midi),
                int(harmony[0]) if harmony else None,
            )
        )
    return Line(section, text, tuple(notes))


LINES = (
    _line("verse", "Morning light is on the sand,", 4, """
        Mor-  | M AO R   | 0 | 2 | 59
        ning  | N IH NG  | 2 | 1 | 57
        light | L AY T   | 3 | 2 | 59
        is    | IH Z     | 5 | 1 | 57
        on    | AA N     | 6 | 1 | 55
        the   | DH AH    | 7 | 1 | 52
        sand, | S AE N D | 8 | 5 | 55"""),
    _line("verse", "Waves are rolling in to land.", 6, """
        Waves | W EY V Z | 0 | 2 | 59
        are   | AA R     | 2 | 1 | 57
        rol-  | R OW     | 3 | 2 | 59
        ling  | L IH NG  | 5 | 1 | 62
        in    | IH N     | 6 | 1 | 60
        to    | T UW     | 7 | 1 | 59
        land. | L AE N D | 8 | 6 | 57"""),
    _line("chorus", "Sing, oh sing it to the sea,", 8, """
        Sing, | S IH NG  | 0 | 3 | 62 | 59
        oh    | OW       | 3 | 1 | 64 | 60
        sing  | S IH NG  | 4 | 1 | 62 | 59
        it    | IH T     | 5 | 1 | 59 | 55
        to    | T UW     | 6 | 1 | 57 | 54
        the   | DH AH    | 7 | 1 | 59 | 55
        sea,  | S IY     | 8 | 6 | 57 | 54"""),
    _line("chorus", "Let the light come home to me.", 10, """
        Let   | L EH T   | 0 | 2 | 59 | 55
        the   | DH AH    | 2 | 1 | 60 | 57
        light | L AY T   | 3 | 2 | 62 | 59
        come  | K AH M   | 5 | 1 | 59 | 55
        home  | HH OW M  | 6 | 1 | 55 | 52
        to    | T UW     | 7 | 1 | 57 | 54
        me.   | M IY     | 8 | 6 | 55 | 52"""),
    _line("chorus", "Sing, oh sing it all the day,", 12, """
        Sing, | S IH NG  | 0 | 3 | 62 | 59
        oh    | OW       | 3 | 1 | 64 | 60
        sing  | S IH NG  | 4 | 1 | 62 | 59
        it    | IH T     | 5 | 1 | 59 | 55
        all   | AO L     | 6 | 1 | 62 | 59
        the   | DH AH    | 7 | 1 | 64 | 60
        day,  | D EY     | 8 | 6 | 66 | 62"""),
    _line("chorus", "I am never far away.", 14, """
        I     | AY       | 0 | 3 | 64 | 60
        am    | AE M     | 3 | 1 | 62 | 59
        ne-   | N EH     | 4 | 1 | 62 | 57
        ver   | V ER     | 5 | 1 | 60 | 57
        far   | F AA R   | 6 | 1 | 57 | 54
        a-    | AH       | 7 | 1 | 54 | 57
        way.  | W EY     | 8 | 8 | 55 | 59"""),
)  # fmt: skip

HOOK = (
    (0, 3, 74), (3, 1, 76), (4, 1, 74), (5, 1, 71), (6, 1, 69), (7, 1, 71), (8, 6, 67),
    (16, 3, 72), (19, 1, 74), (20, 2, 76), (22, 2, 74), (24, 4, 69), (28, 4, 74),
    (128, 3, 74), (131, 1, 76), (132, 4, 74),
)  # fmt: skip
"""The bells' tune, (first eighth of the song, eighths, midi): the chorus's first line, foretold and recalled."""


def hertz(midi: float) -> float:
    """Equal temperament, A4 = 440 Hz."""
    return 440.0 * 2.0 ** ((midi - 69.0) / 12.0)


def chord_spans() -> list[ChordSpan]:
    """Every chord of the song with its time, in order."""
    spans = []
    for bar, chords in enumerate(CHORDS):
        start = bar * BAR
        for name, beats in chords:
            spans.append(ChordSpan(name, bar, start, beats * BEAT))
            start += beats * BEAT
    return spans


def section_of(bar: int) -> str:
    """The section that a bar (from 0) belongs to."""
    return next(name for name, first, count in SECTIONS if first <= bar < first + count)
