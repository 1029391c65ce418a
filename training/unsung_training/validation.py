"""Separates whole validation songs and measures SDR = 10·log10(‖s‖² / ‖s − ŝ‖²), at the network's rate, in mono."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .audio_cache import FULL_SCALE, AudioCache
from .library import Library
from .spectra import PatchConfig, centred, inverse

# Magnitudes (patches, bins, frames), patch maximum 1 → masks of the same shape.
Predict = Callable[[np.ndarray], np.ndarray]


def sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Decibels; NaN for a silent reference."""
    power = float(np.sum(reference.astype(np.float64) ** 2))
    error = float(np.sum((reference.astype(np.float64) - estimate) ** 2))
    return 10.0 * np.log10(power / max(error, 1e-20)) if power > 0 else float("nan")


def song_mask(magnitude: np.ndarray, predict: Predict, config: PatchConfig, advance: int) -> np.ndarray:
    """(frames, bins) → mask of that shape: patches every `advance` frames, cross-faded by a triangle in time."""
    frames = len(magnitude)
    count = max(1, -(-max(0, frames - config.frames) // advance) + 1)
    padded = np.zeros(((count - 1) * advance + config.frames, config.bins), np.float32)
    padded[:frames] = magnitude
    patches = np.stack([padded[n * advance : n * advance + config.frames].T for n in range(count)])
    masks = predict(patches / np.maximum(patches.max(axis=(1, 2), keepdims=True), 1e-6))
    fade = np.minimum(np.arange(1, config.frames + 1), np.arange(config.frames, 0, -1)).astype(np.float32)[:, None]
    total, weight = np.zeros_like(padded), np.zeros((len(padded), 1), np.float32)
    for n, mask in enumerate(masks):
        at = slice(n * advance, n * advance + config.frames)
        total[at] += mask.T * fade
        weight[at] += fade
    return (total / weight)[:frames]


# Overlap of the STFT that the mask is applied to. At the network's own hop of 768 the frames hardly overlap, and the
# inverse divides by nearly nothing between them: what the mask does wrong there would be raised by many decibels.
FINE_HOP = 192


def apply_mask(mixture: np.ndarray, mask: np.ndarray, config: PatchConfig) -> np.ndarray:
    """Mask (frames, bins of the patch), interpolated linearly in time to a hop of 192, × mixture → waveform."""
    fine = replace(config, hop=FINE_HOP)
    spectrum = centred(mixture, fine)
    at = np.minimum(np.arange(len(spectrum)) * (FINE_HOP / config.hop), len(mask) - 1)
    early = at.astype(int)
    part = (at - early).astype(np.float32)[:, None]
    rows = mask[early] * (1 - part) + mask[np.minimum(early + 1, len(mask) - 1)] * part
    masked = np.zeros_like(spectrum)
    band = slice(config.first_bin, config.first_bin + config.bins)
    masked[:, band] = spectrum[:, band] * rows
    return inverse(masked, len(mixture), fine)


def validate(library: Library, cache: AudioCache, config: PatchConfig, predict: Predict) -> dict[str, dict[str, float]]:
    """SDR of vocals and accompaniment and of the unprocessed mixture, averaged over each data set's songs."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for song in library.songs:
        vocals, backing = (cache.load(p).astype(np.float32).mean(axis=0) / FULL_SCALE
                           for p in (song.vocals, song.accompaniment))
        samples = min(len(vocals), len(backing))
        vocals, backing = vocals[:samples], backing[:samples]
        mixture = vocals + backing
        band = slice(config.first_bin, config.first_bin + config.bins)
        magnitude = np.abs(centred(mixture, config)[:, band])
        estimate = apply_mask(mixture, song_mask(magnitude, predict, config, config.frames // 2), config)
        rows[song.group].append({
            "vocals": sdr(vocals, estimate), "accompaniment": sdr(backing, mixture - estimate),
            "vocals_mixture": sdr(vocals, mixture), "accompaniment_mixture": sdr(backing, mixture),
        })
    return {group: {key: float(np.nanmean([song[key] for song in songs])) for key in songs[0]}
            for group, songs in rows.items()}
