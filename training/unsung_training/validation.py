"""Separates whole validation songs and measures SDR = 10·log10(‖s‖² / ‖s − ŝ‖²), at the network's rate and channels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .audio_cache import FULL_SCALE, AudioCache
from .library import Library
from .spectra import PatchConfig, centred, inverse

# Magnitudes (patches, channels, bins, frames), patch maximum 1 → masks of the same shape.
Predict = Callable[[np.ndarray], np.ndarray]


def sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Decibels, over all channels together; NaN for a silent reference."""
    power = float(np.sum(reference.astype(np.float64) ** 2))
    error = float(np.sum((reference.astype(np.float64) - estimate) ** 2))
    return 10.0 * np.log10(power / max(error, 1e-20)) if power > 0 else float("nan")


def song_mask(magnitude: np.ndarray, predict: Predict, config: PatchConfig, advance: int) -> np.ndarray:
    """(channels, frames, bins) → mask of that shape: patches every `advance` frames, cross-faded by a triangle; the last one
    ends with the song."""
    channels, frames, bins = magnitude.shape
    last = max(0, frames - config.frames)
    starts = [*range(0, last, advance), last]
    padded = np.zeros((channels, last + config.frames, bins), np.float32)
    padded[:, :frames] = magnitude
    patches = np.stack([padded[:, at : at + config.frames].transpose(0, 2, 1) for at in starts])
    masks = predict(patches / np.maximum(patches.max(axis=(1, 2, 3), keepdims=True), 1e-6))
    fade = np.minimum(np.arange(1, config.frames + 1), np.arange(config.frames, 0, -1)).astype(np.float32)[:, None]
    total, weight = np.zeros_like(padded), np.zeros((padded.shape[1], 1), np.float32)
    for start, mask in zip(starts, masks):
        at = slice(start, start + config.frames)
        total[:, at] += mask.transpose(0, 2, 1) * fade
        weight[at] += fade
    return (total / weight)[:, :frames]


def apply_mask(mixture: np.ndarray, mask: np.ndarray, config: PatchConfig) -> np.ndarray:
    """Mask (frames, bins) of one channel, interpolated linearly in time, × mixture (samples,) → waveform (samples,)."""
    fine = replace(config, hop=config.fine_hop)
    spectrum = centred(mixture, fine)
    at = np.minimum(np.arange(len(spectrum)) * (fine.hop / config.hop), len(mask) - 1)
    early = at.astype(int)
    part = (at - early).astype(np.float32)[:, None]
    fine_mask = mask[early] * (1 - part) + mask[np.minimum(early + 1, len(mask) - 1)] * part
    masked = np.zeros_like(spectrum)
    masked[:, config.band] = spectrum[:, config.band] * fine_mask
    return inverse(masked, len(mixture), fine)


def picture(mixture: np.ndarray, config: PatchConfig) -> np.ndarray:
    """Waveform (channels, samples) → magnitude (channels, frames, bins)."""
    return np.stack([np.abs(centred(channel, config)[:, config.band]) for channel in mixture])


def separate(mixture: np.ndarray, predict: Predict, config: PatchConfig) -> np.ndarray:
    """Mixture (channels, samples) → vocals of that shape. Patches overlap by half."""
    mask = song_mask(picture(mixture, config), predict, config, config.frames // 2)
    return np.stack([apply_mask(channel, of_channel, config) for channel, of_channel in zip(mixture, mask)])


def as_channels(sound: np.ndarray, channels: int) -> np.ndarray:
    """(any channels, samples) int16 → (channels, samples) float32 in [−1, 1]: the mean for one, copies for two."""
    floats = sound.astype(np.float32) / FULL_SCALE
    if channels == 1:
        return floats.mean(axis=0, keepdims=True)
    return np.broadcast_to(floats, (channels, floats.shape[1])) if len(floats) == 1 else floats[:channels]


def validate(library: Library, cache: AudioCache, config: PatchConfig, predict: Predict) -> dict[str, dict[str, float]]:
    """SDR of vocals and accompaniment and of the unprocessed mixture, averaged over each data set's songs."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for song in library.songs:
        vocals, backing = (as_channels(cache.load(p), config.channels) for p in (song.vocals, song.accompaniment))
        samples = min(vocals.shape[1], backing.shape[1])
        vocals, backing = vocals[:, :samples], backing[:, :samples]
        mixture = vocals + backing
        estimate = separate(mixture, predict, config)
        rows[song.group].append({
            "vocals": sdr(vocals, estimate), "accompaniment": sdr(backing, mixture - estimate),
            "vocals_mixture": sdr(vocals, mixture), "accompaniment_mixture": sdr(backing, mixture),
        })
    return {group: {key: float(np.nanmean([song[key] for song in songs])) for key in songs[0]}
            for group, songs in rows.items()}
