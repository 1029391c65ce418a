"""Writes a checkpoint's averaged network as .safetensors, with all that `npm run convert` needs in its metadata."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from .config import TrainConfig, from_json
from .network import KERNEL, from_phases
from .start import complement


def target(config: TrainConfig) -> str:
    """What the exported mask is of: a network that was trained by accompaniments alone is the paper's second."""
    return "accompaniment" if config.accompaniment_share == 1 else "vocals"


def description(config: TrainConfig) -> dict:
    """The manifest's part that follows from the configuration: STFT, patch, normalisation, network."""
    patch, network = config.patch, config.network
    shape = {"frames": patch.frames, "firstBin": patch.first_bin, "bins": patch.bins}
    if patch.bands:
        shape["bands"] = [list(band) for band in patch.bands]
    layers = {
        "kernel": KERNEL, "stride": 2, "padding": "same",
        "encoderFilters": list(network.filters), "decoderFilters": [*reversed(network.filters[:-1]), patch.channels],
        "order": "norm-activation", "slope": network.slope, "epsilon": network.epsilon, "bias": True,
        "outputActivation": "sigmoid", "skipOrder": "decoder-encoder",
    }
    if network.mixing:
        layers["mixing"] = {"rows": patch.rows, "narrowing": network.mixing}
    return {
        "target": target(config), "output": "mask", "sampleRate": patch.rate, "channels": patch.channels,
        "stft": {"fftSize": patch.fft_size, "windowLength": patch.fft_size, "hop": patch.hop, "window": "hann", "centred": True},
        "patch": shape,
        "normalisation": "patch-maximum",
        "compression": {"kind": "log", "scale": config.compression} if config.compression else {"kind": "none"},
        "network": layers,
    }


def export(checkpoint: Path, card: Path, out: Path) -> None:
    """float32 tensors in PyTorch's layouts; metadata `unsung` holds the description and the card as JSON."""
    state = torch.load(checkpoint, map_location="cpu")
    config = from_json(state["config"])
    tensors = {name: value.float().contiguous() for name, value in state["average"].items()
               if value.is_floating_point()}
    for name in [name for name in tensors if name.startswith("decoder.") and name.endswith("conv.weight")]:
        tensors[name] = from_phases(tensors[name])
    if target(config) == "accompaniment":
        tensors = complement(tensors)
    metadata = description(config) | json.loads(card.read_text())
    spent = {"steps": state["step"], "patches": state["patches"], "minutes": round(state["minutes"], 1)}
    metadata["trainedOn"] = metadata["trainedOn"] | spent
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, str(out), {"unsung": json.dumps(metadata)})
