"""DSD100 (Liutkus et al., SiSEC 2016).

Mixtures/{Dev,Test}/<NNN - Artist - Title>/mixture.wav, Sources/{Dev,Test}/<the same>/{bass,drums,other,vocals}.wav.
The mixture is the sum of the sources; only Sources/ is read. Dev is to train on, Test is `valid` and `test`.
"""

from __future__ import annotations

from pathlib import Path

from ..library import Library, Song
from ..sources import sum_of
from .layout import folders, missing_stem, wrong_folder

BACKING = ("bass", "drums", "other")


def load(root: Path, split: str) -> Library:
    """Raises DataError, also when a song lacks a source."""
    sources = root / "Sources"
    if not any(any((sources / part).glob("*/vocals.wav")) for part in ("Dev", "Test")):
        raise wrong_folder("dsd100", root, "Mixtures/ and Sources/, each with Dev/ and Test/, and in "
                           "Sources/Dev/<song>/ bass.wav, drums.wav, other.wav and vocals.wav")
    songs = []
    for part in {"train": ("Dev",), "all": ("Dev", "Test")}.get(split, ("Test",)):
        for folder in folders(sources / part):
            for stem in ("vocals", *BACKING):
                if not (folder / f"{stem}.wav").is_file():
                    raise missing_stem("dsd100", folder, f"{stem}.wav")
            songs.append(Song("dsd100", folder.name, sum_of([folder / "vocals.wav"]),
                              sum_of([folder / f"{stem}.wav" for stem in BACKING])))
    return Library(tuple(songs), {}, {})
