"""Draws curves of a run and spectrograms of its output at every epoch. Needs matplotlib; without it, does nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .audio_cache import AudioCache
from .library import Library
from .spectra import PatchConfig
from .validation import Predict, as_channels, picture, song_mask

try:
    import matplotlib
except ImportError:
    matplotlib = None
else:
    matplotlib.use("Agg")
    from matplotlib import pyplot

EXAMPLE_SECONDS = 12.0


def draw_curves(log: Path, target: Path) -> None:
    """Loss and validation SDR over the minutes of the run, from log.jsonl."""
    if matplotlib is None:
        return
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    minutes = [row["minutes"] for row in rows]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    left.plot(minutes, [row["loss"] for row in rows], marker=".")
    left.set(xlabel="minutes", ylabel="loss", yscale="log")
    for group in rows[-1]["valid"]:
        for stem, style in (("vocals", "-"), ("accompaniment", "--")):
            gains = [row["valid"][group][stem] - row["valid"][group][f"{stem}_mixture"] for row in rows]
            right.plot(minutes, gains, style, marker=".", label=f"{group}, {stem}")
    right.set(xlabel="minutes", ylabel="SDR above the mixture (dB)")
    right.legend(fontsize="x-small")
    _save(figure, target)


def draw_example(library: Library, cache: AudioCache, config: PatchConfig, predict: Predict,
                 separate: Callable[[np.ndarray, Predict, PatchConfig], np.ndarray], target: Path) -> None:
    """Mixture, mask, separated and true vocals of the middle of the first validation song, one below the other."""
    if matplotlib is None or not library.songs:
        return
    song = library.songs[0]
    vocals, backing = (as_channels(cache.load(s), config.channels) for s in (song.vocals, song.accompaniment))
    samples = int(EXAMPLE_SECONDS * config.rate)
    start = max(0, (min(vocals.shape[1], backing.shape[1]) - samples) // 2)
    vocals, backing = vocals[:, start : start + samples], backing[:, start : start + samples]
    mixture = vocals + backing
    image = picture(mixture, config)
    mask = song_mask(image, predict, config, config.frames // 2)
    estimate = picture(separate(mixture, predict, config), config)
    decibels = lambda a: 20 * np.log10(np.maximum(a[0], 1e-9) / max(image.max(), 1e-9))  # noqa: E731
    panels = (("mixture", decibels(image), -80, 0), ("mask", mask[0], 0, 1),
              ("separated vocals", decibels(estimate), -80, 0), ("true vocals", decibels(picture(vocals, config)), -80, 0))
    figure, axes = pyplot.subplots(len(panels), 1, figsize=(9, 10), sharex=True, layout="constrained")
    seconds = image.shape[1] * config.hop / config.rate
    for axis, (name, values, low, high) in zip(axes, panels):
        shown = axis.imshow(values.T, origin="lower", aspect="auto", vmin=low, vmax=high, cmap="magma",
                            extent=(0, seconds, 0, config.bins), interpolation="nearest")
        axis.set(title=name, ylabel="row")
        figure.colorbar(shown, ax=axis)
    axes[-1].set(xlabel="seconds")
    _save(figure, target)


def _save(figure, target: Path) -> None:
    partial = target.with_suffix(".partial.png")
    figure.savefig(partial, dpi=80)
    pyplot.close(figure)
    partial.replace(target)
