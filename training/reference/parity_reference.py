"""Writes tests/fixtures/parity/<model>: what PyTorch makes of some seconds of the demo song with the weights of a model of
this project, to compare the program's stems with, in Node and in a browser. To be run again whenever a model or the way
of separating changes; all models in one go:

    python training/reference/parity_reference.py

    python training/reference/parity_reference.py --model paper --exact DIR

`--exact DIR` is the same model, converted with `npm run convert -- … --dtype float32 --out …`: how far the vocals of the
rounded weights are from those of the exact ones is stored, too. Without it, what was stored of that stays, as long as the
weights are the same. Requires torch, numpy and ffmpeg.

Everything is computed here once more, in double precision, from the manifest: STFT, normalisation, networks, combination,
the interpolation of the mask, the high band, the filter. What the manifest does not say stands below. For a model of
Spleeter's family `classic-vocals` and `classic-accompaniment` are what its own processing gives: spleeter_classic.py.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import spleeter_classic
import torch
from demo_excerpt import decode, excerpt_starts, excerpts, write_excerpts
from stored_model import read_networks, shards_of
from stored_weights import ROOT, read_manifest

FIXTURES = ROOT / "tests" / "fixtures" / "parity"

# src/separation/stem-filter.ts: the filter's FFT size is the power of two nearest to the model's window, in seconds, with
# this added to the logarithm; its hop is this share of it; its window is a sine.
FILTER_ROUNDING = -0.1
FILTER_HOP = 1 / 2
# src/dsp/interpolate-mask.ts: bins over which the mask gives way to the high band's.
FADE_BINS = 8

# In seconds: where in the demo song it begins, where somebody sings; its length, at most a patch; the length of each
# excerpt of the stems that is stored.
EXCERPTS = {"paper": (8.0, 7.5, 7.5), "spleeter": (9.0, 2.0, 0.2)}
# Samples of the difference between rounded and exact weights.
DIFFERENCE = 32768


def at_quality(manifest: dict, name: str | None) -> dict:
    """src/model/quality.ts."""
    if name is None:
        return manifest
    quality = manifest["qualities"][name]
    networks = {stem: network for stem, network in manifest["networks"].items() if stem in quality["networks"]}
    return {**manifest, "networks": networks, "patch": {**manifest["patch"], "bins": quality["bins"]},
            "combine": {"kind": "single"} if len(networks) == 1 else manifest["combine"],
            "highBand": quality.get("highBand", manifest["highBand"])}


def frames_of(signal, size, hop, window):
    """(frames, size/2 + 1), frame m centred on sample m·hop, zeros around the signal, as many frames as cover it."""
    count = -(-(len(signal) - 1) // hop) + 1
    padded = np.zeros((count - 1) * hop + size)
    kept = signal[: len(padded) - size // 2]
    padded[size // 2 : size // 2 + len(kept)] = kept
    return np.fft.rfft(np.stack([padded[m * hop : m * hop + size] for m in range(count)]) * window, axis=1)


def divisor_of(mixture, spectrum, magnitude, normalisation):
    """src/separation/song-divisor.ts, src/model/patch.ts."""
    return {
        "none": lambda: 1.0,
        "patch-maximum": lambda: magnitude.max(),
        "song-maximum": lambda: np.abs(spectrum).max(),
        "song-level": lambda: np.sqrt(np.mean(mixture**2)) / normalisation["level"],
    }[normalisation["kind"]]()


def combine(masks, magnitude, rule):
    """src/model/runtime/combine-masks.ts: stem → mask to that of the vocals."""
    if rule["kind"] == "single":
        return masks["vocals"] if "vocals" in masks else 1 - masks["accompaniment"]
    powers = {stem: (mask * magnitude) ** rule["exponent"] for stem, mask in masks.items()}
    share = (powers["vocals"] + rule["epsilon"] / len(masks)) / (sum(powers.values()) + rule["epsilon"])
    return np.where(magnitude == 0, 0, share)


def masks_of(mixture, manifest, networks):
    """(channels, samples) → masks of the vocals, (channels, frames, bins)."""
    stft, patch = manifest["stft"], manifest["patch"]
    if stft["window"] != "hann" or stft["windowLength"] != stft["fftSize"] or not stft["centred"]:
        raise ValueError("Only centred Hann windows of the FFT's length are written here.")
    size = stft["fftSize"]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    spectrum = np.stack([frames_of(channel, size, stft["hop"], hann) for channel in mixture])
    magnitude = np.abs(spectrum)[:, :, patch["firstBin"] : patch["firstBin"] + patch["bins"]]
    frames = magnitude.shape[1]
    if frames > patch["frames"]:
        raise ValueError("The excerpt is longer than a patch.")
    # A song shorter than a patch is filled up to what the networks can halve, no further.
    unit = 2 ** max(len(n.get("filters", n.get("encoderFilters"))) for n in manifest["networks"].values())
    padded = np.pad(magnitude, ((0, 0), (0, min(patch["frames"], -(-frames // unit) * unit) - frames), (0, 0)))
    scaled = padded / divisor_of(mixture, spectrum, magnitude, manifest["normalisation"])
    if manifest["compression"]["kind"] == "log":
        scaled = np.log1p(manifest["compression"]["scale"] * scaled)
    picture = torch.from_numpy(scaled.transpose(0, 2, 1)[None].copy())
    outputs = {stem: networks[stem](picture)[0].numpy().transpose(0, 2, 1)[:, :frames] for stem in manifest["networks"]}
    kinds = {network["output"] for network in manifest["networks"].values()}
    if kinds == {"logit"}:
        total = np.logaddexp.reduce(list(outputs.values()))
        outputs = {stem: np.exp(logits - total) for stem, logits in outputs.items()}
    elif kinds != {"mask"}:
        raise ValueError(f"Outputs of {kinds} are not written here.")
    return combine(outputs, magnitude, manifest["combine"])


def vocals_of(mixture, manifest, networks):
    """(channels, samples) → the same."""
    masks = masks_of(mixture, manifest, networks)
    return np.stack([filtered(channel, mask, manifest) for channel, mask in zip(mixture, masks)])


def with_high_band(rows, manifest):
    """(frames, bins) → (frames, bins + 2): a value below the model's band, its bins, a value above."""
    stft, patch, rule = manifest["stft"], manifest["patch"], manifest["highBand"]
    bin_hz = manifest["sampleRate"] / stft["fftSize"]
    joined = np.pad(rows, ((0, 0), (1, 1)), mode="edge")
    joined[:, 0] = 0
    if (patch["firstBin"] + patch["bins"]) * bin_hz >= manifest["sampleRate"] / 2:
        # There is nothing above the band.
        return joined
    above = np.zeros(len(rows))
    if rule["rule"] == "mean":
        first = max(0, int(np.ceil(rule["fromHz"] / bin_hz - patch["firstBin"] - 1e-9)))
        above = np.minimum(1, rule["gain"] * rows[:, min(first, patch["bins"] - 1) :].mean(axis=1))
    elif rule["rule"] != "zero":
        raise ValueError(f"The high band's rule {rule['rule']} is not written here.")
    fade = np.arange(1, FADE_BINS + 1) / FADE_BINS
    joined[:, -1 - FADE_BINS : -1] += fade * (above[:, None] - joined[:, -1 - FADE_BINS : -1])
    joined[:, -1] = above
    return joined


