"""Which effects a patch's voice or accompaniment goes through: each by its own chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import band, dynamics, formants, space, stretch, voices

Rng = np.random.Generator


@dataclass(frozen=True)
class EffectsConfig:
    """Chances are of each patch, 0 switches an effect off; ranges are uniform."""

    # Voices. After a change of speed (which moves pitch and formants together) the formants go back where they were.
    keep_formants: float = 0.5
    # Pitch alone, without the beat; with kept formants in half of the cases.
    pitch: float = 0.10
    pitch_semitones: tuple[float, float] = (-4.0, 4.0)
    # Formants alone: a smaller or larger singer.
    formants: float = 0.15
    formant_ratio: tuple[float, float] = (0.85, 1.18)
    doubling: float = 0.15
    harmony: float = 0.08
    humming: float = 0.03
    humming_cutoff: tuple[float, float] = (350.0, 900.0)
    echo: float = 0.12
    echo_seconds: tuple[float, float] = (0.06, 0.5)
    voice_compression: float = 0.35
    # Accompaniments.
    tempo: float = 0.08
    tempo_ratio: tuple[float, float] = (0.85, 1.18)
    backing_compression: float = 0.2
    # Both.
    band_limit: float = 0.05
    # Hertz: what 8 to 22.05 kHz recordings keep; above the rate's own limit nothing happens.
    band_limit_cutoff: tuple[float, float] = (3000.0, 11025.0)
    # Stereo only.
    pan: float = 0.3
    pan_range: tuple[float, float] = (0.25, 0.75)
    width: float = 0.3
    width_range: tuple[float, float] = (0.0, 1.6)
    swap_sides: float = 0.5


NO_EFFECTS = EffectsConfig(keep_formants=0, pitch=0, formants=0, doubling=0, harmony=0, humming=0, echo=0,
                           voice_compression=0, tempo=0, backing_compression=0, band_limit=0, pan=0, width=0, swap_sides=0)


def _within(limits: tuple[float, float], rng: Rng) -> float:
    return float(rng.uniform(*limits))


def _log_within(limits: tuple[float, float], rng: Rng) -> float:
    return float(np.exp(rng.uniform(*np.log(limits))))


def _compressed(sound: np.ndarray, rng: Rng, rate: int) -> np.ndarray:
    """Threshold 3 to 20 dB below the RMS while it sounds, ratio 2 to 8."""
    level = 20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-6)
    return dynamics.compress(sound, level - rng.uniform(3, 20), rng.uniform(2, 8), rng.uniform(0.002, 0.03),
                             rng.uniform(0.05, 0.4), rate)


def _band_limited(sound: np.ndarray, rng: Rng, rate: int, config: EffectsConfig) -> np.ndarray:
    cutoff = _log_within(config.band_limit_cutoff, rng)
    return band.band_limit(sound, cutoff, rate) if cutoff < 0.5 * rate else sound


def voice_effects(sound: np.ndarray, rng: Rng, rate: int, config: EffectsConfig, speed: float = 1.0,
                  in_tune: bool = False) -> np.ndarray:
    """(…, samples) → the same shape. `speed`: how much faster it was played before (vary_speed's ratio), for
    keep_formants. `in_tune`: the voice goes over its own song, so its key stays."""
    if speed != 1.0 and rng.random() < config.keep_formants:
        sound = formants.shift_formants(sound, 1.0 / speed, rate)
    if rng.random() < config.pitch and not in_tune:
        sound = stretch.shift_pitch(sound, _within(config.pitch_semitones, rng), rate, bool(rng.random() < 0.5))
    if rng.random() < config.formants:
        sound = formants.shift_formants(sound, _log_within(config.formant_ratio, rng), rate)
    if rng.random() < config.humming:
        sound = band.hum(sound, _log_within(config.humming_cutoff, rng), rate)
    if rng.random() < config.harmony:
        sound = voices.harmonise(sound, rng, rate)
    if rng.random() < config.doubling:
        sound = voices.double(sound, rng, rate)
    if rng.random() < config.voice_compression:
        sound = _compressed(sound, rng, rate)
    if rng.random() < config.echo:
        sound = space.echo(sound, _log_within(config.echo_seconds, rng), rng.uniform(0.1, 0.5), rng.uniform(0, 0.6), rate)
    if rng.random() < config.band_limit:
        sound = _band_limited(sound, rng, rate, config)
    return sound


def backing_effects(sound: np.ndarray, rng: Rng, rate: int, config: EffectsConfig, in_time: bool = False) -> np.ndarray:
    """(…, samples) → the same shape. `in_time`: it lies under its own song's voice, so its tempo stays."""
    if rng.random() < config.tempo and not in_time:
        moved = stretch.stretch(sound, _log_within(config.tempo_ratio, rng), rate)
        # Made shorter, it is filled up with its own beginning: a seam once in a while, and no silence to learn.
        repeats = -(-sound.shape[-1] // moved.shape[-1])
        sound = np.concatenate([moved] * repeats, axis=-1)[..., : sound.shape[-1]]
    if rng.random() < config.backing_compression:
        sound = _compressed(sound, rng, rate)
    if rng.random() < config.band_limit:
        sound = _band_limited(sound, rng, rate, config)
    return sound


def stereo_effects(sound: np.ndarray, rng: Rng, config: EffectsConfig) -> np.ndarray:
    """(1 or 2, samples) → (2, samples): width, sides, place. A mono sound is put somewhere between the sides."""
    if len(sound) == 2 and rng.random() < config.width:
        sound = space.widen(sound, _within(config.width_range, rng))
    if len(sound) == 2 and rng.random() < config.swap_sides:
        sound = space.swap_sides(sound)
    if rng.random() < config.pan:
        return space.pan(sound, _within(config.pan_range, rng))
    return sound if len(sound) == 2 else space.pan(sound, 0.5)
