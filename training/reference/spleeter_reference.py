"""Writes tests/fixtures/model/spleeter*.safetensors: small networks of Spleeter's kind with random weights, and what
PyTorch computes with them.

    python training/reference/spleeter_reference.py

NAME.safetensors holds the weights as the program names them (`vocals/encoder_0_conv/kernel`), in TensorFlow's layouts, and
a description of the manifest's version 2 in its metadata. NAME.values.safetensors holds

- `input`, and for each network `output/STEM`: (patches, bins, frames, channels), masks or logits;
- for each quality `magnitudes/QUALITY`, linear, and the mask of the vocals made from them, `mask/QUALITY`:
  (patches, channels, frames, bins). Some magnitudes are 0, some so small that epsilon counts.

The network is that of deezer/spleeter (model/functions/unet.py), written once more in torch's functions: 5×5 convolutions of
stride 2, “same” as TensorFlow pads; skip connections that carry the raw output of a convolution; the deepest convolution
straight into the decoder; there the activation, then batch norm; the encoder's channels first where the two meet; at the end
a 4×4 convolution of dilation 2. It shares no code with the program's.
"""

import json

import torch
import torch.nn.functional as F
from network_reference import FOLDER
from safetensors.torch import save_file

PATCHES, BINS, FRAMES, CHANNELS = 2, 32, 16, 2
FAST_BINS = 16
FILTERS = [3, 5, 6]
EPSILON = 1e-3
DIVISOR = 1.7

LEAKY, RELU, ELU = {"kind": "leaky-relu", "slope": 0.2}, {"kind": "relu"}, {"kind": "elu"}

# As 2stems, 4stems and 5stems are, with fewer networks.
VARIANTS = {
    "spleeter": {"stems": ["vocals", "accompaniment"], "encoder": LEAKY, "decoder": RELU, "exponent": 1.5},
    "spleeter-elu": {"stems": ["vocals", "drums", "other"], "encoder": ELU, "decoder": ELU, "exponent": 2},
    "spleeter-logit": {"stems": ["vocals", "piano", "bass"], "encoder": ELU, "decoder": ELU, "exponent": 2, "output": "logit"},
}


def describe(name: str, variant: dict) -> dict:
    stems, output = variant["stems"], variant.get("output", "mask")
    network = {"family": "spleeter", "filters": FILTERS, "epsilon": EPSILON, "output": output}
    network |= {part: variant[part] for part in ("encoder", "decoder")}
    return {
        "version": 2,
        "id": name,
        "title": {"en": f"Test network {name}"},
        "licence": "MIT",
        "source": "training/reference/spleeter_reference.py",
        "sampleRate": 8192,
        "channels": CHANNELS,
        "stft": {"fftSize": 64, "windowLength": 64, "hop": 16, "window": "hann", "centred": True},
        "patch": {"frames": FRAMES, "firstBin": 0, "bins": BINS},
        "normalisation": {"kind": "song-level", "level": 0.15},
        "compression": {"kind": "none"},
        "networks": {stem: network for stem in stems},
        "combine": {"kind": "ratio", "exponent": variant["exponent"], "epsilon": 1e-10},
        "qualities": {
            "best": {"networks": stems, "bins": BINS},
            "fast": {"networks": fast_stems(variant), "bins": FAST_BINS},
        },
        "highBand": {"rule": "zero"},
        "trainedOn": {"data": "nothing"},
        "evaluation": {},
    }


def fast_stems(variant: dict) -> list[str]:
    """Logits mean nothing without those of the other networks."""
    return variant["stems"] if variant.get("output") == "logit" else ["vocals"]


def make_weights() -> dict[str, torch.Tensor]:
    weights = {}

    def convolution(name: str, size: int, inputs: int, outputs: int, transposed: bool = False) -> None:
        # TensorFlow's layout of a transposed convolution: outputs before inputs.
        ends = (outputs, inputs) if transposed else (inputs, outputs)
        gain = (2 if transposed else 1) / (size * inputs**0.5)
        weights[f"{name}_conv/kernel"] = gain * torch.randn(size, size, *ends)
        weights[f"{name}_conv/bias"] = 0.2 * torch.randn(outputs)

    def norm(name: str, channels: int) -> None:
        weights[f"{name}_norm/gamma"] = 0.5 + torch.rand(channels)
        weights[f"{name}_norm/beta"] = 0.3 * torch.randn(channels)
        weights[f"{name}_norm/moving_mean"] = 0.3 * torch.randn(channels)
        weights[f"{name}_norm/moving_variance"] = 0.2 + torch.rand(channels)

    depth, inputs = len(FILTERS), CHANNELS
    for index, outputs in enumerate(FILTERS):
        convolution(f"encoder_{index}", 5, inputs, outputs)
        if index < depth - 1:
            norm(f"encoder_{index}", outputs)
        inputs = outputs
    for index, outputs in enumerate([*reversed(FILTERS[:-1]), 1]):
        inputs += FILTERS[depth - 1 - index] if index > 0 else 0
        convolution(f"decoder_{index}", 5, inputs, outputs, transposed=True)
        norm(f"decoder_{index}", outputs)
        inputs = outputs
    convolution("output_0", 4, 1, 2)
    return weights


