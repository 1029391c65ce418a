"""Writes tests/fixtures/import/spleeter/torch: two small networks of Spleeter's kind as ports to PyTorch save them.

    python training/reference/import_spleeter_torch.py

Requirements: torch, numpy and safetensors, as the training has (training/requirements.txt).

`stems.safetensors` is the state dict of a list of two networks, under the names of the ports (`stems.0.down1_conv.1.weight`),
the unused norm and the norms' counters included. The input is that of import_spleeter.py; `values.safetensors` holds the same
as there. Pictures are (frames, bins).
"""

import numpy as np
import torch
from import_common import FIXTURES, SMALL
from safetensors.torch import save_file
from torch import nn

FOLDER = FIXTURES / "spleeter"
FRAMES, BINS = 64, 128
SHOWN = [0, 21, 40, 63]


class Cut(nn.Module):
    """What TensorFlow's “same” leaves of a transposed convolution."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :, 1:-2, 1:-2]


class Network(nn.Module):
    """(n, 2, frames, bins) magnitudes to masks of that shape."""

    def __init__(self, filters: tuple[int, ...]) -> None:
        super().__init__()
        self.depth = len(filters)
        inputs = 2
        for n, outputs in enumerate(filters, start=1):
            conv = nn.Conv2d(inputs, outputs, 5, stride=2)
            self.add_module(f"down{n}_conv", nn.Sequential(nn.ZeroPad2d((1, 2, 1, 2)), conv))
            self.add_module(f"down{n}_act", nn.Sequential(nn.BatchNorm2d(outputs, eps=1e-3), nn.LeakyReLU(0.2)))
            inputs = outputs
        for n, outputs in enumerate((*reversed(filters[:-1]), 1), start=1):
            inputs += filters[-n] if n > 1 else 0
            conv = nn.ConvTranspose2d(inputs, outputs, 5, stride=2)
            self.add_module(f"up{n}", nn.Sequential(conv, Cut(), nn.ReLU(), nn.BatchNorm2d(outputs, eps=1e-3)))
            inputs = outputs
        self.add_module(f"up{self.depth + 1}", nn.Sequential(nn.Conv2d(1, 2, 4, dilation=2, padding=3), nn.Sigmoid()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for n in range(1, self.depth + 1):
            skips.append(self.get_submodule(f"down{n}_conv")(x))
            x = self.get_submodule(f"down{n}_act")(skips[-1])
        x = skips.pop()
        for n in range(1, self.depth + 1):
            x = self.get_submodule(f"up{n}")(torch.cat([skips.pop(), x], 1) if n > 1 else x)
        return self.get_submodule(f"up{self.depth + 1}")(x)


class Separator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stems = nn.ModuleList([Network(SMALL), Network(SMALL)])


def main() -> None:
    torch.manual_seed(3)
    separator = Separator().eval()
    for name, tensor in separator.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
        elif name.endswith(("running_mean", "bias")):
            tensor.normal_(0, 0.2)
        elif tensor.ndim == 4:
            tensor.mul_(2)
        elif tensor.ndim == 1:
            tensor.uniform_(0.5, 1.5)
    magnitudes = np.frombuffer((FOLDER / "input.f32").read_bytes(), "<f4").reshape(FRAMES, BINS, 2)
    x = torch.from_numpy(magnitudes.copy()).permute(2, 0, 1)[None]
    with torch.no_grad():
        double = separator.double()
        masks = torch.stack([network(x.double())[0].permute(1, 2, 0) for network in double.stems])
    estimates = (masks * torch.from_numpy(magnitudes.copy()).double()) ** 1.5
    mask = (estimates[0] + 0.5e-10) / (estimates.sum(0) + 1e-10)
    values = {"output/vocals": masks[0], "output/accompaniment": masks[1], "mask": mask}
    for key, value in values.items():
        print(key, f"{value.min():.4f} to {value.max():.4f}")
    folder = FOLDER / "torch"
    folder.mkdir(exist_ok=True)
    save_file(separator.float().state_dict(), folder / "stems.safetensors")
    save_file({key: value[SHOWN].float().contiguous() for key, value in values.items()}, folder / "values.safetensors")


if __name__ == "__main__":
    main()
