"""CCMixter (Liutkus et al. 2014, kernel additive modelling): <song>/mix.wav, source-01.wav (instrumental), source-02.wav
(vocals). There is no published split: a tenth of the songs is held out."""

from __future__ import annotations

from pathlib import Path

from ..library import Library, Song
from .layout import folders, in_split, missing_stem, wrong_folder

INSTRUMENTAL, VOCALS = "source-01.wav", "source-02.wav"


def load(root: Path, split: str) -> Library:
    """Raises DataError, also when a song lacks a source."""
    found = [folder for folder in folders(root) if any(folder.glob("source-0*.wav"))]
    if not found:
        raise wrong_folder("ccmixter", root, f"a folder for each song with mix.wav, {INSTRUMENTAL} and {VOCALS}")
    for folder in found:
        for stem in (INSTRUMENTAL, VOCALS):
            if not (folder / stem).is_file():
                raise missing_stem("ccmixter", folder, stem)
    return Library(tuple(
        Song("ccmixter", folder.name, folder / VOCALS, folder / INSTRUMENTAL)
        for folder in found if in_split(folder.name, split)
    ), {}, {})
