"""From waveforms to training pairs, on the device that trains: STFT, equalisation, levels, magnitudes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .spectra import PatchConfig


@dataclass(frozen=True)
class LevelConfig:
    """Chances are of each patch; levels in decibels, of the voice relative to the accompaniment."""

    voice_level: tuple[float, float] = (-11.0, 5.0)
    no_voice: float = 0.06
    no_accompaniment: float = 0.03
    # Stereo only: the whole pair in mono. Else a voice in the middle of wide accompaniments teaches that whatever is in
    # the middle is a voice, and a song in mono, all of it.
    mono: float = 0.12
    # Spread of a smooth random gain over frequency, for voice and accompaniment each.
    equaliser_db: float = 2.0
    # RMS of the mixture, drawn evenly in decibels, for a network without normalisation; (0, 0): the patch's maximum
    # becomes 1.
    rms: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Batch:
    """Training pairs: magnitudes (n, channels, bins, frames) float32 each.

    target: the stem's magnitude. weight: 0 where a source is known to have lost its treble, 1 elsewhere, (n, 1, bins, 1).
    """

    mixture: Tensor
    target: Tensor
    weight: Tensor


class Spectra:
    """STFT, random equalisation and scaling of patches. One seed, one device, one sequence."""

    def __init__(self, patch: PatchConfig, levels: LevelConfig, device: torch.device, seed: int) -> None:
        self.patch, self.levels, self.device = patch, levels, device
        self.random = torch.Generator(device).manual_seed(seed)
        self.window = torch.hann_window(patch.fft_size, device=device)
        # The equaliser's five anchors lie evenly on a log-frequency axis.
        axis = np.log2(1 + np.arange(patch.bins)) / np.log2(patch.bins) * 4
        self.anchor = torch.from_numpy(np.minimum(axis.astype(np.int64), 3)).to(device)
        self.part = torch.from_numpy((axis - np.minimum(axis.astype(int), 3)).astype(np.float32)).to(device)
        self.bin_hertz = torch.from_numpy(patch.bin_hertz().astype(np.float32)).to(device)

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.random, device=self.device)

    def equaliser(self, count: int) -> Tensor:
        """(count, 1, bins, 1) gains: normal at five anchors, linear in decibels between them."""
        anchors = torch.randn((count, 5), generator=self.random, device=self.device) * self.levels.equaliser_db
        decibels = anchors[:, self.anchor] * (1 - self.part) + anchors[:, self.anchor + 1] * self.part
        return (10.0 ** (decibels / 20))[:, None, :, None]

    def stft(self, waves: Tensor) -> Tensor:
        """(n, channels, samples) → (n, channels, bins, frames) complex64."""
        patch = self.patch
        n, channels, samples = waves.shape
        spectrum = torch.stft(waves.reshape(n * channels, samples), patch.fft_size, patch.hop, window=self.window,
                              center=False, return_complex=True)
        return spectrum[:, patch.band].reshape(n, channels, patch.bins, -1)

    def scale(self, magnitude: Tensor) -> Tensor:
        """(n, 1, 1, 1): what the pairs are multiplied by."""
        low, high = self.levels.rms
        if not high:
            # A silent patch has maximum 0; dividing by it would ruin the run.
            return 1.0 / magnitude.amax(dim=(1, 2, 3), keepdim=True).clamp_min(1e-6)
        # Parseval: a real signal's power is twice that of its positive frequencies.
        power = magnitude.square().sum(2, keepdim=True).mean((1, 3), keepdim=True)
        rms = (2 * power / (self.patch.fft_size * self.window.square().sum())).sqrt()
        wanted = low * (high / low) ** self.uniform(len(magnitude))
        return wanted[:, None, None, None] / rms.clamp_min(1e-6)


def target_magnitude(stem: Tensor, mixture: Tensor, phase_sensitive: bool) -> Tensor:
    """Complex spectra → the magnitude that a network should give for the stem.

    phase_sensitive: the part of the stem in phase with the mixture, between 0 and the mixture's magnitude. A real mask can
    do no better for the waveform: Erdogan et al. 2015, "Phase-sensitive and recognition-boosted speech separation", eq. 11.
    """
    if not phase_sensitive:
        return stem.abs()
    magnitude = mixture.abs()
    return torch.minimum(((stem * mixture.conj()).real / magnitude.clamp_min(1e-9)).clamp_min(0), magnitude)


class Pairing(Spectra):
    """Makes pairs of drawn voices and accompaniments. stem: whose magnitude is the target."""

    def __init__(self, patch: PatchConfig, levels: LevelConfig, device: torch.device, seed: int,
                 stem: str = "vocals", phase_sensitive: bool = False) -> None:
        super().__init__(patch, levels, device, seed)
        self.stem, self.phase_sensitive = stem, phase_sensitive

    def mix(self, voices: Tensor, backings: Tensor, limits: Tensor) -> Batch:
        """Spectra → pairs at random levels. limits: hertz above which a pair teaches nothing, (n,)."""
        n, levels = len(voices), self.levels
        if self.patch.channels == 2:
            folded = (self.uniform(n) < levels.mono)[:, None, None, None]
            voices, backings = (torch.where(folded, x.mean(1, keepdim=True), x) for x in (voices, backings))
        low, high = levels.voice_level
        gain = 10.0 ** ((low + (high - low) * self.uniform(n)) / 20)
        draw = self.uniform(n)
        gain = torch.where(draw < levels.no_voice, torch.zeros_like(gain), gain)
        other = (draw <= 1.0 - levels.no_accompaniment).float()
        vocals, accompaniment = voices * gain[:, None, None, None], backings * other[:, None, None, None]
        mixture = vocals + accompaniment
        magnitude = mixture.abs()
        scale = self.scale(magnitude)
        weight = (self.bin_hertz[None] <= limits[:, None]).float()[:, None, :, None]
        stem = vocals if self.stem == "vocals" else accompaniment
        return Batch(magnitude * scale, target_magnitude(stem, mixture, self.phase_sensitive) * scale, weight)

    def batches(self, drawn: tuple[Tensor, Tensor, Tensor, Tensor], pairings: int) -> Iterator[Batch]:
        """Drawn voices and accompaniments with their limits (see Mixer.pack) → `pairings` batches of them.

        Each drawn sound is used several times, in other pairs and at other levels: mixing costs less than drawing.
        """
        voices, backings, voice_limits, backing_limits = (t.to(self.device, non_blocking=True) for t in drawn)
        voices = self.stft(voices) * self.equaliser(len(voices))
        backings = self.stft(backings) * self.equaliser(len(backings))
        for shift in range(pairings):
            limits = torch.minimum(voice_limits, backing_limits.roll(shift))
            yield self.mix(voices, backings.roll(shift, 0), limits)


def magnitude_loss(mask: Tensor, batch: Batch, relative: bool = True) -> Tensor:
    """L1 of mask × mixture − target (paper, section 3.1); `relative` to each patch's mean magnitude: divided by its
    maximum alone, a patch with one loud drum would hardly count."""
    distance = (mask * batch.mixture - batch.target).abs() * batch.weight
    if relative:
        distance = distance / (batch.mixture.mean(dim=(1, 2, 3), keepdim=True) + 1e-5)
    return distance.mean()
