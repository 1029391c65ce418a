"""Writes tests/fixtures/import/torch: the paper's network in small as a PyTorch state dict, an input, and its output.

    python training/reference/import_torch.py [--full DIR]

Requirements: torch, numpy and safetensors, as the training has (training/requirements.txt).

`unet.safetensors` is a plain state dict, written by safetensors without metadata: nn.Conv2d, nn.ConvTranspose2d and
nn.BatchNorm2d under the names of the project's own networks, the norms' counters (num_batches_tracked) included.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from import_common import (
    FIXTURES, FULL, FULL_PATCH, SMALL, SMALL_PATCH, decoder_filters, make_patches, parse_arguments, write_values,
)
from safetensors.torch import save_file
from torch import nn


class Layer(nn.Module):
    """A convolution of stride 2 with TensorFlow's "same" padding (1 before, 2 after), and a batch norm or none."""

    def __init__(self, conv: nn.Module, norm: bool) -> None:
        super().__init__()
        self.conv = conv
        self.norm = nn.BatchNorm2d(conv.out_channels, eps=1e-3) if norm else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if isinstance(self.conv, nn.Conv2d):
            return F.leaky_relu(self.norm(self.conv(F.pad(x, (1, 2, 1, 2)))), 0.2)
        y = self.norm(self.conv(x)[:, :, 1:-2, 1:-2])
        return F.relu(y) if isinstance(self.norm, nn.BatchNorm2d) else torch.sigmoid(y)


class UNet(nn.Module):
    """(n, 1, bins, frames) magnitudes to masks of that shape."""

    def __init__(self, filters: tuple[int, ...]) -> None:
        super().__init__()
        decoder = decoder_filters(filters)
        inputs = (filters[-1], *(a + b for a, b in zip(decoder, filters[-2::-1])))
        self.encoder = nn.ModuleList(
            Layer(nn.Conv2d(i, o, 5, stride=2), norm=True) for i, o in zip((1, *filters), filters)
        )
        self.decoder = nn.ModuleList(
            Layer(nn.ConvTranspose2d(i, o, 5, stride=2), norm=n < len(filters) - 1)
            for n, (i, o) in enumerate(zip(inputs, decoder))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for layer in self.encoder:
            x = layer(x)
            skips.append(x)
        for n, layer in enumerate(self.decoder):
            x = layer(x if n == 0 else torch.cat((x, skips[-1 - n]), 1))
        return x


def main() -> None:
    arguments = parse_arguments(__doc__, steps=400)
    filters, size = (FULL, FULL_PATCH) if arguments.full else (SMALL, SMALL_PATCH)
    folder: Path = arguments.full or FIXTURES / "torch"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    network = UNet(filters)
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for step in range(arguments.steps):
        pair = make_patches(rng, 2 if arguments.full else 8, *size)
        x, y = (torch.from_numpy(part)[:, None] for part in pair)
        loss = (x * network(x) - y).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 100 == 0:
            print("step", step, "loss", loss.item())
    network.eval()
    x = make_patches(rng, 2, *size)[0]
    with torch.no_grad():
        y = network(torch.from_numpy(x)[:, None])[:, 0].numpy()
    save_file(network.state_dict(), folder / "unet.safetensors")
    about = f"training/reference/import_torch.py, PyTorch {torch.__version__}, numpy {np.__version__}"
    write_values(folder, x, y, filters, about)


if __name__ == "__main__":
    main()
