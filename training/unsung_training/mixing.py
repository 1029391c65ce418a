"""Random training pairs: any voice over any accompaniment (the paper's idea of section 3.1, taken further)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import augment
from .audio_cache import FULL_SCALE, AudioCache
from .library import Library
from .spectra import PatchConfig, stft

Rng = np.random.Generator


@dataclass(frozen=True)
class MixConfig:
    """Chances are of each patch; levels in decibels, of the voice relative to the accompaniment."""

    own_pair: float = 0.2
    voice_level: tuple[float, float] = (-11.0, 5.0)
    no_voice: float = 0.06
    no_accompaniment: float = 0.03
    second_voice: float = 0.25
    second_accompaniment: float = 0.35
    reverberation: float = 0.5
    speed_change: float = 0.7
    speed: tuple[float, float] = (0.85, 1.18)
    saturation: float = 0.15
    equaliser_db: float = 3.0
    # Share of each pool; a pool that the library lacks is left out.
    voice_shares: tuple[tuple[str, float], ...] = (("mir1k", 0.50), ("everythingisfree", 0.28), ("ravdess", 0.17), ("vocobox", 0.05))
    accompaniment_pools: float = 0.55


class Mixer:
    """Draws voices and accompaniments as complex spectrograms of one patch, (frames, bins) complex64."""

    def __init__(self, library: Library, cache: AudioCache, patch: PatchConfig, mix: MixConfig) -> None:
        self.library, self.cache, self.patch, self.mix = library, cache, patch, mix
        groups: dict[str, list[Path]] = {name: list(paths) for name, paths in library.voices.items()}
        backing: dict[str, list[Path]] = {}
        for song in library.songs:
            groups.setdefault(song.group, []).append(song.vocals)
            backing.setdefault(song.group, []).append(song.accompaniment)
        self.voices = groups
        self.backing = backing
        wanted = dict(mix.voice_shares)
        names = list(groups)
        shares = np.array([wanted.get(name, 0.1) for name in names])
        self.voice_names, self.voice_chances = names, shares / shares.sum()
        self.lengths = {path: cache.load(path).shape[1] for path in library.files()}

    def _piece(self, path: Path, start: int, samples: int, rng: Rng) -> np.ndarray:
        sound = self.cache.load(path)[:, start : start + samples].astype(np.float32) / FULL_SCALE
        return augment.fold_to_mono(sound, rng)

    def _draw(self, paths: list[Path], samples: int, rng: Rng) -> np.ndarray:
        """`samples` of sound from random files: a piece of a long one, or short ones one after the other with rests."""
        parts, have = [], 0
        while have < samples:
            path = paths[self._by_length(paths, rng)]
            length = self.lengths[path]
            start = int(rng.integers(0, max(1, length - samples + 1)))
            part = self._piece(path, start, samples, rng)
            parts += [part, np.zeros(int(rng.integers(0, self.patch.rate // 2)), np.float32)]
            have += len(parts[-2]) + len(parts[-1])
        return np.concatenate(parts)[:samples]

    def _by_length(self, paths: list[Path], rng: Rng) -> int:
        weights = np.array([self.lengths[path] for path in paths], np.float64)
        return int(rng.choice(len(paths), p=weights / weights.sum()))

    def _speed(self, rng: Rng) -> float:
        low, high = self.mix.speed
        return float(np.exp(rng.uniform(np.log(low), np.log(high)))) if rng.random() < self.mix.speed_change else 1.0

    def _finish(self, sound: np.ndarray, ratio: float, rng: Rng, voice: bool) -> np.ndarray:
        sound = sound[: self.patch.samples] if ratio == 1.0 else augment.vary_speed(sound, ratio, self.patch.samples)
        if rng.random() < self.mix.saturation:
            sound = augment.saturate(sound, rng)
        if voice and rng.random() < self.mix.reverberation:
            sound = augment.reverberate(sound, rng, self.patch.rate)
        # A rest stays a rest: its codec noise is not raised to the level of a voice.
        return sound / max(active_rms(sound), 1e-3)

    def voice(self, rng: Rng) -> np.ndarray:
        """One singer, or two, of active RMS 1."""
        name = str(rng.choice(self.voice_names, p=self.voice_chances))
        ratio = self._speed(rng)
        sound = self._finish(self._sounding(name, ratio, rng), ratio, rng, voice=True)
        if rng.random() < self.mix.second_voice:
            other = str(rng.choice(self.voice_names, p=self.voice_chances))
            ratio = self._speed(rng)
            second = self._finish(self._sounding(other, ratio, rng), ratio, rng, voice=True)
            sound = sound + second * 10.0 ** (rng.uniform(-14, 0) / 20)
        return self._spectrum(sound, rng)

    def _sounding(self, name: str, ratio: float, rng: Rng) -> np.ndarray:
        """A piece of a voice that is not one long rest; patches without a voice are drawn by `no_voice` instead."""
        for _ in range(4):
            sound = self._draw(self.voices[name], self._needed(ratio), rng)
            if active_rms(sound) > 1e-3:
                break
        return sound

    def accompaniment(self, rng: Rng) -> np.ndarray:
        """One backing, or two, of active RMS 1."""
        sound = self._backing(rng)
        if rng.random() < self.mix.second_accompaniment:
            sound = sound + self._backing(rng) * 10.0 ** (rng.uniform(-12, 0) / 20)
        return self._spectrum(sound, rng)

    def _backing(self, rng: Rng) -> np.ndarray:
        pools = self.library.accompaniments
        if pools and (not self.backing or rng.random() < self.mix.accompaniment_pools):
            paths = [path for files in pools.values() for path in files]
        else:
            paths = self.backing[list(self.backing)[int(rng.integers(len(self.backing)))]]
        ratio = self._speed(rng)
        return self._finish(self._draw(paths, self._needed(ratio), rng), ratio, rng, voice=False)

    def own_pair(self, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
        """Voice and accompaniment of one song at one time: same key, same beat."""
        groups = list(self.backing)
        group = groups[int(rng.integers(len(groups)))]
        songs = [song for song in self.library.songs if song.group == group]
        song = songs[int(rng.integers(len(songs)))]
        ratio = self._speed(rng)
        needed = self._needed(ratio)
        start = int(rng.integers(0, max(1, self.lengths[song.vocals] - needed + 1)))
        pair = []
        for path, voice in ((song.vocals, True), (song.accompaniment, False)):
            sound = self._piece(path, start, needed, rng)
            sound = np.pad(sound, (0, max(0, needed - len(sound))))
            pair.append(self._spectrum(self._finish(sound, ratio, rng, voice), rng))
        return pair[0], pair[1]

    def _needed(self, ratio: float) -> int:
        return int(np.ceil(self.patch.samples * ratio)) + 4

    def _spectrum(self, sound: np.ndarray, rng: Rng) -> np.ndarray:
        config = self.patch
        spectrum = stft(sound.astype(np.float32), config)[:, config.first_bin : config.first_bin + config.bins]
        return spectrum * augment.equaliser(config.bins, rng, self.mix.equaliser_db)

    def pack(self, count: int, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
        """`count` voices and as many accompaniments, (count, frames, bins) complex64. Own pairs share an index."""
        voices, backings = [], []
        for _ in range(count):
            if self.backing and rng.random() < self.mix.own_pair:
                voice, backing = self.own_pair(rng)
            else:
                voice, backing = self.voice(rng), self.accompaniment(rng)
            voices.append(voice)
            backings.append(backing)
        return np.stack(voices), np.stack(backings)

    def mixtures(self, voices: np.ndarray, backings: np.ndarray, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
        """Mixture and voice magnitudes, (count, bins, frames) float32, divided by the mixture's patch maximum."""
        count = len(voices)
        gain = 10.0 ** (rng.uniform(*self.mix.voice_level, count) / 20)
        draw = rng.random(count)
        gain[draw < self.mix.no_voice] = 0.0
        other = np.where(draw > 1.0 - self.mix.no_accompaniment, 0.0, 1.0)
        scaled = voices * gain[:, None, None].astype(np.float32)
        mixture = np.abs(scaled + backings * other[:, None, None].astype(np.float32))
        # A silent patch has maximum 0; dividing by it would ruin the run.
        peak = np.maximum(mixture.max(axis=(1, 2), keepdims=True), 1e-6)
        to_image = lambda a: np.ascontiguousarray((a / peak).transpose(0, 2, 1), np.float32)  # noqa: E731
        return to_image(mixture), to_image(np.abs(scaled))


def active_rms(sound: np.ndarray, block: int = 2048) -> float:
    """RMS over the blocks within 30 dB of the loudest, so that rests do not make a voice seem soft."""
    whole = len(sound) // block * block
    if not whole:
        return float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0
    power = (sound[:whole].reshape(-1, block) ** 2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() * 1e-3].mean()))
