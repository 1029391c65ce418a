"""What there is to train on: songs with both stems, pools of voices, pools of accompaniments.

Layout: songs/<set>/<song>/{vocals,accompaniment}.<ext>, voices/<pool>/**, accompaniments/<pool>/**.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .sources import Source

AUDIO = {".opus", ".wav", ".flac", ".mp3", ".ogg", ".m4a"}


@dataclass(frozen=True)
class Song:
    """Two stems of one recording, aligned to the sample. `group` is the data set, `name` the song."""

    group: str
    name: str
    vocals: Source
    accompaniment: Source


@dataclass(frozen=True)
class Library:
    songs: tuple[Song, ...]
    voices: dict[str, tuple[Source, ...]]
    accompaniments: dict[str, tuple[Source, ...]]

    def files(self) -> list[Source]:
        """Every source, once for each song and pool that it is in."""
        found = [source for song in self.songs for source in (song.vocals, song.accompaniment)]
        for pool in (self.voices, self.accompaniments):
            found += [source for sources in pool.values() for source in sources]
        return found


def merged(libraries: Iterable[Library]) -> Library:
    """One library of all: pools of the same name become one."""
    songs: list[Song] = []
    voices: dict[str, tuple[Source, ...]] = {}
    accompaniments: dict[str, tuple[Source, ...]] = {}
    for library in libraries:
        songs += library.songs
        for pools, added in ((voices, library.voices), (accompaniments, library.accompaniments)):
            for name, sources in added.items():
                pools[name] = pools.get(name, ()) + sources
    return Library(tuple(songs), voices, accompaniments)


def _audio_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(p for p in folder.rglob("*") if p.suffix.lower() in AUDIO))


def _pools(folder: Path) -> dict[str, tuple[Path, ...]]:
    if not folder.is_dir():
        return {}
    pools = {pool.name: _audio_files(pool) for pool in sorted(folder.iterdir()) if pool.is_dir()}
    return {name: paths for name, paths in pools.items() if paths}


def _stem(folder: Path, name: str) -> Path:
    for path in sorted(folder.glob(f"{name}.*")):
        if path.suffix.lower() in AUDIO:
            return path
    raise FileNotFoundError(f"{folder} has no {name} file ({', '.join(sorted(AUDIO))})")


def scan(root: Path) -> Library:
    """Raises FileNotFoundError, in a sentence, when the folder holds no audio in this layout or a song lacks a stem."""
    songs = tuple(
        Song(group.name, song.name, _stem(song, "vocals"), _stem(song, "accompaniment"))
        for group in sorted((root / "songs").glob("*")) if group.is_dir()
        for song in sorted(group.iterdir()) if song.is_dir()
    )
    library = Library(songs, _pools(root / "voices"), _pools(root / "accompaniments"))
    if not library.files():
        raise FileNotFoundError(f"{root} holds no songs/<set>/<song>/ folders and no voices/ or accompaniments/ pools")
    return library
