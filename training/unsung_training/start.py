"""Weights to go on from: those of models/<id>/ (what `npm run convert` wrote), of a checkpoint, or the mean of several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .network import to_phases

NORM = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def torch_name(name: str) -> str:
    """`encoder_0_conv/kernel` → `encoder.0.conv.weight`, `encoder_0_mixing_down/kernel` → `encoder_mixing.0.down.weight`."""
    layer, parameter = name.split("/")
    part, index, *block, kind = layer.split("_")
    names = NORM if kind == "norm" else {"kernel": "weight", "bias": "bias"}
    return f"{'_'.join((part, *block))}.{index}.{kind}.{names[parameter]}"


def read_model(folder: Path) -> dict[str, Tensor]:
    """The UNet's state, float32, whose output is the mask of the vocals whatever the model's target. Raises
    FileNotFoundError for a missing file, ValueError when the bytes do not fit."""
    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"]
    target = json.loads((folder / "manifest.json").read_text())["target"]
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
            # TensorFlow's (kh, kw, b, a) is PyTorch's (a, b, kh, kw), for both kinds of convolution; a dense (in, out) is
            # PyTorch's (out, in).
            order = {4: (3, 2, 0, 1), 2: (1, 0)}.get(values.ndim, (0,))
            tensor = torch.from_numpy(values.transpose(order).copy())
            state[name] = to_phases(tensor) if name.startswith("decoder") and values.ndim == 4 else tensor
        if at != len(data):
            raise ValueError(f"{folder}: model.json names {at} bytes of weights, the files hold {len(data)}")
    return complement(state) if target == "accompaniment" else state


def _last_layer(state: dict[str, Tensor]) -> str:
    return f"decoder.{sum(name.endswith('.conv.bias') for name in state) // 2 - 1}.conv"


def complement(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The network whose mask is 1 − that of `state`: σ(−x) = 1 − σ(x)."""
    last = _last_layer(state)
    return {**state, **{f"{last}.{part}": -state[f"{last}.{part}"] for part in ("weight", "bias")}}


def read_weights(paths: Sequence[Path]) -> dict[str, Tensor]:
    """The UNet's state, float32: of each folder of models/ or checkpoint (its moving average), the mean of all.

    Networks that were trained from the same weights are best averaged weight by weight: Wortsman et al., "Model soups",
    ICML 2022, section 2. Raises FileNotFoundError for a missing file, ValueError when the networks differ.
    """
    states = [torch.load(path, map_location="cpu")["average"] if path.is_file() else read_model(path) for path in paths]
    states = [{name: value for name, value in state.items() if value.is_floating_point()} for state in states]
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    for path, shape in zip(paths, shapes):
        if shape != shapes[0]:
            raise ValueError(f"{path} is another network than {paths[0]}: their weights have no mean")
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def for_channels(state: dict[str, Tensor], channels: int) -> dict[str, Tensor]:
    """The state of a one-channel network for an image of `channels`: it hears their mean, and gives each the same mask.

    What it has learnt of sounds holds for stereo too; what the sides tell of them is learnt from there.
    """
    first, last = "encoder.0.conv.weight", _last_layer(state)
    if channels == 1 or state[first].shape[1] != 1:
        return state
    return {**state, first: state[first].repeat(1, channels, 1, 1) / channels,
            f"{last}.weight": state[f"{last}.weight"].repeat(channels, 1, 1, 1),
            f"{last}.bias": state[f"{last}.bias"].repeat(channels)}
