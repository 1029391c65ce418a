"""MUSDB18 (Rafii et al. 2017, doi 10.5281/zenodo.1117372) and MUSDB18-HQ (doi 10.5281/zenodo.3338373).

MUSDB18:    {train,test}/<Artist - Title>.stem.mp4, audio streams: 0 mixture, 1 drums, 2 bass, 3 other, 4 vocals.
MUSDB18-HQ: {train,test}/<Artist - Title>/{mixture,drums,bass,other,vocals}.wav.
The accompaniment is drums + bass + other, as in the set's own tools.
"""

from __future__ import annotations

from pathlib import Path

from ..library import Library, Song
from ..sources import sum_of, sum_of_streams
from .layout import folders, missing_stem, wrong_folder

BACKING = ("drums", "bass", "other")
VALID = frozenset((
    "Actions - One Minute Smile", "Clara Berry And Wooldog - Waltz For My Victims", "Johnny Lokke - Promises & Lies",
    "Patrick Talbot - A Reason To Leave", "Triviul - Angelsaint", "Alexander Ross - Goodbye Bolero",
    "Fergessen - Nos Palpitants", "Leaf - Summerghost", "Skelpolu - Human Mistakes", "Young Griffo - Pennies",
    "ANiMAL - Rockshow", "James May - On The Line", "Meaxic - Take A Step", "Traffic Experiment - Sirens",
))
"""Songs of train/ that the set's own tools (musdb 0.4) keep for validation."""


def _parts(root: Path, split: str) -> list[Path]:
    names = {"all": ("train", "test"), "test": ("test",)}.get(split, ("train",))
    return [root / name for name in names]


def _wanted(title: str, split: str) -> bool:
    return split not in ("train", "valid") or (title in VALID) == (split == "valid")


def load_stems(root: Path, split: str) -> Library:
    """MUSDB18. Raises DataError."""
    if not any(any((root / part).glob("*.stem.mp4")) for part in ("train", "test")):
        raise wrong_folder("musdb18", root, "train/ and test/ with files <Artist - Title>.stem.mp4")
    songs = []
    for part in _parts(root, split):
        for path in sorted(part.glob("*.stem.mp4")):
            title = path.name[: -len(".stem.mp4")]
            if _wanted(title, split):
                songs.append(Song("musdb18", title, sum_of_streams(path, (4,)), sum_of_streams(path, (1, 2, 3))))
    return Library(tuple(songs), {}, {})


def load_hq(root: Path, split: str) -> Library:
    """MUSDB18-HQ. Raises DataError, also when a song lacks a stem."""
    if not any(any((root / part).glob("*/vocals.wav")) for part in ("train", "test")):
        raise wrong_folder("musdb18hq", root, "train/ and test/ with folders <Artist - Title>/ of "
                           "mixture.wav, drums.wav, bass.wav, other.wav and vocals.wav")
    songs = []
    for part in _parts(root, split):
        for folder in folders(part):
            for stem in ("vocals", *BACKING):
                if not (folder / f"{stem}.wav").is_file():
                    raise missing_stem("musdb18hq", folder, f"{stem}.wav")
            if _wanted(folder.name, split):
                songs.append(Song("musdb18hq", folder.name, sum_of([folder / "vocals.wav"]),
                                  sum_of([folder / f"{stem}.wav" for stem in BACKING])))
    return Library(tuple(songs), {}, {})
