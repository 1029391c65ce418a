"""Pairs of an original and its instrumental version: <song>/original.<ext> and <song>/instrumental.<ext>.

As the paper's data was made (section 3.1): the vocals are what the original's magnitude has more than the instrumental's,
the half-wave rectified difference, with the original's phase. Before that the instrumental is moved, stretched and
scaled to where it lies in the original (alignment.py). A pair that does not fit is left out, and the log says why.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy import signal

from ..decode import decode
from ..library import AUDIO, Library, Song
from ..sources import HEADROOM, identity, label
from .alignment import RATE, Alignment, NotAligned, align
from .layout import DataError, folders, in_split, wrong_folder
from .warp import warp

log = logging.getLogger(__name__)


def difference(original: np.ndarray, instrumental: np.ndarray, rate: int) -> np.ndarray:
    """(channels, samples) twice → what of the first's magnitude the second does not explain, with the first's phase.

    Hann windows of 46 to 93 ms at a quarter of their length.
    """
    size = 1 << int(np.ceil(np.log2(0.0464 * rate)))
    # Hops of a quarter of the window, zeros around: scipy's inverse is exact for an unchanged spectrum.
    settings = {"nperseg": size, "noverlap": size * 3 // 4, "window": "hann"}
    first = signal.stft(original, **settings)[2]
    second = signal.stft(instrumental, **settings)[2]
    magnitude = np.abs(first)
    left = np.maximum(0.0, magnitude - np.abs(second)) / np.maximum(magnitude, 1e-9)
    return signal.istft(first * left, **settings)[1][:, : original.shape[1]].astype(np.float32)


@dataclass(frozen=True)
class PairStem:
    """One of the two stems of a pair: `stem` is vocals or accompaniment. Their sum is nearly the original."""

    original: Path
    instrumental: Path
    alignment: Alignment
    stem: str

    def identity(self) -> str:
        return f"pair:{identity(self.original)}:{identity(self.instrumental)}:{self.alignment}:{self.stem}"

    def label(self) -> str:
        return label(self.original)

    def samples(self, rate: int) -> np.ndarray:
        sound, backing = decode(self.original, rate), decode(self.instrumental, rate)
        where = self.alignment
        backing = where.gain * warp(backing, where.delay * rate, 1.0 + where.drift, sound.shape[1])
        # A mono instrumental is compared with either side; a mono original with the middle.
        backing = np.repeat(backing, len(sound), axis=0) if len(backing) < len(sound) else backing
        backing = backing.mean(axis=0, keepdims=True) if len(backing) > len(sound) else backing
        return HEADROOM * (difference(sound, backing, rate) if self.stem == "vocals" else backing.astype(np.float32))


def _file(folder: Path, name: str) -> Path | None:
    return next((p for p in sorted(folder.glob(f"{name}.*")) if p.suffix.lower() in AUDIO), None)


def measure(original: Path, instrumental: Path) -> Alignment:
    """Raises NotAligned."""
    return align(*(decode(path, RATE, channels=1)[0] for path in (original, instrumental)))


class _Notes:
    """What was measured before, so that a thousand pairs are not measured at every start."""

    def __init__(self, cache: Path | None) -> None:
        self.path = cache / "pair-alignments.json" if cache else None
        known = self.path is not None and self.path.exists()
        self.notes: dict[str, dict] = json.loads(self.path.read_text()) if known else {}

    def measure(self, original: Path, instrumental: Path) -> Alignment:
        key = f"{identity(original)}|{identity(instrumental)}"
        if key not in self.notes:
            try:
                self.notes[key] = asdict(measure(original, instrumental))
            except NotAligned as error:
                self.notes[key] = {"refused": str(error)}
            self._save()
        if "refused" in self.notes[key]:
            raise NotAligned(self.notes[key]["refused"])
        return Alignment(**self.notes[key])

    def _save(self) -> None:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            partial = self.path.with_suffix(".partial")
            partial.write_text(json.dumps(self.notes, indent=1))
            partial.replace(self.path)


def load(root: Path, split: str, cache: Path | None = None) -> Library:
    """`cache` keeps the alignments. A tenth of the songs is held out. Raises DataError when no pair is left."""
    found = [(folder, _file(folder, "original"), _file(folder, "instrumental")) for folder in folders(root)]
    if not any(original and instrumental for _, original, instrumental in found):
        raise wrong_folder("pairs", root, "a folder for each song with original.<ext> and instrumental.<ext>")
    notes, songs, left_out = _Notes(cache), [], 0
    for folder, original, instrumental in found:
        if not in_split(folder.name, split):
            continue
        try:
            if original is None or instrumental is None:
                raise NotAligned(f"it has no {'original' if original is None else 'instrumental'} file")
            where = notes.measure(original, instrumental)
        except NotAligned as error:
            log.warning("pairs: %s is left out: %s", folder.name, error)
            left_out += 1
            continue
        songs.append(Song("pairs", folder.name, PairStem(original, instrumental, where, "vocals"),
                          PairStem(original, instrumental, where, "accompaniment")))
    if left_out and not songs:
        raise DataError(f"pairs:{root}: none of its {left_out} pairs could be aligned; the log names the reasons.")
    return Library(tuple(songs), {}, {})
