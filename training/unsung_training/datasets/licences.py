"""Filters a library by licence, with a catalogue: a CSV with the columns `file` and `licence`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from ..library import Library
from ..sources import Source
from .layout import DataError


def licensed(library: Library, catalogue: Path, pattern: str) -> Library:
    """The songs and pools of `library` whose licence begins with the regular expression `pattern`.

    Files in the catalogue are relative to its folder. What it does not name is left out; a song stays only with both of
    its stems. Raises DataError when there is no such catalogue, or nothing stays.
    """
    try:
        with catalogue.open(newline="") as file:
            rows = {(catalogue.parent / row["file"]).resolve(): row["licence"] for row in csv.DictReader(file)}
    except (OSError, KeyError) as error:
        raise DataError(f"{catalogue} is no catalogue with the columns file and licence: {error}") from error
    allowed = {path for path, licence in rows.items() if re.match(pattern, licence)}

    def may(source: Source) -> bool:
        return isinstance(source, Path) and source.resolve() in allowed

    kept = Library(tuple(song for song in library.songs if may(song.vocals) and may(song.accompaniment)),
                   _pools(library.voices, may), _pools(library.accompaniments, may))
    if not kept.files():
        raise DataError(f"No file of the data has a licence in {catalogue} that begins with {pattern}.")
    return kept


def _pools(pools: dict[str, tuple[Source, ...]], may: Callable[[Source], bool]) -> dict[str, tuple[Source, ...]]:
    kept = {name: tuple(source for source in sources if may(source)) for name, sources in pools.items()}
    return {name: sources for name, sources in kept.items() if sources}
