"""Fits the rule that continues a model's mask above its band (manifest field `highBand`, rule `learnt`).

    python training/fit_high_band.py --model models/paper --data DIR/train --out rule.json
    python training/fit_high_band.py … --write training/cards/paper.json models/paper/manifest.json

Random full-band voices are mixed with random full-band accompaniments, the model's mask of each mixture is computed, and a
small network learns, from what src/dsp/high-band.ts measures of one frame, the gain of each band above the model's that
leaves the least of |V − g·X|². Training data only; compare the rules on validation songs with
`npm run evaluate -- --data DIR --compare high-band --rule rule.json`.

Needs what the training needs (requirements.txt) and ffmpeg.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.signal import resample_poly
from torch import nn

sys.path.insert(0, str(Path(__file__).parent))

from unsung_training.network import NetworkConfig, UNet  # noqa: E402
from unsung_training.spectra import PatchConfig, centred  # noqa: E402
from unsung_training.start import read_model  # noqa: E402

RATE, FFT, HOP = 44100, 4096, 2048
LOW_EDGES = [100, 300, 700, 1300, 2000, 2700, 3400, 4096]
HIGH_EDGES = [4096, 5500, 7500, 10500, 16000]
LEAST = 1e-8
AUDIO = {".opus", ".wav", ".flac", ".mp3", ".ogg", ".m4a"}


def duration(path: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def piece(path: Path, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """(2, samples) float64 from a random place, zeros after the end of a short file."""
    start = rng.uniform(0, max(0.0, duration(path) - seconds))
    command = ["ffmpeg", "-v", "error", "-ss", f"{start:.3f}", "-t", f"{seconds:.3f}", "-i", path,
               "-ac", "2", "-ar", str(RATE), "-f", "f32le", "-"]
    sound = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32).reshape(-1, 2).T
    samples = int(seconds * RATE)
    return np.pad(sound.astype(np.float64), ((0, 0), (0, max(0, samples - sound.shape[1]))))[:, :samples]


def voice_piece(paths: list[Path], seconds: float, rng: np.random.Generator) -> np.ndarray:
    """One long voice, or short ones one after the other."""
    parts: list[np.ndarray] = []
    while sum(part.shape[1] for part in parts) < seconds * RATE:
        path = paths[int(rng.integers(len(paths)))]
        parts.append(piece(path, min(seconds, max(1.0, duration(path))), rng))
    return np.concatenate(parts, axis=1)[:, : int(seconds * RATE)]


def spectra(sound: np.ndarray) -> np.ndarray:
    """(channels, frames, bins): sine window, frame m centred on sample m·HOP, as src/dsp/stereo-filter.ts has it."""
    window = np.sin(np.pi * np.arange(FFT) / FFT)
    frames = -(-(sound.shape[1] - 1) // HOP) + 1
    padded = np.pad(sound, ((0, 0), (FFT // 2, FFT)))
    index = np.arange(frames)[:, None] * HOP + np.arange(FFT)
    return np.fft.rfft(padded[:, index] * window, axis=2)


def interpolate(mask: np.ndarray, config: PatchConfig, frames: int) -> np.ndarray:
    """(model frames, model bins) → (frames, bins up to the model's top): what src/dsp/interpolate-mask.ts does there."""
    at = np.minimum(np.arange(frames) * HOP / RATE * config.rate / config.hop, len(mask) - 1)
    early = at.astype(int)
    part = (at - early)[:, None]
    rows = mask[early] * (1 - part) + mask[np.minimum(early + 1, len(mask) - 1)] * part
    hz = np.arange(FFT // 2 + 1) * RATE / FFT
    place = hz * config.fft_size / config.rate - config.first_bin
    inside = place <= config.bins - 1
    places = np.clip(place[inside], -1, config.bins - 1)
    padded = np.concatenate([np.zeros((frames, 1)), rows], axis=1)
    lower = np.minimum(np.floor(places + 1).astype(int), config.bins - 1)
    weight = places + 1 - lower
    return padded[:, lower] * (1 - weight) + padded[:, lower + 1] * weight


def bands(edges: list[int]) -> list[slice]:
    bins = [int(np.ceil(edge * FFT / RATE - 1e-9)) for edge in edges]
    return [slice(a, b) for a, b in zip(bins, bins[1:])]


def measure(mask: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Features of each frame: see LearntHighBand in src/dsp/high-band.ts."""
    total = power.sum(axis=1) + 1e-30
    share = lambda band: np.log10(np.maximum(LEAST, power[:, band].sum(axis=1) / total))  # noqa: E731
    columns = []
    for band in bands(LOW_EDGES):
        p = power[:, band]
        columns += [(mask[:, band] * p).sum(axis=1) / (p.sum(axis=1) + LEAST * total), share(band)]
    columns += [share(band) for band in bands(HIGH_EDGES)]
    return np.stack(columns, axis=1)


def examples(args: argparse.Namespace) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Features, best gains and weights of each frame, one entry a mixture."""
    manifest = json.loads((args.model / "manifest.json").read_text())
    vocals = manifest["networks"]["vocals"]
    network = UNet(NetworkConfig(filters=tuple(vocals["encoderFilters"]), slope=vocals["slope"],
                                 epsilon=vocals["epsilon"], dropout=0.0))
    network.load_state_dict(read_model(args.model), strict=False)
    network.eval()
    config = PatchConfig()
    scale = manifest["compression"].get("scale")
    files = lambda *parts: sorted(p for p in args.data.joinpath(*parts).rglob("*") if p.suffix in AUDIO)  # noqa: E731
    songs = [p for p in files("songs") if "mir1k" not in p.parts]
    singers = [[p for p in songs if p.stem == "vocals"], files("voices", "ravdess")]
    backings = [p for p in songs if p.stem == "accompaniment"], files("accompaniments")
    rng = np.random.default_rng(args.seed)
    seconds = (config.samples - config.fft_size) / config.rate
    found = []
    for n in range(args.mixtures):
        pool = singers[int(rng.random() < 0.35)] or singers[0]
        voice = voice_piece(pool, seconds, rng)
        backing = voice_piece(backings[int(rng.random() < 0.6)], seconds, rng)
        rms = lambda sound: np.sqrt(np.mean(sound**2)) + 1e-9  # noqa: E731
        voice *= rms(backing) / rms(voice) * 10 ** (rng.uniform(-9, 4) / 20) * (rng.random() > 0.05)
        mixture = voice + backing
        mono = resample_poly(mixture.mean(axis=0), 2048, 11025).astype(np.float32)
        magnitude = np.abs(centred(mono, config)[: config.frames, config.first_bin : config.first_bin + config.bins])
        magnitude = np.pad(magnitude, ((0, config.frames - len(magnitude)), (0, 0)))
        image = torch.from_numpy(magnitude.T / max(magnitude.max(), 1e-6))[None, None]
        with torch.no_grad():
            mask = network(torch.log(1 + scale * image) if scale else image)[0, 0].numpy().T
        x, v = spectra(mixture), spectra(voice)
        power = (np.abs(x) ** 2).sum(axis=0)
        common = (v * x.conj()).real.sum(axis=0)
        # Some songs have nothing above 6 to 12 kHz.
        if rng.random() < 0.2:
            power[:, int(rng.uniform(6000, 12000) * FFT / RATE) :] = 0
        high = bands(HIGH_EDGES)
        energy = np.stack([power[:, band].sum(axis=1) for band in high], axis=1)
        gains = np.stack([common[:, band].sum(axis=1) for band in high], axis=1) / (energy + 1e-12)
        weight = (energy / (energy.mean() + 1e-12)) ** args.emphasis
        features = measure(interpolate(mask, config, len(power)), power)
        found.append((features, np.clip(gains, 0, 1), weight / (weight.mean() + 1e-12)))
        if (n + 1) % 20 == 0:
            print(f"{n + 1} of {args.mixtures} mixtures", flush=True)
    return found


def fit(data: list[tuple[np.ndarray, np.ndarray, np.ndarray]], args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    held = max(1, len(data) // 6)
    stack = lambda some: [torch.from_numpy(np.concatenate(part)).float() for part in zip(*some)]  # noqa: E731
    valid, train = stack(data[:held]), stack(data[held:])
    mean, spread = train[0].mean(0), train[0].std(0) + 1e-3
    network = nn.Sequential(nn.Linear(train[0].shape[1], args.hidden), nn.Tanh(), nn.Linear(args.hidden, len(HIGH_EDGES) - 1))
    optimiser = torch.optim.Adam(network.parameters(), 1e-2, weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, args.steps)

    def loss(part: list[torch.Tensor], guess: torch.Tensor) -> torch.Tensor:
        return (part[2] * (guess - part[1]) ** 2).mean()

    run = lambda part: torch.sigmoid(network((part[0] - mean) / spread))  # noqa: E731
    for _ in range(args.steps):
        index = torch.randint(len(train[0]), (4096,))
        batch = [part[index] for part in train]
        optimiser.zero_grad()
        loss(batch, run(batch)).backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        top = valid[0][:, 2 * (len(LOW_EDGES) - 2)][:, None].expand_as(valid[1])
        figures = {"learnt": loss(valid, run(valid)), "top of the band": loss(valid, top), "zero": loss(valid, 0 * top)}
        print("weighted error on held-out mixtures:", {name: round(float(value), 4) for name, value in figures.items()})
        first, second = network[0], network[2]
        weights = first.weight / spread
        bias = first.bias - weights @ mean
    plain = lambda tensor: np.round(tensor.detach().double().numpy(), 4).tolist()  # noqa: E731
    return {
        "rule": "learnt", "lowEdges": LOW_EDGES, "highEdges": HIGH_EDGES,
        "hidden": {"weights": plain(weights), "bias": plain(bias)},
        "output": {"weights": plain(second.weight), "bias": plain(second.bias)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--model", type=Path, required=True, help="folder of a model, such as models/paper")
    parser.add_argument("--data", type=Path, required=True, help="training data: songs/, voices/, accompaniments/")
    parser.add_argument("--out", type=Path, help="the rule, as JSON")
    parser.add_argument("--write", type=Path, nargs="*", default=[], help="cards or manifests whose highBand is replaced")
    parser.add_argument("--mixtures", type=int, default=240)
    parser.add_argument("--hidden", type=int, default=8)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--emphasis", type=float, default=0.6, help="exponent of a frame's energy in its weight; 1: for SDR alone")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rule = fit(examples(args), args)
    if args.out:
        args.out.write_text(json.dumps(rule) + "\n")
    for path in args.write:
        text = json.loads(path.read_text())
        text["highBand"] = rule
        path.write_text(json.dumps(text, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