def activate(x: torch.Tensor, activation: dict) -> torch.Tensor:
    if activation["kind"] == "elu":
        return F.elu(x)
    return F.leaky_relu(x, activation.get("slope", 0.0))


def run(variant: dict, weights: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """(patches, channels, bins, frames) to masks, or logits, of that shape."""

    def norm(name: str, x: torch.Tensor) -> torch.Tensor:
        mean, variance, gamma, beta = (
            weights[f"{name}_norm/{part}"] for part in ("moving_mean", "moving_variance", "gamma", "beta")
        )
        return F.batch_norm(x, mean, variance, gamma, beta, training=False, eps=EPSILON)

    depth, skips = len(FILTERS), []
    for index in range(depth):
        kernel = weights[f"encoder_{index}_conv/kernel"].permute(3, 2, 0, 1)
        raw = F.conv2d(F.pad(x, (1, 2, 1, 2)), kernel, weights[f"encoder_{index}_conv/bias"], stride=2)
        skips.append(raw)
        x = raw if index == depth - 1 else activate(norm(f"encoder_{index}", raw), variant["encoder"])
    for index in range(depth):
        if index > 0:
            x = torch.cat([skips[depth - 1 - index], x], dim=1)
        kernel = weights[f"decoder_{index}_conv/kernel"].permute(3, 2, 0, 1)
        x = F.conv_transpose2d(x, kernel, weights[f"decoder_{index}_conv/bias"], stride=2)[:, :, 1:-2, 1:-2]
        x = norm(f"decoder_{index}", activate(x, variant["decoder"]))
    kernel = weights["output_0_conv/kernel"].permute(3, 2, 0, 1)
    x = F.conv2d(x, kernel, weights["output_0_conv/bias"], dilation=2, padding=3)
    return x if variant.get("output") == "logit" else torch.sigmoid(x)


def vocal_mask(variant: dict, weights: dict[str, dict], magnitudes: torch.Tensor, stems: list[str]) -> torch.Tensor:
    """(patches, channels, bins, frames) linear magnitudes to the mask of the vocals."""
    masks = torch.stack([run(variant, weights[stem], magnitudes / DIVISOR) for stem in stems])
    if variant.get("output") == "logit":
        masks = masks.softmax(0)
    if len(stems) == 1:
        return masks[0]
    estimates = (masks * magnitudes) ** variant["exponent"]
    mask = (estimates[0] + 1e-10 / len(stems)) / (estimates.sum(0) + 1e-10)
    return torch.where(magnitudes > 0, mask, torch.zeros_like(mask))


def main() -> None:
    for seed, (name, variant) in enumerate(VARIANTS.items(), start=100):
        torch.manual_seed(seed)
        stored = {stem: make_weights() for stem in variant["stems"]}
        weights = {stem: {key: value.double() for key, value in own.items()} for stem, own in stored.items()}
        x = torch.rand(PATCHES, CHANNELS, BINS, FRAMES) * torch.tensor([0.5, 2.0])[:, None, None, None]
        magnitudes = x * DIVISOR
        magnitudes[0, :, 5] = 0
        magnitudes[1, :, 9] *= 1e-6
        values = {"input": x.permute(0, 2, 3, 1)}
        with torch.no_grad():
            for stem in variant["stems"]:
                y = run(variant, weights[stem], x.double()).float()
                print(name, stem, "from", y.min().item(), "to", y.max().item())
                values[f"output/{stem}"] = y.permute(0, 2, 3, 1)
            for quality, stems, bins in (("best", variant["stems"], BINS), ("fast", fast_stems(variant), FAST_BINS)):
                given = magnitudes[:, :, :bins]
                mask = vocal_mask(variant, weights, given.double(), stems).float()
                print(name, quality, "from", mask.min().item(), "to", mask.max().item())
                values[f"magnitudes/{quality}"] = given.transpose(2, 3)
                values[f"mask/{quality}"] = mask.transpose(2, 3)
        tensors = {f"{stem}/{key}": value for stem, own in stored.items() for key, value in own.items()}
        metadata = {"unsung": json.dumps(describe(name, variant))}
        save_file(tensors, FOLDER / f"{name}.safetensors", metadata=metadata)
        values = {key: value.contiguous() for key, value in values.items()}
        save_file(values, FOLDER / f"{name}.values.safetensors", metadata={"divisor": str(DIVISOR)})


if __name__ == "__main__":
    main()
