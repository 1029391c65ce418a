"""Writes tests/fixtures/model: small U-Nets with random weights, an input, and PyTorch's output for it.

    python training/reference/network_reference.py

Each NAME.safetensors is what the training would export, description in its metadata. NAME.values.safetensors holds
`input` and `output` of the network, (patches, bins, frames), and `magnitudes` and the `mask` made from them by
normalisation, compression and the network, (patches, frames, bins); of the network that hears two channels with a channel
axis after the patches. The network is written here once more, plainly, in
torch's functions: it shares no code with the training's network, nor with the program's.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "model"
PATCHES, BINS, FRAMES = 2, 32, 16
SONG_MAXIMUM = 6.0
BANDS = [[16, 1], [16, 2], [32, 4]]
ROWS = 32

DESCRIPTION = {
    "licence": "MIT",
    "source": "training/reference/network_reference.py",
    "target": "vocals",
    "sampleRate": 8192,
    "stft": {"fftSize": 64, "windowLength": 64, "hop": 48, "window": "hann", "centred": True},
    "patch": {"frames": FRAMES, "firstBin": 0, "bins": BINS},
    "normalisation": "patch-maximum",
    "compression": {"kind": "log", "scale": 10},
    "highBand": {"rule": "zero"},
    "trainedOn": {"data": "nothing", "limits": ["Random weights: of no use but for tests."]},
    "evaluation": {"songs": {"first": {"vocals": 1.5, "accompaniment": 2}, "second": {"vocals": 3, "accompaniment": 4}}},
}

NETWORK = {
    "kernel": 5,
    "stride": 2,
    "padding": "same",
    "encoderFilters": [4, 6, 10],
    "decoderFilters": [9, 5, 1],
    "order": "norm-activation",
    "slope": 0.2,
    "epsilon": 1e-3,
    "bias": True,
    "outputActivation": "sigmoid",
    "skipOrder": "decoder-encoder",
}

# The three systems of the project's table of seeds, in small.
VARIANTS = {
    "paper": ({}, {}),
    "kernel-4": (
        {"kernel": 4, "epsilon": 2e-5, "skipOrder": "encoder-decoder"},
        {"patch": {"frames": FRAMES, "firstBin": 1, "bins": BINS}},
    ),
    "activation-norm": (
        {"order": "activation-norm", "bias": False, "outputActivation": "relu"},
        {"output": "magnitude", "normalisation": "song-maximum", "compression": {"kind": "none"}},
    ),
    # Two channels, rows of several bins, blocks that mix the rows.
    "stereo": (
        {"decoderFilters": [9, 5, 2], "mixing": {"rows": ROWS, "narrowing": 2}},
        {
            "channels": 2,
            "stft": {"fftSize": 128, "windowLength": 128, "hop": 48, "window": "hann", "centred": True},
            "patch": {"frames": FRAMES, "firstBin": 1, "bins": 64, "bands": BANDS},
        },
    ),
}


def make_tensors(network: dict) -> dict[str, torch.Tensor]:
    tensors = {}
    kernel, encoder, decoder = network["kernel"], network["encoderFilters"], network["decoderFilters"]

    def norm(name: str, channels: int) -> None:
        tensors[f"{name}.norm.weight"] = 0.5 + torch.rand(channels)
        tensors[f"{name}.norm.bias"] = 0.3 * torch.randn(channels)
        tensors[f"{name}.norm.running_mean"] = 0.3 * torch.randn(channels)
        tensors[f"{name}.norm.running_var"] = 0.2 + torch.rand(channels)

    def mixing(name: str, channels: int, level: int) -> None:
        if "mixing" not in network:
            return
        rows = network["mixing"]["rows"] >> level
        narrow = max(8, rows // network["mixing"]["narrowing"])
        tensors[f"{name}.down.weight"] = rows**-0.5 * torch.randn(narrow, rows)
        norm(name, channels)
        tensors[f"{name}.up.weight"] = 0.5 * narrow**-0.5 * torch.randn(rows, narrow)
        tensors[f"{name}.up.bias"] = 0.2 * torch.randn(rows)

    inputs = decoder[-1]
    for index, outputs in enumerate(encoder):
        scale = (kernel * kernel * inputs) ** -0.5
        tensors[f"encoder.{index}.conv.weight"] = scale * torch.randn(outputs, inputs, kernel, kernel)
        if network["bias"]:
            tensors[f"encoder.{index}.conv.bias"] = 0.2 * torch.randn(outputs)
        norm(f"encoder.{index}", outputs)
        mixing(f"encoder_mixing.{index}", outputs, index + 1)
        inputs = outputs
    for index, outputs in enumerate(decoder):
        if index > 0:
            inputs = decoder[index - 1] + encoder[-1 - index]
        scale = 2 * (kernel * kernel * inputs) ** -0.5
        tensors[f"decoder.{index}.conv.weight"] = scale * torch.randn(inputs, outputs, kernel, kernel)
        if network["bias"]:
            tensors[f"decoder.{index}.conv.bias"] = 0.2 * torch.randn(outputs)
        if index < len(decoder) - 1:
            norm(f"decoder.{index}", outputs)
            mixing(f"decoder_mixing.{index}", outputs, len(decoder) - 1 - index)
    return tensors


def run(network: dict, tensors: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    # TensorFlow's "same" at stride 2 and even sizes: one row before, kernel - 3 after.
    before, after = 1, network["kernel"] - 3
    depth = len(network["encoderFilters"])

    def normalise(name: str, x: torch.Tensor) -> torch.Tensor:
        mean, variance, weight, bias = (
            tensors[f"{name}.norm.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, variance, weight, bias, training=False, eps=network["epsilon"])

    def finish(name: str, x: torch.Tensor, slope: float) -> torch.Tensor:
        if network["order"] == "norm-activation":
            return F.leaky_relu(normalise(name, x), slope)
        return normalise(name, F.leaky_relu(x, slope))

    def mix(name: str, x: torch.Tensor) -> torch.Tensor:
        if "mixing" not in network:
            return x
        # (patches, channels, rows, frames)
        y = torch.einsum("or,pcrt->pcot", tensors[f"{name}.down.weight"], x)
        y = F.relu(normalise(name, y))
        y = torch.einsum("or,pcrt->pcot", tensors[f"{name}.up.weight"], y)
        return x + y + tensors[f"{name}.up.bias"][:, None]

    skips = []
    for index in range(depth):
        name = f"encoder.{index}"
        x = F.pad(x, (before, after, before, after))
        x = F.conv2d(x, tensors[f"{name}.conv.weight"], tensors.get(f"{name}.conv.bias"), stride=2)
        x = mix(f"encoder_mixing.{index}", finish(name, x, network["slope"]))
        skips.append(x)
    for index in range(depth):
        name = f"decoder.{index}"
        if index > 0:
            pair = (x, skips[depth - 1 - index])
            x = torch.cat(pair if network["skipOrder"] == "decoder-encoder" else pair[::-1], dim=1)
        x = F.conv_transpose2d(x, tensors[f"{name}.conv.weight"], tensors.get(f"{name}.conv.bias"), stride=2)
        x = x[:, :, before : x.shape[2] - after, before : x.shape[3] - after]
        if index < depth - 1:
            x = mix(f"decoder_mixing.{index}", finish(name, x, 0.0))
    return torch.sigmoid(x) if network["outputActivation"] == "sigmoid" else F.relu(x)


def predict_mask(description: dict, tensors: dict[str, torch.Tensor], magnitudes: torch.Tensor) -> torch.Tensor:
    """(patches, channels, bins, frames) linear magnitudes to masks."""
    bands = description["patch"].get("bands", [[magnitudes.shape[2], 1]])
    widths = [width for bins, width in bands for _ in range(bins // width)]
    rows = torch.stack([part.mean(2) for part in magnitudes.split(widths, 2)], 2)
    maximum = rows.amax((1, 2, 3), keepdim=True)
    scaled = rows / (maximum if description["normalisation"] == "patch-maximum" else SONG_MAXIMUM)
    compression = description["compression"]
    x = torch.log(1 + compression["scale"] * scaled) if compression["kind"] == "log" else scaled
    y = run(description["network"], tensors, x)
    mask = y if description.get("output", "mask") == "mask" else (y / scaled).clamp(0, 1)
    return mask.repeat_interleave(torch.tensor(widths), 2)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for seed, (name, (network_changes, changes)) in enumerate(VARIANTS.items()):
        torch.manual_seed(seed)
        network = NETWORK | network_changes
        description = DESCRIPTION | changes | {"id": name, "title": f"Test network {name}", "network": network}
        channels, bins = description.get("channels", 1), description["patch"]["bins"]
        tensors = make_tensors(network)
        x = torch.rand(PATCHES, channels, BINS, FRAMES)
        magnitudes = torch.rand(PATCHES, channels, bins, FRAMES) * torch.tensor([0.3, 5.0])[:, None, None, None]
        double = {key: value.double() for key, value in tensors.items()}
        with torch.no_grad():
            y = run(network, double, x.double()).float()
            mask = predict_mask(description, double, magnitudes.double()).float()
        print(name, "output from", y.min().item(), "to", y.max().item(), "mask", mask.min().item(), mask.max().item())
        save_file(tensors, FOLDER / f"{name}.safetensors", metadata={"unsung": json.dumps(description)})
        values = {
            "input": x,
            "output": y,
            "magnitudes": magnitudes.transpose(2, 3),
            "mask": mask.transpose(2, 3),
        }
        if channels == 1:
            values = {key: value[:, 0] for key, value in values.items()}
        values = {key: value.contiguous() for key, value in values.items()}
        metadata = {"songMaximum": str(SONG_MAXIMUM)}
        save_file(values, FOLDER / f"{name}.values.safetensors", metadata=metadata)


if __name__ == "__main__":
    main()
