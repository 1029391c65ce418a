"""`--data NAME:DIR`: from what a person says to a Library."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Optional

from .. import library
from ..library import Library
from . import ccmixter, dsd100, karaoke, medleydb, musdb18, pairs
from .layout import SPLITS, DataError

Loader = Callable[[Path, str, Optional[Path]], Library]


def _folder(root: Path, _split: str, _cache: Path | None) -> Library:
    """The project's own layout; it is all of one split, whichever the person says."""
    try:
        return library.scan(root)
    except FileNotFoundError as error:
        raise DataError(str(error)) from error


LOADERS: dict[str, Loader] = {
    "folder": _folder,
    "musdb18": lambda root, split, _: musdb18.load_stems(root, split),
    "musdb18hq": lambda root, split, _: musdb18.load_hq(root, split),
    "dsd100": lambda root, split, _: dsd100.load(root, split),
    "mir1k": lambda root, split, _: karaoke.load_mir1k(root, split),
    "ikala": lambda root, split, _: karaoke.load_ikala(root, split),
    "ccmixter": lambda root, split, _: ccmixter.load(root, split),
    "medleydb": lambda root, split, _: medleydb.load(root, split),
    "medleydb+bleed": lambda root, split, _: medleydb.load(root, split, bleed=True),
    "pairs": pairs.load,
}


def parse(spec: str) -> tuple[str, Path]:
    """`NAME:DIR` or `DIR` → (name, folder). Raises DataError for a name that is not known."""
    name, colon, folder = spec.partition(":")
    if colon and name in LOADERS:
        return name, Path(folder).expanduser()
    if colon and re.fullmatch(r"[\w+-]{2,}", name) and not Path(spec).exists():
        raise DataError(f"{spec}: {name} is no data set that is known; there are {', '.join(LOADERS)}.")
    return "folder", Path(spec).expanduser()


def _hint(name: str, root: Path, split: str) -> str:
    """Which other data set the folder would be; pairs are not tried, as that takes long."""
    for other, load in LOADERS.items():
        if other not in (name, "pairs", "medleydb+bleed"):
            try:
                if load(root, split, None).files():
                    return f" It looks like {other}: say {other}:{root}."
            except FileNotFoundError:
                continue
    return ""


def open_data(specs: Sequence[str], split: str, cache: Path | None = None) -> Library:
    """One library of all the folders named; `split` is train, valid, test or all, `cache` is the folder for slow results.

    Sets with a published split keep to it; of the others a tenth of the artists is `valid` and `test`; a folder in the
    project's own layout is taken whole. Raises DataError: a sentence that says what was expected and what is there.
    """
    if split not in SPLITS:
        raise ValueError(f"split is one of {', '.join(SPLITS)}, not {split}")
    libraries = []
    for spec in specs:
        name, root = parse(spec)
        try:
            loaded = LOADERS[name](root, split, cache)
        except DataError as error:
            raise DataError(str(error) + _hint(name, root, split)) from error
        if not loaded.files():
            raise DataError(f"{name}:{root} has no songs for {split}.")
        libraries.append(loaded)
    return library.merged(libraries)
