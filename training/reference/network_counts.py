"""Writes tests/fixtures/model/network-counts.json: what PyTorch counts of three U-Nets, layer by layer.

    python training/reference/network_counts.py

Parameters are all numbers of the modules' state_dict (but for the count of batches), trainable those that an optimiser
would be given; multiply-adds are half of what
torch.utils.flop_counter.FlopCounterMode counts while one patch goes through; shapes are those of the tensors.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

FIXTURE = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "model" / "network-counts.json"

ENCODER = [16, 32, 64, 128, 256, 512]
DECODER = [256, 128, 64, 32, 16, 1]
CASES = {
    "paper": {"kernel": 5, "encoderFilters": ENCODER, "decoderFilters": DECODER, "bias": True, "bins": 512, "frames": 128},
    "kernel 4": {"kernel": 4, "encoderFilters": ENCODER, "decoderFilters": DECODER, "bias": True, "bins": 512, "frames": 128},
    "small, without bias": {
        "kernel": 5,
        "encoderFilters": [4, 6, 10],
        "decoderFilters": [9, 5, 1],
        "bias": False,
        "bins": 32,
        "frames": 16,
    },
}


def counts(case: dict) -> list[dict]:
    kernel, bias = case["kernel"], case["bias"]
    encoder_filters, decoder_filters = case["encoderFilters"], case["decoderFilters"]
    layers = []

    def run(name: str, conv: nn.Module, norm: nn.Module | None, x: torch.Tensor, pad: bool) -> torch.Tensor:
        modules = nn.ModuleList([conv] if norm is None else [conv, norm]).eval()
        with FlopCounterMode(display=False) as flops, torch.no_grad():
            # TensorFlow's “same”: a row before, kernel - 3 after.
            y = conv(F.pad(x, (1, kernel - 3, 1, kernel - 3))) if pad else conv(x)
        if not pad:
            y = y[:, :, 1 : 1 + 2 * x.shape[2], 1 : 1 + 2 * x.shape[3]]
        if norm is not None:
            y = norm(y)
        layers.append(
            {
                "name": name,
                "input": list(x.shape[2:]) + [x.shape[1]],
                "output": list(y.shape[2:]) + [y.shape[1]],
                "parameters": sum(t.numel() for t in modules.state_dict().values() if t.is_floating_point()),
                "trainable": sum(p.numel() for p in modules.parameters() if p.requires_grad),
                "multiplyAdds": flops.get_total_flops() // 2,
            }
        )
        return y

    x = torch.zeros(1, 1, case["bins"], case["frames"])
    skips = []
    with torch.no_grad():
        for index, outputs in enumerate(encoder_filters):
            conv = nn.Conv2d(x.shape[1], outputs, kernel, stride=2, bias=bias)
            x = run(f"encoder_{index}", conv, nn.BatchNorm2d(outputs), x, pad=True)
            skips.append(x)
        skips.pop()
        for index, outputs in enumerate(decoder_filters):
            if index > 0:
                x = torch.cat([x, skips.pop()], dim=1)
            last = index == len(decoder_filters) - 1
            conv = nn.ConvTranspose2d(x.shape[1], outputs, kernel, stride=2, bias=bias)
            x = run(f"decoder_{index}", conv, None if last else nn.BatchNorm2d(outputs), x, pad=False)
    return layers


FIXTURE.write_text(json.dumps({name: {**case, "layers": counts(case)} for name, case in CASES.items()}, indent=1) + "\n")
