"""What there is to train on: songs with both stems, pools of voices, pools of accompaniments.

Layout: songs/<set>/<song>/{vocals,accompaniment}.<ext>, voices/<pool>/**, accompaniments/<pool>/**.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

AUDIO = {".opus", ".wav", ".flac", ".mp3", ".ogg", ".m4a"}


@dataclass(frozen=True)
class Song:
    """Two stems of one recording, aligned to the sample. `group` is the data set, `name` the song."""

    group: str
    name: str
    vocals: Path
    accompaniment: Path


@dataclass(frozen=True)
class Library:
    songs: tuple[Song, ...]
    voices: dict[str, tuple[Path, ...]]
    accompaniments: dict[str, tuple[Path, ...]]

    def files(self) -> list[Path]:
        found = [path for song in self.songs for path in (song.vocals, song.accompaniment)]
        for pool in (self.voices, self.accompaniments):
            found += [path for paths in pool.values() for path in paths]
        return found


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
    """Raises FileNotFoundError, in a sentence, when the folder holds nothing to train on or a song lacks a stem."""
    songs = tuple(
        Song(group.name, song.name, _stem(song, "vocals"), _stem(song, "accompaniment"))
        for group in sorted((root / "songs").glob("*")) if group.is_dir()
        for song in sorted(group.iterdir()) if song.is_dir()
    )
    library = Library(songs, _pools(root / "voices"), _pools(root / "accompaniments"))
    if not songs and not (library.voices and library.accompaniments):
        raise FileNotFoundError(
            f"{root} holds no songs/<set>/<song>/ folders and no pair of voices/ and accompaniments/ pools"
        )
    return library
