"""Compression of the dynamic range."""

from __future__ import annotations

import numpy as np

HOP_SECONDS = 0.004


def reduction_db(level_db: np.ndarray, threshold_db: float, ratio: float, knee_db: float = 6.0) -> np.ndarray:
    """Decibels (≥ 0) that a compressor takes away at a level: (level − threshold) · (1 − 1 / ratio) above the knee.

    The knee is a parabola of `knee_db` around the threshold (Giannoulis, Massberg & Reiss 2012, eq. 4).
    """
    over = level_db - threshold_db
    soft = (over + knee_db / 2) ** 2 / (2 * knee_db) if knee_db else np.zeros_like(over)
    bent = np.where(np.abs(over) <= knee_db / 2, soft, np.maximum(over, 0.0))
    return bent * (1 - 1 / ratio)


def compress(sound: np.ndarray, threshold_db: float, ratio: float, attack: float, release: float, rate: int) -> np.ndarray:
    """Same shape. `threshold_db` is RMS re full scale; `attack` and `release` are time constants in seconds.

    One gain for all channels, from their mean power in blocks of 4 ms; no make-up gain.
    """
    hop = max(1, int(HOP_SECONDS * rate))
    count = sound.shape[-1]
    blocks = -(-count // hop)
    power = np.zeros(blocks * hop, np.float32)
    power[:count] = (sound.reshape(-1, count) ** 2).mean(axis=0)
    level = 10 * np.log10(power.reshape(blocks, hop).mean(axis=1) + 1e-10)
    wanted = reduction_db(level, threshold_db, ratio).tolist()
    rise, fall = np.exp(-hop / (attack * rate)), np.exp(-hop / (release * rate))
    held, state = [], wanted[0]
    for x in wanted:  # branches by direction: no linear filter does it
        state = x + (state - x) * (rise if x > state else fall)
        held.append(state)
    places = (np.arange(blocks) + 0.5) * hop
    gain = 10.0 ** (-np.interp(np.arange(count), places, held) / 20)
    return sound * gain.astype(np.float32)


def compress_at_random(sound: np.ndarray, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Threshold 3 to 20 dB below the RMS, ratio 2 to 8."""
    level = 20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-6)
    return compress(sound, level - rng.uniform(3, 20), rng.uniform(2, 8), rng.uniform(0.002, 0.03),
                    rng.uniform(0.05, 0.4), rate)
