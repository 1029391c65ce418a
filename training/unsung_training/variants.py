"""Changed copies of voices and accompaniments that take too long to make for every patch: made once, kept in the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Union

import numpy as np

from .effects.codec import CODECS, rubber_band, through_codec
from .library import Library
from .sources import Source, identity, label, samples

Rng = np.random.Generator


@dataclass(frozen=True)
class CodecLoss:
    """Through a lossy codec at `kilobits` a second."""

    codec: str
    kilobits: int

    def apply(self, sound: np.ndarray, rate: int) -> np.ndarray:
        return through_codec(sound, rate, self.codec, self.kilobits)


@dataclass(frozen=True)
class PitchAndTempo:
    """Semitones up, times as fast, formants kept or not (Rubber Band)."""

    semitones: float
    tempo: float
    keep_formants: bool

    def apply(self, sound: np.ndarray, rate: int) -> np.ndarray:
        return rubber_band(sound, rate, self.semitones, self.tempo, self.keep_formants)


Recipe = Union[CodecLoss, PitchAndTempo]


@dataclass(frozen=True)
class Variant:
    """A source after a recipe: itself a source."""

    source: Source
    recipe: Recipe

    def identity(self) -> str:
        return f"{identity(self.source)}>{self.recipe}"

    def label(self) -> str:
        return label(self.source)

    def samples(self, rate: int) -> np.ndarray:
        return self.recipe.apply(samples(self.source, rate), rate)


@dataclass(frozen=True)
class VariantConfig:
    """How many changed copies there are of each voice and each accompaniment, and of which kind."""

    voices: int = 1
    accompaniments: int = 0
    # Of the copies, so many only go through a codec.
    codec: float = 0.4
    kilobits: tuple[int, ...] = (24, 32, 48, 64, 96, 128)
    semitones: float = 4.0
    tempo: tuple[float, float] = (0.87, 1.15)
    keep_formants: float = 0.6
    seed: int = 1


def random_recipe(config: VariantConfig, rng: Rng) -> Recipe:
    if rng.random() < config.codec:
        return CodecLoss(str(rng.choice(sorted(CODECS))), int(rng.choice(config.kilobits)))
    tempo = float(np.exp(rng.uniform(*np.log(config.tempo))))
    return PitchAndTempo(round(float(rng.uniform(-config.semitones, config.semitones)), 3), round(tempo, 4),
                         bool(rng.random() < config.keep_formants))


def variants(source: Source, count: int, config: VariantConfig) -> tuple[Variant, ...]:
    """`count` of them; the same ones every time for a source and a seed, so that the cache is found again."""
    digest = hashlib.sha256(f"{config.seed}:{identity(source)}".encode()).digest()
    rng = np.random.default_rng(list(digest))
    return tuple(Variant(source, random_recipe(config, rng)) for _ in range(count))


def _of(sources: Iterable[Source], count: int, config: VariantConfig) -> tuple[Source, ...]:
    return tuple(variant for source in sources for variant in variants(source, count, config))


def widened(library: Library, config: VariantConfig) -> Library:
    """The library and its variants: those of songs' stems become pools of the song's group. Nothing is computed until
    AudioCache.fill or load asks for it. Both counts 0 give the library back."""
    voices, accompaniments = dict(library.voices), dict(library.accompaniments)
    for pools, count in ((voices, config.voices), (accompaniments, config.accompaniments)):
        for name in list(pools):
            pools[name] = pools[name] + _of(pools[name], count, config)
    for song in library.songs:
        for pools, stem, count in ((voices, song.vocals, config.voices),
                                   (accompaniments, song.accompaniment, config.accompaniments)):
            if count:
                pools[song.group] = pools.get(song.group, ()) + _of([stem], count, config)
    return replace(library, voices=voices, accompaniments=accompaniments)
