"""Writes tests/fixtures/metrics.json: what museval and the SiSEC oracles compute where src/metrics computes the same.

Run from the repository's root, with numpy, scipy and museval 0.4:

    python training/reference/metrics_reference.py

The sources come from a linear congruential generator and additions and multiplications only, done in the same
order in tests/metrics/sources.ts, so that both languages have the same float32 samples and only results are stored.
"""

import json
from pathlib import Path

import museval
import numpy as np
from scipy import signal

RATE = 4000
SAMPLES = 4 * RATE


def coloured(seed, a1, a2):
    """Autoregressive noise, float64: y[n] = x[n] + a1 y[n - 1] + a2 y[n - 2]."""
    out = []
    state = seed
    y1 = y2 = 0.0
    for _ in range(SAMPLES):
        state = (1664525 * state + 1013904223) % 2**32
        y = (state / 2**31 - 1) + a1 * y1 + a2 * y2
        out.append(y)
        y1, y2 = y, y1
    return np.array(out)


def delayed(x, samples):
    return np.concatenate([np.zeros(samples), x[: len(x) - samples]])


def sources(layout):
    """(references, estimates), each (vocals, accompaniment) x samples x channels, float32 values.

    The singer is silent in the second second.
    """
    voice = 0.1 * coloured(1, 1.6, -0.8)
    voice[RATE : 2 * RATE] = 0.0
    band = 0.2 * coloured(2, 0.5, 0.3)
    room = 0.2 * coloured(3, 0.2, -0.4)
    hiss = 0.05 * coloured(4, 0.0, 0.0)
    if layout == "mono":
        v = [voice]
        a = [band]
    elif layout == "stereo":
        v = [0.8 * voice, 0.6 * delayed(voice, 3)]
        a = [band, room + 0.3 * band]
    else:  # both channels alike
        v = [voice, voice]
        a = [band, band]
    v = np.float32(np.stack(v, 1)).astype(np.float64)
    a = np.float32(np.stack(a, 1)).astype(np.float64)
    estimates = []
    for target, other in ((v, a), (a, v)):
        columns = []
        for c in range(target.shape[1]):
            s, i = target[:, c], other[:, c]
            columns.append(0.9 * s + 0.2 * delayed(s, 1) + 0.15 * delayed(i, 5) + hiss)
        estimates.append(np.stack(columns, 1))
    return np.stack([v, a]), np.float32(np.stack(estimates)).astype(np.float64)


def numbers(array):
    """NaN as null: JSON has no NaN."""
    return [[None if np.isnan(value) else round(float(value), 6) for value in row] for row in array]


def bss_case(layout, window, hop, filter_length=512):
    references, estimates = sources(layout)
    sdr, isr, sir, sar, _ = museval.metrics.bss_eval(
        references,
        estimates,
        window=window if window else np.inf,
        hop=hop if hop else np.inf,
        compute_permutation=False,
        filters_len=filter_length,
        framewise_filters=False,
        bsseval_sources_version=False,
    )
    return {
        "layout": layout,
        "window": window,
        "hop": hop,
        "filterLength": filter_length,
        "sdr": numbers(sdr),
        "isr": numbers(isr),
        "sir": numbers(sir),
        "sar": numbers(sar),
    }


def sdr_case(layout):
    references, estimates = sources(layout)
    s, e = references[0], estimates[0]
    frames = []
    for t in range(SAMPLES // RATE):
        part = slice(t * RATE, (t + 1) * RATE)
        if np.any(s[part]):
            frames.append(10 * np.log10(np.sum(s[part] ** 2) / np.sum((s[part] - e[part]) ** 2)))
    return {
        "layout": layout,
        "sdr": 10 * np.log10(np.sum(s**2) / np.sum((s - e) ** 2)),
        "median": float(np.median(frames)),
    }


def oracle_case(layout, alpha, fft_size, hop):
    """Ideal ratio mask as in github.com/sigsep/sigsep-mus-oracle (IRM.py), on scipy's STFT."""
    references, _ = sources(layout)
    v, a = references
    settings = {"nperseg": fft_size, "noverlap": fft_size - hop}
    estimate = np.empty_like(v)
    for c in range(v.shape[1]):
        voice = signal.stft(v[:, c], **settings)[-1]
        band = signal.stft(a[:, c], **settings)[-1]
        mixture = signal.stft(v[:, c] + a[:, c], **settings)[-1]
        model = np.finfo(float).eps + np.abs(voice) ** alpha + np.abs(band) ** alpha
        mask = np.abs(voice) ** alpha / model
        estimate[:, c] = signal.istft(mixture * mask, **settings)[1][:SAMPLES]
    return {
        "layout": layout,
        "alpha": alpha,
        "fftSize": fft_size,
        "hop": hop,
        "every": 97,
        "vocals": [[round(float(value), 8) for value in channel[::97]] for channel in estimate.T],
        "sdr": float(10 * np.log10(np.sum(v**2) / np.sum((v - estimate) ** 2))),
    }


def main():
    fixture = {
        "about": "Written by training/reference/metrics_reference.py with museval 0.4 and numpy %s." % np.__version__,
        "bssEval": [
            bss_case("stereo", RATE, RATE),
            bss_case("mono", RATE, RATE),
            bss_case("alike", RATE, RATE),
            bss_case("stereo", RATE // 2, RATE // 4, filter_length=63),
            bss_case("stereo", None, None),
        ],
        "sdr": [sdr_case("stereo"), sdr_case("mono")],
        "oracle": [oracle_case("stereo", 2, 512, 256), oracle_case("mono", 1, 1024, 256)],
    }
    path = Path("tests/fixtures/metrics.json")
    path.write_text(json.dumps(fixture, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
