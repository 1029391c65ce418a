"""Writes tests/fixtures/repet.json: what librosa makes of a repeating background with a voice over it, to compare
src/dsp/non-local-median.ts and src/dsp/repet-sim.ts with.

Run from the repository's root, with numpy and librosa 0.10:

    python training/reference/repet_reference.py

The recipe is that of librosa's gallery, “Vocal separation” (Rafii & Pardo 2012), with margins of 1. The signals come from
the linear congruential generator of tests/dsp/noise.ts and from sines, so only results are stored.
"""

import json
from pathlib import Path

import librosa
import numpy as np

FRAMES, BINS, WIDTH = 60, 6, 4
RATE, FFT, HOP, SECONDS = 4000, 256, 128, 8
WIDTH_SECONDS = 1


def noise(seed, count):
    """Uniform in [-1, 1), float32: what tests/dsp/noise.ts gives."""
    out, state = [], seed
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(state / 2**31 - 1)
    return np.array(out, np.float32)


def median_case():
    features = (noise(7, FRAMES * BINS).reshape(FRAMES, BINS) + 1) / 2
    values = librosa.decompose.nn_filter(features.T.astype(np.float64), aggregate=np.median, metric="cosine", width=WIDTH, mode="distance").T
    return {"seed": 7, "frames": FRAMES, "bins": BINS, "width": WIDTH, "values": [round(float(v), 7) for v in values.ravel()]}


def song():
    """A bar of noise that comes again each second, and a tone that moves from second to second: see repet-sim.test.ts."""
    bar = noise(11, RATE)
    background = np.tile(bar, SECONDS) * 0.3
    n = np.arange(RATE)
    voice = np.concatenate([0.3 * np.sin(2 * np.pi * (500 + 90 * second) * n / RATE) for second in range(SECONDS)])
    return np.float32(background), np.float32(voice)


def repet_case():
    background, voice = song()
    mixture = np.float32(background + voice)
    stft = librosa.stft(mixture, n_fft=FFT, hop_length=HOP, pad_mode="constant")
    magnitude = np.abs(stft)
    width = int(WIDTH_SECONDS * RATE / HOP)
    repeating = librosa.decompose.nn_filter(magnitude.astype(np.float64), aggregate=np.median, metric="cosine", width=width, mode="distance")
    repeating = np.minimum(magnitude, repeating)
    mask = librosa.util.softmask(magnitude - repeating, repeating, power=2)
    vocals = librosa.istft(stft * mask, n_fft=FFT, hop_length=HOP, length=len(mixture))
    sdr = lambda s, e: float(10 * np.log10(np.sum(s**2) / np.sum((s - e) ** 2)))  # noqa: E731
    return {
        "rate": RATE, "fftSize": FFT, "hop": HOP, "seconds": SECONDS, "apartSeconds": WIDTH_SECONDS,
        "every": 53, "vocals": [round(float(v), 6) for v in vocals[::53]],
        "sdrVocals": sdr(voice, vocals), "sdrMixture": sdr(voice, mixture),
    }


def main():
    fixture = {
        "about": "Written by training/reference/repet_reference.py with librosa %s and numpy %s." % (librosa.__version__, np.__version__),
        "median": median_case(),
        "repetSim": repet_case(),
    }
    path = Path("tests/fixtures/repet.json")
    path.write_text(json.dumps(fixture) + "\n")
    print(f"{path}: {path.stat().st_size} bytes", fixture["repetSim"]["sdrVocals"], fixture["repetSim"]["sdrMixture"])


if __name__ == "__main__":
    main()