def filtered(mixture, mask, manifest):
    """Samples of one channel at the model's rate and its mask, (frames, bins) → its vocals."""
    stft, rate = manifest["stft"], manifest["sampleRate"]
    size = max(64, 2 ** round(np.log2(stft["windowLength"]) + FILTER_ROUNDING))
    hop = int(size * FILTER_HOP)
    sine = np.sin(np.pi * np.arange(size) / size)
    spectrum = frames_of(mixture, size, hop, sine)
    at = np.minimum(np.arange(len(spectrum)) * hop / stft["hop"], len(mask) - 1)
    early = at.astype(int)
    part = (at - early)[:, None]
    rows = mask[early] * (1 - part) + mask[np.minimum(early + 1, len(mask) - 1)] * part
    # Bins of the filter, counted in the model's from one below its first.
    place = np.arange(spectrum.shape[1]) * stft["fftSize"] / size - manifest["patch"]["firstBin"] + 1
    gains = np.stack([np.interp(place, np.arange(row.size), row) for row in with_high_band(rows, manifest)])
    frames = np.fft.irfft(spectrum * gains, size, axis=1) * sine
    total, weight = np.zeros((len(frames) - 1) * hop + size), np.zeros((len(frames) - 1) * hop + size)
    for m, frame in enumerate(frames):
        total[m * hop : m * hop + size] += frame
        weight[m * hop : m * hop + size] += sine**2
    return (total / np.maximum(weight, 1e-9))[size // 2 : size // 2 + len(mixture)]


def sdr(reference, estimate):
    return 10 * np.log10(np.sum(reference**2) / np.sum((reference - estimate) ** 2))


def write_reference(model: str, exact: Path | None) -> None:
    folder, out = ROOT / "models" / model, FIXTURES / model
    manifest = read_manifest(folder)
    networks = read_networks(folder, manifest)
    rate, channels = int(manifest["sampleRate"]), manifest["channels"]
    start, seconds, kept = EXCERPTS[model]
    stored = decode(start, seconds, rate, channels)
    mixture = stored / 32768.0
    length = int(kept * rate)
    starts = excerpt_starts(mixture.shape[1], length)
    qualities = list(manifest.get("qualities", {})) or [None]
    out.mkdir(parents=True, exist_ok=True)
    before = json.loads((out / "facts.json").read_text()) if (out / "facts.json").exists() else {}
    weights = shards_of(manifest)
    steps, best = {}, None
    for quality in qualities:
        vocals = vocals_of(mixture, at_quality(manifest, quality), networks)
        name = quality or "vocals"
        steps[name] = write_excerpts(out / f"{name}.i16", vocals, starts, length)
        best = vocals if best is None else best
    if all(network["family"] == "spleeter" for network in manifest["networks"].values()):
        stems = spleeter_classic.separate(mixture, manifest, networks)
        classic = {"classic-vocals": stems.pop("vocals"), "classic-accompaniment": sum(stems.values())}
        steps |= {name: write_excerpts(out / f"{name}.i16", stem, starts, length) for name, stem in classic.items()}
    (out / "mixture.i16").write_bytes(stored.T.astype("<i2").tobytes())
    rounding = before.get("rounding") if before.get("weights") == weights else None
    if exact:
        rounded = vocals_of(mixture, at_quality(manifest, qualities[0]), read_networks(exact, read_manifest(exact)))
        print("rounding costs: SDR %.1f dB" % sdr(rounded, best))
        difference = excerpts(rounded - best, starts, length)[:, : DIFFERENCE // channels]
        step = max(float(np.abs(difference).max()) / 127, 1e-12)
        (out / "rounding.i8").write_bytes(np.round(difference.T / step).astype(np.int8).tobytes())
        rounding = {"samples": difference.shape[1], "step": step}
    if rounding is None:
        (out / "rounding.i8").unlink(missing_ok=True)
    facts = {
        "about": f"Written by training/reference/parity_reference.py with PyTorch {torch.__version__}.",
        "sampleRate": rate, "channels": channels, "starts": starts, "excerptSamples": min(length, mixture.shape[1]),
        "steps": steps, "weights": weights, "rounding": rounding,
    }
    (out / "facts.json").write_text(json.dumps(facts, indent=2) + "\n")
    print(f"{out}: {', '.join(steps)}, {sum(path.stat().st_size for path in out.iterdir())} bytes")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=EXCERPTS, help="default: all of them")
    parser.add_argument("--exact", type=Path)
    arguments = parser.parse_args()
    if arguments.exact and not arguments.model:
        sys.exit("Say with --model which model --exact is of.")
    torch.set_num_threads(1)
    for model in [arguments.model] if arguments.model else EXCERPTS:
        write_reference(model, arguments.exact)


if __name__ == "__main__":
    main()
