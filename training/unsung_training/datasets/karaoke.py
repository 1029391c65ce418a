"""Sets whose files hold the accompaniment on the left channel and the voice on the right: MIR-1K and iKala.

MIR-1K (Hsu & Jang 2010): Wavfile/<singer>_<song>_<clip>.wav, 1000 clips; UndividedWavfile/<singer>_<song>.wav, the
    110 songs that the clips were cut from, which are taken instead where they are there: songs have rests.
iKala (Chan et al. 2015): Wavfile/<song>_{chorus,verse}.wav, 252 excerpts of 30 s.
Neither was published with a split for training: a tenth of the singers (MIR-1K) or songs (iKala) is held out.
"""

from __future__ import annotations

from pathlib import Path

from ..library import Library, Song
from ..sources import channel
from .layout import in_split, wrong_folder


def _songs(group: str, paths: list[Path], split: str) -> Library:
    return Library(tuple(
        Song(group, path.stem, vocals=channel(path, 1), accompaniment=channel(path, 0))
        for path in paths if in_split(path.stem.split("_")[0], split)
    ), {}, {})


def load_mir1k(root: Path, split: str) -> Library:
    """Raises DataError."""
    paths = sorted((root / "UndividedWavfile").glob("*.wav")) or sorted((root / "Wavfile").glob("*.wav"))
    if not paths:
        raise wrong_folder("mir1k", root, "Wavfile/ or UndividedWavfile/ with stereo files <singer>_<song>….wav")
    return _songs("mir1k", paths, split)


def load_ikala(root: Path, split: str) -> Library:
    """Raises DataError."""
    paths = sorted((root / "Wavfile").glob("*.wav"))
    if not paths:
        raise wrong_folder("ikala", root, "Wavfile/ with stereo files <song>_chorus.wav and <song>_verse.wav")
    return _songs("ikala", paths, split)
