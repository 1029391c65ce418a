"""Writes tests/fixtures/model/spleeter-counts.json: what PyTorch counts of one network of Spleeter, layer by layer.

    python training/reference/spleeter_counts.py

The network is deezer/spleeter's (model/functions/unet.py) with its filters, on the patch of the program's model. Parameters
are all numbers of the modules' state_dict (but for the count of batches), trainable those that an optimiser would be given.
Convolutions are computed as products of matrices, which torch.nn's own give again; multiply-adds are those of the matrices.
"""

import json

import torch
import torch.nn.functional as F
from network_reference import FOLDER
from torch import nn

FILTERS = [16, 32, 64, 128, 256, 512]
CASES = {
    "spleeter": {"filters": FILTERS, "bins": 1024, "frames": 512},
    "small": {"filters": [3, 5, 6], "bins": 32, "frames": 16},
}


def multiply(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, int]:
    """A product of matrices, and its multiply-adds."""
    return a @ b, a.shape[0] * a.shape[1] * b.shape[1]


def convolve(conv: nn.Conv2d, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    columns = F.unfold(x, conv.kernel_size, dilation=conv.dilation, stride=conv.stride)[0]
    y, count = multiply(conv.weight.flatten(1), columns)
    truth = conv(x)
    torch.testing.assert_close((y + conv.bias[:, None]).view_as(truth), truth, rtol=1e-3, atol=1e-3)
    return truth, count


def deconvolve(conv: nn.ConvTranspose2d, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    columns, count = multiply(conv.weight.flatten(1).T, x[0].flatten(1))
    truth = conv(x)
    y = F.fold(columns[None], truth.shape[2:], conv.kernel_size, stride=conv.stride)
    torch.testing.assert_close(y + conv.bias[None, :, None, None], truth, rtol=1e-3, atol=1e-3)
    # TensorFlow's “same” cuts one row before and two after.
    return truth[:, :, 1:-2, 1:-2], count


def counts(filters: list[int], bins: int, frames: int) -> list[dict]:
    layers, depth = [], len(filters)

    def add(name: str, modules: list[nn.Module], x: torch.Tensor, y: torch.Tensor, multiply_adds: int) -> None:
        both = nn.ModuleList(modules)
        layers.append(
            {
                "name": name,
                "input": list(x.shape[2:]) + [x.shape[1]],
                "output": list(y.shape[2:]) + [y.shape[1]],
                "parameters": sum(t.numel() for t in both.state_dict().values() if t.is_floating_point()),
                "trainable": sum(p.numel() for p in both.parameters() if p.requires_grad),
                "multiplyAdds": multiply_adds,
            }
        )

    x, skips = torch.rand(1, 2, bins, frames), []
    for index, outputs in enumerate(filters):
        conv = nn.Conv2d(x.shape[1], outputs, 5, stride=2)
        raw, count = convolve(conv, F.pad(x, (1, 2, 1, 2)))
        skips.append(raw)
        # The deepest has a norm that nothing reads: it is in the checkpoints, and counted apart.
        norms = [nn.BatchNorm2d(outputs).eval()] if index < depth - 1 else []
        add(f"encoder_{index}", [conv, *norms], x, raw, count)
        x = F.leaky_relu(norms[0](raw), 0.2) if norms else raw
    for index, outputs in enumerate([*reversed(filters[:-1]), 1]):
        x = torch.cat([skips[depth - 1 - index], x], 1) if index > 0 else x
        conv, norm = nn.ConvTranspose2d(x.shape[1], outputs, 5, stride=2), nn.BatchNorm2d(outputs).eval()
        raw, count = deconvolve(conv, x)
        add(f"decoder_{index}", [conv, norm], x, raw, count)
        x = norm(F.relu(raw))
    conv = nn.Conv2d(1, 2, 4, dilation=2)
    y, count = convolve(conv, F.pad(x, (3, 3, 3, 3)))
    add("output_0", [conv], x, y, count)
    return layers


def unused(channels: int) -> int:
    return sum(t.numel() for t in nn.BatchNorm2d(channels).state_dict().values() if t.is_floating_point())


def main() -> None:
    torch.manual_seed(0)
    with torch.no_grad():
        counted = {name: {**case, "unused": unused(case["filters"][-1]), "layers": counts(**case)} for name, case in CASES.items()}
    for name, case in counted.items():
        for total in ("parameters", "multiplyAdds"):
            print(name, total, sum(layer[total] for layer in case["layers"]))
    (FOLDER / "spleeter-counts.json").write_text(json.dumps(counted, indent=1) + "\n")


if __name__ == "__main__":
    main()
