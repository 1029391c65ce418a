"""Decodes the audio once, at the network's rate, to memory-mapped int16 arrays."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from .sources import Source, identity, samples

FULL_SCALE = 32767.0


class AudioCache:
    """Arrays of (channels, samples) int16, one .npy a source, made on first use."""

    def __init__(self, folder: Path, rate: int) -> None:
        self.folder = folder
        self.rate = rate
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, source: Source) -> Path:
        key = hashlib.sha256(f"{identity(source)}:{self.rate}".encode()).hexdigest()[:20]
        return self.folder / f"{key}.npy"

    def load(self, source: Source) -> np.ndarray:
        """Memory-mapped (channels, samples) int16. A sound that goes beyond full scale is made softer as a whole."""
        target = self.path(source)
        if not target.exists():
            sound = samples(source, self.rate)
            peak = max(1.0, float(np.abs(sound).max(initial=0.0)))
            # Its own name for each writer: two may make the same sound at once.
            partial = target.with_suffix(f".{os.getpid()}.{id(sound)}.partial.npy")
            np.save(partial, np.round(sound / peak * FULL_SCALE).astype(np.int16))
            partial.replace(target)
        return np.load(target, mmap_mode="r")

    def fill(self, sources: Sequence[Source], workers: int) -> None:
        """Decodes the missing files, several at a time."""
        with ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(self._ensure, sources):
                pass

    def _ensure(self, source: Source) -> None:
        if not self.path(source).exists():
            self.load(source)
