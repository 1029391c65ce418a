"""Where a stem's samples come from: whole files, some streams or channels of them, sums, or something computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Union

import numpy as np

from .decode import decode

HEADROOM = 0.5
"""Gain of both stems of a song when a stem is summed: the cache is 16-bit, and the stems must keep their relation."""


class Computed(Protocol):
    """Anything that can be decoded to samples. Hashable: the mixer keeps lengths by source."""

    def identity(self) -> str:
        """Changes when the samples would: what the cache is keyed by, beside the rate."""

    def samples(self, rate: int) -> np.ndarray:
        """(channels, samples) float32 at `rate` hertz."""

    def label(self) -> str:
        """What `label` says of it."""


# A path is the whole file's first audio stream, as it is.
Source = Union[Path, Computed]


def identity(source: Source) -> str:
    if isinstance(source, Path):
        return f"{source.resolve()}:{source.stat().st_size}"
    return source.identity()


def samples(source: Source, rate: int) -> np.ndarray:
    """(channels, samples) float32, one or two channels."""
    return decode(source, rate) if isinstance(source, Path) else source.samples(rate)


def label(source: Source) -> str:
    """A file that the source is made of, as a path with slashes: to tell sources apart by name, or to leave some out."""
    if isinstance(source, Path):
        return source.as_posix()
    return source.label()


@dataclass(frozen=True)
class Part:
    """Some of a file: audio stream `stream` (of a stem container), channels `channels` (None: all), times `gain`."""

    path: Path
    stream: int = 0
    channels: tuple[int, ...] | None = None
    gain: float = 1.0


@dataclass(frozen=True)
class Stem:
    """The sum of its parts, from the first sample of each; the longest decides the length, mono goes to both sides."""

    parts: tuple[Part, ...]

    def identity(self) -> str:
        return "+".join(f"{identity(p.path)}:{p.stream}:{p.channels}:{p.gain}" for p in self.parts)

    def label(self) -> str:
        return label(self.parts[0].path)

    def samples(self, rate: int) -> np.ndarray:
        sounds = [decode(p.path, rate, stream=p.stream, pick=p.channels) * np.float32(p.gain) for p in self.parts]
        total = np.zeros((max(len(s) for s in sounds), max(s.shape[1] for s in sounds)), np.float32)
        for sound in sounds:
            total[:, : sound.shape[1]] += sound
        return total


def sum_of(paths: Sequence[Path]) -> Stem:
    """Files summed, with headroom."""
    return Stem(tuple(Part(path, gain=HEADROOM) for path in paths))


def sum_of_streams(path: Path, streams: Sequence[int]) -> Stem:
    """Streams of one file summed, with headroom."""
    return Stem(tuple(Part(path, stream, gain=HEADROOM) for stream in streams))


def channel(path: Path, number: int) -> Stem:
    """One channel (0 left, 1 right) of a file, mono."""
    return Stem((Part(path, channels=(number,)),))
