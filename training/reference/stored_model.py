"""A model of models/<id> in PyTorch's functions, with the weights as its files hold them, rounding included.

`read_networks` is what the scripts beside this one compute their references with. The layers are written here once
more, plainly and in double precision: they share no code with the training's networks nor with the program's. Requires
torch and numpy.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from stored_weights import networks_of, read_weights
from torch import Tensor

Network = Callable[[Tensor], Tensor]


def shards_of(manifest: dict) -> list[str]:
    """SHA-256 of the files that hold weights, network by network."""
    files = [file for network in networks_of(manifest).values() for file in network["files"]]
    return [file["sha256"] for file in files if file["path"].endswith(".bin")]


def read_networks(folder: Path, manifest: dict) -> dict[str, Network]:
    """Stem → network: (n, channels, bins, frames) of any size that the layers can halve → the same shape, in float64."""
    return {stem: make_network(network, as_tensors(read_weights(folder, network)))
            for stem, network in networks_of(manifest).items()}


def as_tensors(weights: dict[str, np.ndarray]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(values) for name, values in weights.items()}


def make_network(network: dict, weights: dict[str, Tensor]) -> Network:
    family = {"unet": unet, "spleeter": spleeter}[network["family"]]

    def run(x: Tensor) -> Tensor:
        with torch.no_grad():
            return family(x.double(), network, weights)

    return run


def convolution(x: Tensor, weights: dict[str, Tensor], name: str, stride: int = 2, dilation: int = 1) -> Tensor:
    """TensorFlow's padding "same", for sizes that are multiples of the stride."""
    kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
    surplus = (kernel.shape[2] - 1) * dilation + 1 - stride
    before, after = surplus // 2, surplus - surplus // 2
    padded = F.pad(x, (before, after, before, after))
    return F.conv2d(padded, kernel, weights.get(f"{name}/bias"), stride=stride, dilation=dilation)


def transposed(x: Tensor, weights: dict[str, Tensor], name: str) -> Tensor:
    """Stride 2, "same": twice as many rows and columns."""
    kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
    before = (kernel.shape[2] - 2) // 2
    y = F.conv_transpose2d(x, kernel, weights.get(f"{name}/bias"), stride=2)
    return y[:, :, before : before + 2 * x.shape[2], before : before + 2 * x.shape[3]]


def norm(x: Tensor, weights: dict[str, Tensor], name: str, epsilon: float) -> Tensor:
    mean, variance, gamma, beta = (weights[f"{name}/{part}"] for part in ("moving_mean", "moving_variance", "gamma", "beta"))
    return F.batch_norm(x, mean, variance, gamma, beta, training=False, eps=epsilon)


def activation(x: Tensor, kind: str, slope: float = 0.0) -> Tensor:
    if kind == "leaky-relu":
        return F.leaky_relu(x, slope)
    return {"relu": F.relu, "elu": F.elu, "sigmoid": torch.sigmoid}[kind](x)


def unet(x: Tensor, network: dict, weights: dict[str, Tensor]) -> Tensor:
    """Jansson et al. (ISMIR 2017), section 3.1, and the variants that the manifest's fields say."""
    depth, epsilon = len(network["encoderFilters"]), network["epsilon"]

    def finish(y: Tensor, name: str, kind: str, slope: float = 0.0) -> Tensor:
        if network["order"] == "activation-norm":
            return norm(activation(y, kind, slope), weights, name, epsilon)
        return activation(norm(y, weights, name, epsilon), kind, slope)

    skips = []
    for n in range(depth):
        x = finish(convolution(x, weights, f"encoder_{n}_conv"), f"encoder_{n}_norm", "leaky-relu", network["slope"])
        skips.append(x)
    for n in range(depth):
        if n > 0:
            pair = (x, skips[depth - 1 - n])
            x = torch.cat(pair if network["skipOrder"] == "decoder-encoder" else pair[::-1], 1)
        x = transposed(x, weights, f"decoder_{n}_conv")
        x = finish(x, f"decoder_{n}_norm", "relu") if n < depth - 1 else activation(x, network["outputActivation"])
    return x


def spleeter(x: Tensor, network: dict, weights: dict[str, Tensor]) -> Tensor:
    """deezer/spleeter, spleeter/model/functions/unet.py: masks, or logits of the model of five stems."""
    depth, epsilon = len(network["filters"]), network["epsilon"]
    encoder, decoder = ((side["kind"], side.get("slope", 0.0)) for side in (network["encoder"], network["decoder"]))
    skips = []
    for n in range(depth):
        raw = convolution(x, weights, f"encoder_{n}_conv")
        skips.append(raw)
        x = activation(norm(raw, weights, f"encoder_{n}_norm", epsilon), *encoder) if n < depth - 1 else raw
    for n in range(depth):
        x = x if n == 0 else torch.cat((skips[depth - 1 - n], x), 1)
        x = norm(activation(transposed(x, weights, f"decoder_{n}_conv"), *decoder), weights, f"decoder_{n}_norm", epsilon)
    x = convolution(x, weights, "output_0_conv", stride=1, dilation=2)
    return x if network["output"] == "logit" else torch.sigmoid(x)
