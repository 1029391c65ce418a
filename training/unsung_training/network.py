"""The U-Net of Jansson et al., "Singing Voice Separation with Deep U-Net Convolutional Networks", ISMIR 2017, section 3.

Input and output are pictures of shape (batch, channels, bins, frames): compressed magnitude in, mask in [0, 1] out.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

KERNEL = 5
# Stride 2 with TensorFlow's "same" padding at kernel 5 and even sizes: one row before, two after.
PAD_BEFORE, PAD_AFTER = 1, 2


@dataclass(frozen=True)
class NetworkConfig:
    """filters: output channels of the encoder's layers; dropout: rate in the decoder's first three layers."""

    filters: tuple[int, ...] = (16, 32, 64, 128, 256, 512)
    slope: float = 0.2
    epsilon: float = 1e-3
    dropout: float = 0.5
    channels: int = 1


class DownConvolution(nn.Conv2d):
    """5×5 convolution, stride 2, TensorFlow "same" padding: (n, c, h, w) → (n, out, h/2, w/2), h and w even."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, KERNEL, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, (PAD_BEFORE, PAD_AFTER, PAD_BEFORE, PAD_AFTER)))


class UpConvolution(nn.Module):
    """5×5 transposed convolution, stride 2, TensorFlow "same": (n, c, h, w) → (n, out, 2h, 2w).

    Computed as a 3×3 convolution to 4·out channels and a pixel shuffle: output row 2m takes the taps 3 and 1 of the
    input rows m−1 and m, row 2m+1 the taps 4, 2 and 0 of m−1, m and m+1. Twice as fast on a CPU as
    nn.ConvTranspose2d. The parameter is kept in the layout of that 3×3 convolution, (4·out, in, 3, 3), channel =
    out·4 + row phase·2 + column phase: rearranging it at every step would cost a third of the step.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        reference = nn.ConvTranspose2d(inputs, outputs, KERNEL, stride=2)
        self.weight = nn.Parameter(to_phases(reference.weight.detach()))
        self.bias = reference.bias
        # The 11 of 36 taps that a 5×5 kernel does not have stay zero.
        self.register_buffer("live", to_phases(torch.ones(1, 1, KERNEL, KERNEL)).repeat(outputs, 1, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.conv2d(x, self.weight * self.live, self.bias.repeat_interleave(4), padding=1)
        return F.pixel_shuffle(y, 2)


def to_phases(weight: Tensor) -> Tensor:
    """nn.ConvTranspose2d's weight (in, out, 5, 5) → (4·out, in, 3, 3) of the equivalent 3×3 convolution.

    With a zero in front, tap 2·(2 − d) + p belongs to phase p and input offset d − 1, d = 0, 1, 2.
    """
    inputs, outputs = weight.shape[:2]
    padded = F.pad(weight, (1, 0, 1, 0)).view(inputs, outputs, 3, 2, 3, 2)
    return padded.flip(2, 4).permute(1, 3, 5, 0, 2, 4).reshape(outputs * 4, inputs, 3, 3).contiguous()


def from_phases(weight: Tensor) -> Tensor:
    """Inverse of `to_phases`."""
    outputs, inputs = weight.shape[0] // 4, weight.shape[1]
    split = weight.view(outputs, 2, 2, inputs, 3, 3).permute(3, 0, 4, 1, 5, 2).flip(2, 4)
    return split.reshape(inputs, outputs, 6, 6)[:, :, 1:, 1:].contiguous()


class EncoderLayer(nn.Module):
    """Convolution, batch norm, leaky ReLU; halves height and width."""

    def __init__(self, inputs: int, outputs: int, config: NetworkConfig) -> None:
        super().__init__()
        self.conv = DownConvolution(inputs, outputs)
        self.norm = nn.BatchNorm2d(outputs, eps=config.epsilon)
        self.slope = config.slope

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(self.norm(self.conv(x)), self.slope)


class DecoderLayer(nn.Module):
    """Transposed convolution, batch norm, ReLU, dropout; doubles height and width. The last has the convolution only."""

    def __init__(self, inputs: int, outputs: int, config: NetworkConfig, dropout: float, last: bool) -> None:
        super().__init__()
        self.conv = UpConvolution(inputs, outputs)
        self.norm = None if last else nn.BatchNorm2d(outputs, eps=config.epsilon)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        if self.norm is None:
            return x
        # Dropout of whole cells, as in the paper, not of channels.
        return F.dropout(F.relu(self.norm(x)), self.dropout, self.training)


class UNet(nn.Module):
    """(n, channels, bins, frames) → the same; bins and frames are multiples of 2 to the number of layers."""

    def __init__(self, config: NetworkConfig = NetworkConfig()) -> None:
        super().__init__()
        self.config = config
        filters = config.filters
        self.encoder = nn.ModuleList(
            EncoderLayer(inputs, outputs, config) for inputs, outputs in zip((config.channels, *filters), filters)
        )
        outputs = (*reversed(filters[:-1]), config.channels)
        inputs = (filters[-1], *(2 * f for f in reversed(filters[:-1])))
        last = len(filters) - 1
        self.decoder = nn.ModuleList(
            DecoderLayer(i, o, config, config.dropout if n < 3 else 0.0, n == last)
            for n, (i, o) in enumerate(zip(inputs, outputs))
        )

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for layer in self.encoder:
            # The faster layout; the layers after the first keep it.
            x = layer(x).contiguous(memory_format=torch.channels_last)
            skips.append(x)
        skips.pop()
        for layer in self.decoder:
            x = layer(x)
            if skips:
                x = torch.cat((x, skips.pop()), dim=1)
        # In float32: bfloat16 has too few steps near a mask of 1.
        return torch.sigmoid(x.float())
