"""Random voices and accompaniments, the two halves of a training pair (the paper's idea of section 3.1, taken further)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from . import augment, dynamics, stereo
from .audio_cache import FULL_SCALE, AudioCache
from .library import Library
from .sources import Source, label
from .spectra import PatchConfig

Rng = np.random.Generator
Shares = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class MixConfig:
    """Chances are of each patch. Levels and equalisation come later: see LevelConfig."""

    own_pair: float = 0.25
    second_voice: float = 0.2
    second_accompaniment: float = 0.25
    reverberation: float = 0.35
    voice_compression: float = 0.35
    accompaniment_compression: float = 0.2
    speed_change: float = 0.5
    speed: tuple[float, float] = (0.85, 1.18)
    # Stereo only.
    pan: float = 0.3
    pan_range: tuple[float, float] = (0.25, 0.75)
    width: float = 0.3
    width_range: tuple[float, float] = (0.0, 1.6)
    swap_sides: float = 0.5
    # Share of each pool; one without a share counts 0.1. All pools of accompaniments are one, and a file in it counts
    # by its length.
    voice_shares: Shares = (("mir1k", 0.50), ("everythingisfree", 0.28), ("ravdess", 0.17), ("vocobox", 0.05))
    accompaniment_shares: Shares = (("pools", 0.46), ("mir1k", 0.34), ("everythingisfree", 0.20))
    # Hertz above which a pool's recordings hold nothing, its speed changes allowed for: nothing is learnt from there.
    band_limits: Shares = (("mir1k", 6500.0),)
    # Files that are no accompaniment: most of their sound goes to the vocals of a trained model.
    leave_out: tuple[str, ...] = ("librosa-data/pibble.hq.opus",)


# Above this nothing is limited: half of the highest rate in use.
NO_LIMIT = 96_000.0


class Mixer:
    """Draws pieces of one patch's length, (channels, samples) float32 of active RMS 1."""

    def __init__(self, library: Library, cache: AudioCache, patch: PatchConfig, mix: MixConfig) -> None:
        self.library, self.cache, self.patch, self.mix = library, cache, patch, mix
        voices: dict[str, list[Source]] = {name: list(sources) for name, sources in library.voices.items()}
        backings: dict[str, list[Source]] = {}
        for song in library.songs:
            voices.setdefault(song.group, []).append(song.vocals)
            backings.setdefault(song.group, []).append(song.accompaniment)
        self.groups = list(backings)
        pools = [source for sources in library.accompaniments.values() for source in sources
                 if not label(source).endswith(mix.leave_out)]
        if not voices or not (backings or pools):
            missing = "voices" if backings or pools else "accompaniments"
            raise ValueError(f"The data holds no {missing} to mix: add a folder that has them.")
        self.voices = voices
        self.backings = {**backings, **({"pools": pools} if pools else {})}
        self.voice_names, self.voice_chances = _shares(voices, mix.voice_shares)
        self.backing_names, self.backing_chances = _shares(self.backings, mix.accompaniment_shares)
        self.limits = dict(mix.band_limits)
        self.lengths = {source: cache.load(source).shape[1] for source in library.files()}

    def _piece(self, source: Source, start: int, samples: int, rng: Rng) -> np.ndarray:
        sound = self.cache.load(source)[:, start : start + samples].astype(np.float32) / FULL_SCALE
        return augment.fold_to_mono(sound, rng)[None] if self.patch.channels == 1 else sound

    def _draw(self, sources: Sequence[Source], samples: int, rng: Rng) -> np.ndarray:
        """`samples` of sound from random files: a piece of a long one, or short ones one after the other with rests."""
        parts, have = [], 0
        while have < samples:
            source = sources[self._by_length(sources, rng)]
            start = int(rng.integers(0, max(1, self.lengths[source] - samples + 1)))
            rest = np.zeros((1, int(rng.integers(0, self.patch.rate // 2))), np.float32)
            parts += [self._piece(source, start, samples, rng), rest]
            have += parts[-2].shape[1] + parts[-1].shape[1]
        channels = max(len(part) for part in parts)
        parts = [np.broadcast_to(part, (channels, part.shape[1])) for part in parts]
        return np.concatenate(parts, axis=1)[:, :samples]

    def _by_length(self, sources: Sequence[Source], rng: Rng) -> int:
        weights = np.array([self.lengths[source] for source in sources], np.float64)
        return int(rng.choice(len(sources), p=weights / weights.sum()))

    def _speed(self, rng: Rng) -> float:
        low, high = self.mix.speed
        return float(np.exp(rng.uniform(np.log(low), np.log(high)))) if rng.random() < self.mix.speed_change else 1.0

    def _finish(self, sound: np.ndarray, ratio: float, rng: Rng, voice: bool) -> np.ndarray:
        """Speed, compression, room, place: (channels of the patch, samples), active RMS 1."""
        patch, mix = self.patch, self.mix
        if ratio == 1.0:
            sound = sound[:, : patch.samples]
        else:
            sound = np.stack([augment.vary_speed(channel, ratio, patch.samples) for channel in sound])
        # The compressor expects a sound near full scale.
        sound = sound / max(4 * active_rms(sound), 1e-3)
        if rng.random() < (mix.voice_compression if voice else mix.accompaniment_compression):
            sound = dynamics.compress_at_random(sound, rng, patch.rate)
        if voice and rng.random() < mix.reverberation:
            responses = augment.room(rng, patch.rate, patch.channels)
            sound = np.broadcast_to(sound, (patch.channels, sound.shape[1]))
            sound = np.stack([augment.convolve(*pair) for pair in zip(sound, responses)])
        if patch.channels == 2:
            sound = self._placed(sound, rng)
        # A rest stays a rest: its codec noise is not raised to the level of a voice.
        return (sound / max(active_rms(sound), 1e-3)).astype(np.float32)

    def _placed(self, sound: np.ndarray, rng: Rng) -> np.ndarray:
        """(1 or 2, samples) → (2, samples): width, sides, pan."""
        mix = self.mix
        if len(sound) == 2 and rng.random() < mix.width:
            sound = stereo.widen(sound, float(rng.uniform(*mix.width_range)))
        if len(sound) == 2 and rng.random() < mix.swap_sides:
            sound = sound[::-1]
        if rng.random() < mix.pan:
            return stereo.pan(sound, float(rng.uniform(*mix.pan_range)))
        return sound if len(sound) == 2 else stereo.pan(sound, 0.5)

    def _limit(self, name: str) -> float:
        return self.limits.get(name, NO_LIMIT)

    def voice(self, rng: Rng) -> tuple[np.ndarray, float]:
        """One singer, or two, and the hertz above which the recording holds nothing."""
        name, sound = self._singer(rng)
        limit = self._limit(name)
        if rng.random() < self.mix.second_voice:
            other, second = self._singer(rng)
            sound = sound + second * 10.0 ** (rng.uniform(-14, 0) / 20)
            limit = min(limit, self._limit(other))
        return sound, limit

    def _singer(self, rng: Rng) -> tuple[str, np.ndarray]:
        """A piece of a voice that is not one long rest; patches without a voice come of LevelConfig.no_voice."""
        name = str(rng.choice(self.voice_names, p=self.voice_chances))
        ratio = self._speed(rng)
        for _ in range(4):
            sound = self._draw(self.voices[name], self._needed(ratio), rng)
            if active_rms(sound) > 1e-3:
                break
        return name, self._finish(sound, ratio, rng, voice=True)

    def accompaniment(self, rng: Rng) -> tuple[np.ndarray, float]:
        """One backing, or two."""
        name, sound = self._backing(rng)
        limit = self._limit(name)
        if rng.random() < self.mix.second_accompaniment:
            other, second = self._backing(rng)
            sound = sound + second * 10.0 ** (rng.uniform(-12, 0) / 20)
            limit = min(limit, self._limit(other))
        return sound, limit

    def _backing(self, rng: Rng) -> tuple[str, np.ndarray]:
        name = str(rng.choice(self.backing_names, p=self.backing_chances))
        ratio = self._speed(rng)
        sound = self._draw(self.backings[name], self._needed(ratio), rng)
        return name, self._finish(sound, ratio, rng, voice=False)

    def own_pair(self, rng: Rng) -> tuple[np.ndarray, np.ndarray, float]:
        """Voice and accompaniment of one song at one time: same key, same beat."""
        group = self.groups[int(rng.integers(len(self.groups)))]
        songs = [song for song in self.library.songs if song.group == group]
        song = songs[int(rng.integers(len(songs)))]
        ratio = self._speed(rng)
        needed = self._needed(ratio)
        start = int(rng.integers(0, max(1, self.lengths[song.vocals] - needed + 1)))
        pair = []
        for source, voice in ((song.vocals, True), (song.accompaniment, False)):
            sound = self._piece(source, start, needed, rng)
            sound = np.pad(sound, ((0, 0), (0, max(0, needed - sound.shape[1]))))
            pair.append(self._finish(sound, ratio, rng, voice))
        return pair[0], pair[1], self._limit(group)

    def _needed(self, ratio: float) -> int:
        return int(np.ceil(self.patch.samples * ratio)) + 4

    def pack(self, count: int, rng: Rng) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """`count` voices and accompaniments, (count, channels, samples) float32 each, and the band limit in hertz of
        each, (count,). Own pairs share an index."""
        voices, backings, limits = [], [], []
        for _ in range(count):
            if self.groups and rng.random() < self.mix.own_pair:
                voice, backing, limit = self.own_pair(rng)
                limits.append((limit, limit))
            else:
                (voice, voice_limit), (backing, backing_limit) = self.voice(rng), self.accompaniment(rng)
                limits.append((voice_limit, backing_limit))
            voices.append(voice)
            backings.append(backing)
        voice_limits, backing_limits = torch.tensor(limits, dtype=torch.float32).T
        return (torch.from_numpy(np.stack(voices)), torch.from_numpy(np.stack(backings)),
                voice_limits.contiguous(), backing_limits.contiguous())


def _shares(groups: Mapping[str, Sequence[Source]], wanted: Shares) -> tuple[list[str], np.ndarray]:
    """Names and chances that add up to 1."""
    names = list(groups)
    shares = np.array([dict(wanted).get(name, 0.1) for name in names])
    if not shares.sum() > 0:
        raise ValueError(f"every one of {', '.join(names)} has a share of 0: nothing to draw from")
    return names, shares / shares.sum()


def active_rms(sound: np.ndarray, block: int = 2048) -> float:
    """RMS of (…, samples) over the blocks within 30 dB of the loudest, so that rests do not lower a voice's level."""
    whole = sound.shape[-1] // block * block
    if not whole:
        return float(np.sqrt(np.mean(sound**2))) if sound.size else 0.0
    power = (sound[..., :whole].reshape(-1, whole // block, block) ** 2).mean(axis=(0, 2))
    return float(np.sqrt(power[power >= power.max() * 1e-3].mean()))
