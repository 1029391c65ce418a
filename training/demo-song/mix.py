"""Mixes singers and instruments to two stems whose sum is the mixture, sample by sample."""

import numpy as np

import drums
import keys
import plucked
from articulation import articulate
from effects import compressor_gain, high_pass, limiter_gain, loudness, pan, reverb
from score import LINES, SECONDS
from singer import RATE, Singer
from voice import sing

LOUDNESS = -15.7
"""LUFS of the mixture before the lossy encoder, which takes a little treble."""
CEILING = 10 ** (-2.5 / 20)
"""Peak of the mixture before the lossy encoder, which may add a decibel."""
VOCALS_OVER_ACCOMPANIMENT = -0.2
"""dB of RMS while there is singing."""

CHORUS = tuple(line for line in LINES if line.section == "chorus")
SECOND = Singer(
    seed=37, tract=1.13, second_voice=True, cents=-3.0, looseness=0.012, vibrato_hertz=5.8, rd=(("chorus", 1.1),)
)
SINGERS = (
    # singer, lines, gain in dB, place
    (Singer(seed=11), LINES, 0.0, 0.5),
    (SECOND, CHORUS, -12.0, 0.74),
)
"""The lead, and in the chorus a second voice."""


def _db(gain: float) -> float:
    return 10.0 ** (gain / 20.0)


def _rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(x**2)))


def vocals(length: int) -> tuple[np.ndarray, np.ndarray]:
    """All singers with their room, shape (2, length), and the lead alone without room, shape (length,)."""
    dry = np.zeros((2, length))
    lead = None
    for singer, lines, gain, place in SINGERS:
        sound = sing(articulate(lines, singer, SECONDS), singer.seed)[:length]
        lead = sound if lead is None else lead
        dry += _db(gain) * pan(high_pass(sound, 95.0), place)
    dry *= 0.12 / _rms(dry[:, np.abs(lead) > 0.05])
    dry *= compressor_gain(dry, -19.0, 2.5, 0.008, 0.12)
    rng = np.random.default_rng(5)
    wet = reverb(high_pass(dry, 220.0), 1.5, 0.028, rng)
    return dry + 0.15 * wet, lead


def accompaniment(length: int) -> np.ndarray:
    """The band with its room, shape (2, length)."""
    rng = np.random.default_rng(2)
    guitar = high_pass(plucked.guitar(length, rng), 170.0)
    piano = keys.piano_part(length, rng)
    bells = pan(keys.bell_part(length), 0.62)
    strings = high_pass(keys.string_part(length, rng), 180.0)
    bass = pan(plucked.bass(length, rng), 0.5)
    kit = drums.kit(length, rng)
    parts = (  # sound, gain, how much of it goes into the room
        (guitar, 0.040, 0.18),
        (piano, 0.040, 0.16),
        (bells, 0.085, 0.30),
        (strings, 0.0055, 0.35),
        (bass, 0.165, 0.0),
    )
    send = 0.05 * kit
    out = 0.40 * kit
    for sound, gain, room in parts:
        out += gain * sound
        send = send + gain * room * sound
    return out + reverb(high_pass(send, 160.0), 1.2, 0.012, rng)


def mix() -> dict[str, np.ndarray]:
    """mixture, vocals, accompaniment (2, samples; mixture = vocals + accompaniment) and lead (the first voice, dry)."""
    length = int(SECONDS * RATE)
    voices, lead = vocals(length)
    band = accompaniment(length)
    singing = np.abs(lead) > 0.05
    voices *= _db(VOCALS_OVER_ACCOMPANIMENT) * _rms(band[:, singing]) / _rms(voices[:, singing])
    # Bus compression and limiting: one gain, taken from the mixture, moves both stems, so that they still add up.
    level = _db(LOUDNESS - loudness(voices + band))
    gain = level * compressor_gain(level * (voices + band), -17.0, 1.8, 0.02, 0.18)
    voices, band = voices * gain, band * gain
    level = _db(LOUDNESS - loudness(voices + band))
    voices, band = voices * level, band * level
    gain = limiter_gain(voices + band, CEILING)
    fade = np.clip((length - np.arange(length)) / (1.2 * RATE), 0.0, 1.0) ** 1.5
    voices, band = voices * gain * fade, band * gain * fade
    return {"mixture": voices + band, "vocals": voices, "accompaniment": band, "lead": lead}
