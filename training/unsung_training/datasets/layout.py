"""What every loader needs: errors in a sentence, and a split for the sets that were published without one."""

from __future__ import annotations

import hashlib
from pathlib import Path

SPLITS = ("train", "valid", "test", "all")


class DataError(FileNotFoundError):
    """A folder that is not what it was said to be; the message is a sentence for a person."""


def contents(folder: Path, most: int = 6) -> str:
    """A short description of a folder's content."""
    if not folder.exists():
        return "there is no such folder"
    if not folder.is_dir():
        return "that is a file"
    names = sorted(p.name + ("/" if p.is_dir() else "") for p in folder.iterdir() if not p.name.startswith("."))
    if not names:
        return "the folder is empty"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"found {', '.join(names[:most])}{more}"


def wrong_folder(name: str, root: Path, expected: str) -> DataError:
    return DataError(f"{name}:{root} is not the folder of {name}: expected {expected}; {contents(root)}.")


def missing_stem(name: str, song: Path, stem: str) -> DataError:
    return DataError(f"{name}: the song {song} has no {stem}; {contents(song)}.")


def held_out(artist: str) -> bool:
    """True for a tenth of all artists, always the same ones: by artist, so that no voice is on both sides."""
    return hashlib.sha256(artist.encode()).digest()[0] < 26


def in_split(artist: str, split: str) -> bool:
    """For sets without a published split. `valid` and `test` are the same held-out tenth."""
    return split == "all" or held_out(artist) == (split != "train")


def folders(root: Path) -> list[Path]:
    return sorted(p for p in root.iterdir() if p.is_dir()) if root.is_dir() else []
