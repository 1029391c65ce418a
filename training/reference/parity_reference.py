"""Writes tests/fixtures/parity/<model>: what PyTorch makes of some seconds of the demo song with the weights of a model of
this project, to compare the program's stems with, in Node and in a browser. To be run again whenever the model changes:

    python training/reference/parity_reference.py                              # models/paper
    python training/reference/parity_reference.py --weights runs/paper.safetensors    # and its weights before rounding

With --weights (what `python -m unsung_training export` wrote) it also stores the vocals of the unrounded float32 weights,
as their difference from those of the rounded ones. Requires torch, numpy, scipy, safetensors and ffmpeg.

Everything but the network's layers is written here once more, in double precision: STFT, normalisation, the interpolation
of the mask, the filter.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from unsung_training.network import NetworkConfig, UNet, to_phases  # noqa: E402
from unsung_training.start import read_model  # noqa: E402

# Numbers of the difference that are stored.
DIFFERENCE = 32768


def network_of(manifest, state):
    described = manifest["network"]
    network = UNet(NetworkConfig(filters=tuple(described["encoderFilters"]), slope=described["slope"],
                                 epsilon=described["epsilon"], dropout=0.0, channels=manifest["channels"]))
    missing = [name for name in network.load_state_dict(state, strict=False).missing_keys if "num_batches" not in name]
    if missing:
        raise ValueError(f"The weights lack {', '.join(missing)}.")
    return network.double().eval()


def exported(path):
    """What the training exports, transposed convolutions in PyTorch's own layout; as read_model gives it."""
    from safetensors.torch import load_file

    return {name: to_phases(tensor.float()) if name.startswith("decoder") and tensor.ndim == 4 else tensor.float()
            for name, tensor in load_file(path).items()}


def frames_of(signal, size, hop, window):
    """(frames, size/2 + 1), frame m centred on sample m·hop, zeros around the signal, as many frames as cover it."""
    count = -(-(len(signal) - 1) // hop) + 1
    padded = np.zeros((count - 1) * hop + size)
    kept = signal[: len(padded) - size // 2]
    padded[size // 2 : size // 2 + len(kept)] = kept
    return np.fft.rfft(np.stack([padded[m * hop : m * hop + size] for m in range(count)]) * window, axis=1)


def mask_of(mixture, manifest, network):
    """(channels, samples) → (channels, frames, bins)."""
    stft, patch = manifest["stft"], manifest["patch"]
    size = stft["fftSize"]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    spectrum = np.stack([frames_of(channel, size, stft["hop"], hann) for channel in mixture])
    magnitude = np.abs(spectrum)[:, :, patch["firstBin"] : patch["firstBin"] + patch["bins"]]
    frames = magnitude.shape[1]
    if frames > patch["frames"]:
        raise ValueError("The excerpt is longer than a patch.")
    image = np.pad(magnitude, ((0, 0), (0, patch["frames"] - frames), (0, 0))).transpose(0, 2, 1)
    scaled = torch.from_numpy(image / image.max())
    compression = manifest["compression"]
    if compression["kind"] == "log":
        scaled = torch.log(1 + compression["scale"] * scaled)
    # The network's output is single precision by its own choice: see its last line.
    with torch.no_grad():
        mask = network(scaled[None])[0].double().numpy()
    return mask.transpose(0, 2, 1)[:, :frames]


def vocals_of(mixture, manifest, network):
    """(channels, samples) → the same."""
    masks = mask_of(mixture, manifest, network)
    return np.stack([filtered(channel, mask, manifest) for channel, mask in zip(mixture, masks)])


def filtered(mixture, mask, manifest):
    """Samples of one channel and its mask, (frames, bins) → its vocals."""
    size, hop = manifest["stft"]["fftSize"], manifest["stft"]["fftSize"] // 2
    sine = np.sin(np.pi * np.arange(size) / size)
    spectrum = frames_of(mixture, size, hop, sine)
    at = np.minimum(np.arange(len(spectrum)) * hop / manifest["stft"]["hop"], len(mask) - 1)
    early = at.astype(int)
    part = (at - early)[:, None]
    rows = mask[early] * (1 - part) + mask[np.minimum(early + 1, len(mask) - 1)] * part
    gains = np.zeros(spectrum.shape)
    first = manifest["patch"]["firstBin"]
    gains[:, first : first + rows.shape[1]] = rows
    frames = np.fft.irfft(spectrum * gains, size, axis=1) * sine
    total, weight = np.zeros((len(frames) - 1) * hop + size), np.zeros((len(frames) - 1) * hop + size)
    for m, frame in enumerate(frames):
        total[m * hop : m * hop + size] += frame
        weight[m * hop : m * hop + size] += sine**2
    return (total / np.maximum(weight, 1e-9))[size // 2 : size // 2 + len(mixture)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="paper")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--start", type=float, default=8.0, help="seconds; where somebody sings")
    parser.add_argument("--seconds", type=float, default=7.5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    folder = ROOT / "models" / args.model
    manifest = json.loads((folder / "manifest.json").read_text())
    rate = int(manifest["sampleRate"])
    channels = manifest["channels"]
    command = ["ffmpeg", "-v", "error", "-ss", str(args.start), "-t", str(args.seconds), "-i", ROOT / "public/demo/mixture.mp3",
               "-af", "aresample=resampler=soxr", "-ac", str(channels), "-ar", str(rate), "-f", "s16le", "-"]
    try:
        stored = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")
    except subprocess.CalledProcessError:
        command[command.index("-af") : command.index("-af") + 2] = []
        stored = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")
    mixture = stored.reshape(-1, channels).T / 32768.0
    vocals = vocals_of(mixture, manifest, network_of(manifest, read_model(folder)))
    peak = float(np.abs(vocals).max())
    out = ROOT / "tests/fixtures/parity" / args.model
    out.mkdir(parents=True, exist_ok=True)
    (out / "mixture.i16").write_bytes(stored.astype("<i2").tobytes())
    (out / "vocals.i16").write_bytes(np.round(vocals.T / peak * 32767).astype("<i2").tobytes())
    facts = {
        "about": "Written by training/reference/parity_reference.py with PyTorch %s." % torch.__version__,
        "model": args.model, "sampleRate": rate, "channels": channels, "samples": mixture.shape[1],
        "vocalsScale": peak / 32767,
        "weights": [f["sha256"] for f in manifest["files"] if f["path"].endswith(".bin")],
        "float32": None,
    }
    (out / "float32.i8").unlink(missing_ok=True)
    if args.weights:
        exact = vocals_of(mixture, manifest, network_of(manifest, exported(args.weights)))
        difference = (exact - vocals)[:, : DIFFERENCE // channels]
        step = max(float(np.abs(difference).max()) / 127, 1e-12)
        (out / "float32.i8").write_bytes(np.round(difference.T / step).astype(np.int8).tobytes())
        facts["float32"] = {"samples": difference.shape[1], "scale": step}
        print("rounding costs: SDR %.1f dB" % (10 * np.log10(np.sum(exact**2) / np.sum((exact - vocals) ** 2))))
    (out / "facts.json").write_text(json.dumps(facts, indent=2) + "\n")
    sizes = sum(path.stat().st_size for path in out.iterdir())
    print(f"{out}: {sizes} bytes; vocals {10 * np.log10(np.mean(vocals**2) / np.mean(mixture**2)):.1f} dB of the mixture")


if __name__ == "__main__":
    main()
