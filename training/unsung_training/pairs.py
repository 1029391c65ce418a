"""From drawn waveforms to training pairs, on the device that trains: STFT, equalisation, levels, magnitudes."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Batch:
    """Training pairs: (n, channels, rows, frames) float32 each, divided by the mixture's patch maximum.

    With `complex_pairs` the spectra themselves come along, (n, channels, bins, frames) complex64, divided likewise; with
    `accompaniments` the accompaniment's magnitudes.
    `weight` is 0 where a source is known to have lost its treble, 1 elsewhere: (n, 1, rows, 1).
    """

    mixture: Tensor
    vocals: Tensor
    weight: Tensor
    mixture_spectrum: Tensor | None = None
    vocals_spectrum: Tensor | None = None
    accompaniment: Tensor | None = None


class Pairing:
    """Makes pairs of voices and accompaniments. One seed, one device, one sequence."""

    def __init__(self, patch: PatchConfig, levels: LevelConfig, device: torch.device, seed: int,
                 complex_pairs: bool = False, accompaniments: bool = False) -> None:
        self.patch, self.levels, self.device = patch, levels, device
        self.complex_pairs, self.accompaniments = complex_pairs, accompaniments
        self.random = torch.Generator(device).manual_seed(seed)
        self.window = torch.hann_window(patch.fft_size, device=device)
        # The equaliser's five anchors lie evenly on a log-frequency axis.
        axis = np.log2(1 + np.arange(patch.bins)) / np.log2(patch.bins) * 4
        self.anchor = torch.from_numpy(np.minimum(axis.astype(np.int64), 3)).to(device)
        self.part = torch.from_numpy((axis - np.minimum(axis.astype(int), 3)).astype(np.float32)).to(device)
        self.row_hertz = torch.from_numpy(patch.row_hertz().astype(np.float32)).to(device)

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.random, device=self.device)

    def equaliser(self, count: int) -> Tensor:
        """(count, bins) gains: normal at five anchors, linear in decibels between them."""
        anchors = torch.randn((count, 5), generator=self.random, device=self.device) * self.levels.equaliser_db
        decibels = anchors[:, self.anchor] * (1 - self.part) + anchors[:, self.anchor + 1] * self.part
        return 10.0 ** (decibels / 20)

    def spectra(self, waves: Tensor) -> Tensor:
        """(n, channels, samples) → (n, channels, bins, frames) complex64, equalised at random; channels alike."""
        patch = self.patch
        n, channels, samples = waves.shape
        spectrum = torch.stft(waves.reshape(n * channels, samples), patch.fft_size, patch.hop, window=self.window,
                              center=False, return_complex=True)
        spectrum = spectrum[:, patch.first_bin : patch.first_bin + patch.bins]
        spectrum = spectrum.reshape(n, channels, patch.bins, -1)
        return spectrum * self.equaliser(n)[:, None, :, None]

    def rows(self, magnitude: Tensor) -> Tensor:
        """(n, channels, bins, frames) → (n, channels, rows, frames): the mean of each row's bins."""
        bands = self.patch.bands
        if not bands:
            return magnitude
        n, channels, _, frames = magnitude.shape
        parts = torch.split(magnitude, [bins for bins, _ in bands], dim=2)
        return torch.cat([part.reshape(n, channels, -1, width, frames).mean(3) if width > 1 else part
                          for part, (_, width) in zip(parts, bands)], dim=2)

    def mix(self, voices: Tensor, backings: Tensor, limits: Tensor) -> Batch:
        """Spectra of `spectra` → pairs at random levels. limits: hertz above which a pair teaches nothing, (n,)."""
        n = len(voices)
        if self.patch.channels == 2:
            folded = (self._uniform(n) < self.levels.mono)[:, None, None, None]
            voices, backings = (torch.where(folded, x.mean(1, keepdim=True), x) for x in (voices, backings))
        low, high = self.levels.voice_level
        gain = 10.0 ** ((low + (high - low) * self._uniform(n)) / 20)
        draw = self._uniform(n)
        gain = torch.where(draw < self.levels.no_voice, 0.0, gain)
        other = (draw <= 1.0 - self.levels.no_accompaniment).float()
        vocals, accompaniment = voices * gain[:, None, None, None], backings * other[:, None, None, None]
        mixture = vocals + accompaniment
        magnitude = self.rows(mixture.abs())
        # A silent patch has maximum 0; dividing by it would ruin the run.
        scale = 1.0 / magnitude.amax(dim=(1, 2, 3), keepdim=True).clamp_min(1e-6)
        weight = (self.row_hertz[None] <= limits[:, None]).float()[:, None, :, None]
        spectra = (mixture * scale, vocals * scale) if self.complex_pairs else (None, None)
        rest = self.rows(accompaniment.abs()) * scale if self.accompaniments else None
        return Batch(magnitude * scale, self.rows(vocals.abs()) * scale, weight, *spectra, rest)

    def batches(self, drawn: tuple[Tensor, Tensor, Tensor, Tensor], pairings: int):
        """Drawn voices and accompaniments with their limits (see Mixer.pack) → `pairings` batches of them.

        What was drawn is used several times, in other pairs and at other levels: mixing costs less than drawing.
        """
        voices, backings, voice_limits, backing_limits = (t.to(self.device, non_blocking=True) for t in drawn)
        voices, backings = self.spectra(voices), self.spectra(backings)
        for shift in range(pairings):
            limits = torch.minimum(voice_limits, backing_limits.roll(shift))
            yield self.mix(voices, backings.roll(shift, 0), limits)


def expand_rows(mask: Tensor, patch: PatchConfig) -> Tensor:
    """(n, channels, rows, frames) → (n, channels, bins, frames)."""
    if not patch.bands:
        return mask
    parts = torch.split(mask, [bins // width for bins, width in patch.bands], dim=2)
    return torch.cat([part.repeat_interleave(width, 2) for part, (_, width) in zip(parts, patch.bands)], dim=2)


def _over_mean(weight: Tensor, magnitude: Tensor, relative: bool) -> Tensor:
    """Divided by its maximum alone, a patch with one loud drum would hardly count."""
    return weight / (magnitude.mean(dim=(1, 2, 3), keepdim=True) + 1e-5) if relative else weight


def magnitude_loss(mask: Tensor, batch: Batch, relative: bool = True, accompaniment_share: float = 0.0) -> Tensor:
    """L1 of mask × mixture − vocals (paper, section 3.1); `relative` to each patch's mean magnitude.

    `accompaniment_share` of it is the L1 of (1 − mask) × mixture − accompaniment; with 1 the network is the paper's second
    one, which is trained by accompaniments alone: 1 − mask is its mask.
    """
    weight = _over_mean(batch.weight, batch.mixture, relative)
    distance = (mask * batch.mixture - batch.vocals).abs()
    if accompaniment_share:
        distance = torch.lerp(distance, ((1 - mask) * batch.mixture - batch.accompaniment).abs(), accompaniment_share)
    return (distance * weight).mean()


def complex_loss(mask: Tensor, batch: Batch, patch: PatchConfig, relative: bool = True) -> Tensor:
    """L1 of the complex difference: what is lost by the mixture's phase counts too, as it does in the SDR."""
    error = torch.view_as_real(expand_rows(mask, patch) * batch.mixture_spectrum - batch.vocals_spectrum)
    distance = torch.sqrt(error.square().sum(-1) + 1e-12)
    weight = _over_mean(expand_rows(batch.weight, patch), batch.mixture_spectrum.abs(), relative)
    return (distance * weight).mean()
