"""Vocals of a waveform by Spleeter's networks, at 44.1 kHz: masks on an STFT of 4096/1024, both channels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .spleeter import UNIT

RATE = 44100
FFT_SIZE, HOP = 4096, 1024
FRAMES = 512
EPSILON = 1e-10
TOP_BINS = 160
"""Above the networks' bins a frame's mask is the mean of so many bins below."""


@dataclass(frozen=True)
class Scaling:
    """What a song's magnitudes are multiplied by before the networks: `factor`, or what brings its RMS to `rms`."""

    factor: float = 1.0
    rms: float | None = None

    def of(self, mixture: Tensor) -> float:
        """mixture: (channels, samples)."""
        if self.rms is None:
            return self.factor
        return self.rms / max(float(mixture.square().mean().sqrt()), 1e-6)


def stft(waves: Tensor) -> Tensor:
    """(channels, samples) → (channels, frames, bins) complex64: periodic Hann, centred, zeros around the song."""
    window = torch.hann_window(FFT_SIZE, device=waves.device)
    spectrum = torch.stft(waves, FFT_SIZE, HOP, window=window, center=True, pad_mode="constant", return_complex=True)
    return spectrum.transpose(1, 2)


def istft(spectrum: Tensor, samples: int) -> Tensor:
    """Inverse of `stft`."""
    window = torch.hann_window(FFT_SIZE, device=spectrum.device)
    # The last samples, which no frame centres on, keep a tail of zeros.
    return torch.istft(spectrum.transpose(1, 2), FFT_SIZE, HOP, window=window, center=True, length=samples)


@torch.no_grad()
def network_mask(network: nn.Module, magnitude: Tensor, bins: int, half: bool = False) -> Tensor:
    """(channels, frames, all bins) → the network's mask (channels, frames, bins), in patches of 512 frames.

    half: bfloat16. A short song is filled up to a multiple of the network's unit only.
    """
    channels, frames, _ = magnitude.shape
    patch = FRAMES if frames > FRAMES else -(-frames // UNIT) * UNIT
    count = -(-frames // patch)
    picture = F.pad(magnitude[:, :, :bins], (0, 0, 0, count * patch - frames))
    masks = []
    for part in picture.split(patch, dim=1):
        with torch.autocast(part.device.type, torch.bfloat16, enabled=half):
            masks.append(network(part[None])[0])
    return torch.cat(masks, dim=1)[:, :frames]


def ratio_mask(vocals: Tensor, accompaniment: Tensor, exponent: float) -> Tensor:
    """vᵖ / (vᵖ + aᵖ) of two networks' masks or magnitudes."""
    v, a = vocals**exponent, accompaniment**exponent
    return (v + EPSILON / 2) / (v + a + EPSILON)


def extended(mask: Tensor, bins: int) -> Tensor:
    """(channels, frames, some bins) → (channels, frames, bins): the mean of the top of the mask above it."""
    above = mask[..., -TOP_BINS:].mean(-1, keepdim=True)
    return torch.cat((mask, above.expand(*mask.shape[:-1], bins - mask.shape[-1])), dim=-1)


def vocals_of(spectrum: Tensor, mask: Tensor, samples: int) -> Tensor:
    """Mixture's spectrum (channels, frames, all bins) and mask (channels, frames, bins) → (channels, samples)."""
    return istft(spectrum * extended(mask, spectrum.shape[-1]), samples)


def separate(mixture: Tensor, vocals: nn.Module, accompaniment: nn.Module | None, bins: int, exponent: float = 1.5,
             scaling: Scaling = Scaling(), half: bool = False) -> Tensor:
    """Mixture (2, samples) at 44.1 kHz → vocals of that shape; without the second network its mask alone."""
    spectrum = stft(mixture)
    magnitude = spectrum.abs() * scaling.of(mixture)
    mask = network_mask(vocals, magnitude, bins, half)
    if accompaniment is not None:
        mask = ratio_mask(mask, network_mask(accompaniment, magnitude, bins, half), exponent)
    return vocals_of(spectrum, mask, mixture.shape[1])
