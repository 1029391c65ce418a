"""MedleyDB 1 and 2 (Bittner et al. 2014, 2016).

…/<Artist_Title>/<Artist_Title>_STEMS/<Artist_Title>_STEM_NN.wav anywhere below the folder, and for each song
<Artist_Title>_METADATA.yaml, beside the stems or in Metadata/ (as the set's own repository has them).

The yaml names each stem's `instrument` (the set's taxonomy.yaml) and `component` (melody, bass or nothing). A melody can
be any instrument, so voices are told by the instrument. Instrumental songs become accompaniments. Left out: songs with
`has_bleed: yes` unless asked for, and stems whose label does not say whether somebody sings.
"""

from __future__ import annotations

import logging
from pathlib import Path

import yaml

from ..library import Library, Song
from ..sources import Source, sum_of
from .layout import DataError, contents, in_split, wrong_folder

VOICES = frozenset(("male singer", "female singer", "male speaker", "female speaker", "male rapper", "female rapper",
                    "male screamer", "female screamer", "beatboxing", "vocalists", "choir"))
UNSURE = frozenset(("main system", "unlabeled", "fx/processed sound", "sampler", "crowd", ""))
"""Labels under which voices are found, as well as other things."""

log = logging.getLogger(__name__)


def _labels(stem: dict) -> set[str]:
    """The stem's instruments, in small letters; version 2 has lists where several play."""
    named = stem.get("instrument") or ""
    return {str(label).strip().lower() for label in (named if isinstance(named, list) else [named])}


def _yes(value: object) -> bool:
    """The yaml's quoted 'yes', or a bare yes, which YAML 1.1 reads as true."""
    return value is True or str(value).lower() == "yes"


def _sorted_stems(path: Path, metadata: dict, stems_folder: Path) -> tuple[list[Path], list[Path]] | None:
    """Files of the voices and of the rest; None when one stem holds both."""
    voices, rest = [], []
    for stem in metadata["stems"].values():
        labels = _labels(stem)
        sung = labels & VOICES
        if sung and labels - VOICES:
            return None
        if labels & UNSURE:
            continue
        file = stems_folder / stem["filename"]
        if not file.is_file():
            raise DataError(f"medleydb: {path.name} names {stem['filename']}, which is not in {stems_folder}; "
                            f"{contents(stems_folder)}.")
        (voices if sung else rest).append(file)
    return voices, rest


def load(root: Path, split: str, bleed: bool = False) -> Library:
    """`bleed` includes songs whose stems contain other instruments. Raises DataError."""
    descriptions = {path.name[: -len("_METADATA.yaml")]: path for path in sorted(root.rglob("*_METADATA.yaml"))}
    stem_folders = {path.name[: -len("_STEMS")]: path for path in sorted(root.rglob("*_STEMS")) if path.is_dir()}
    both = sorted(descriptions.keys() & stem_folders.keys())
    if not both:
        raise wrong_folder("medleydb", root, "folders <Artist_Title>/<Artist_Title>_STEMS/ and for each a "
                           f"<Artist_Title>_METADATA.yaml ({len(stem_folders)} of the one and {len(descriptions)} of "
                           "the other are there, none for the same song)")
    songs: list[Song] = []
    instrumentals: list[Source] = []
    for name in both:
        metadata = yaml.safe_load(descriptions[name].read_text(encoding="utf-8"))
        if not in_split(name.split("_")[0], split) or (_yes(metadata.get("has_bleed")) and not bleed):
            continue
        parts = _sorted_stems(descriptions[name], metadata, stem_folders[name])
        if parts is None:
            log.warning("medleydb: %s is left out: one of its stems holds a voice and an instrument", name)
            continue
        voices, rest = parts
        if voices and rest:
            songs.append(Song("medleydb", name, sum_of(voices), sum_of(rest)))
        elif rest and _yes(metadata.get("instrumental")):
            instrumentals.append(sum_of(rest))
    return Library(tuple(songs), {}, {"medleydb": tuple(instrumentals)} if instrumentals else {})
