"""Writes a checkpoint's averaged network as .safetensors, with all that `npm run convert` needs in its metadata."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import torch
from safetensors.torch import save_file

from .network import KERNEL, NetworkConfig, from_phases
from .spectra import PatchConfig
from .train import TrainConfig


def checkpoint_config(path: Path) -> TrainConfig:
    """The settings a checkpoint was trained with."""
    saved = torch.load(path, map_location="cpu")["config"]
    paths = {"data", "valid", "out", "cache"}
    known = {f.name for f in fields(TrainConfig)}
    values = {k: Path(v) if k in paths else tuple(v) if isinstance(v, list) else v for k, v in saved.items() if k in known}
    return TrainConfig(**{**values, "start": None, "compile": False})


def description(config: TrainConfig) -> dict:
    """The manifest's part that follows from the code: STFT, patch, normalisation, network."""
    patch, network = PatchConfig(), NetworkConfig(filters=config.filters)
    return {
        "target": "vocals", "output": "mask", "sampleRate": patch.rate, "channels": 1,
        "stft": {"fftSize": patch.fft_size, "windowLength": patch.fft_size, "hop": patch.hop, "window": "hann", "centred": True},
        "patch": {"frames": patch.frames, "firstBin": patch.first_bin, "bins": patch.bins},
        "normalisation": "patch-maximum",
        "compression": {"kind": "log", "scale": config.compression} if config.compression else {"kind": "none"},
        "network": {
            "kernel": KERNEL, "stride": 2, "padding": "same",
            "encoderFilters": list(config.filters), "decoderFilters": [*reversed(config.filters[:-1]), 1],
            "order": "norm-activation", "slope": network.slope, "epsilon": network.epsilon, "bias": True,
            "outputActivation": "sigmoid", "skipOrder": "decoder-encoder",
        },
    }


def export(checkpoint: Path, card: Path, out: Path) -> None:
    """float32 tensors in PyTorch's layouts; metadata `unsung` holds the description and the card as JSON."""
    state = torch.load(checkpoint, map_location="cpu")
    tensors = {name: value.float().contiguous() for name, value in state["average"].items()
               if value.is_floating_point()}
    for name in [name for name in tensors if name.startswith("decoder.") and name.endswith("conv.weight")]:
        tensors[name] = from_phases(tensors[name])
    metadata = description(checkpoint_config(checkpoint)) | json.loads(card.read_text())
    metadata["trainedOn"] = metadata["trainedOn"] | {"steps": state["step"], "minutes": round(state["minutes"], 1)}
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, str(out), {"unsung": json.dumps(metadata)})
